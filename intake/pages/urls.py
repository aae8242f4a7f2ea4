"""The front door's addresses. The enquiry and its transitions are mounted by referrals, which knows them all."""

from django.urls import path

from intake.pages import (
    about,
    account,
    attachments,
    banners,
    case_systems,
    closing,
    dated,
    enquiry_list,
    flags,
    imports,
    members,
    patterns,
    priority,
    public,
    related,
    restricting,
    settings,
    views,
    webhooks,
    weighing,
)
from intake.pages import messages as talk
from intake.pages.writing import again, begin, checking
from intake.pages.writing import pages as writing

urlpatterns = [
    path("make-an-enquiry/", public.StartPage.as_view(), name="make-enquiry"),
    path("make-an-enquiry/danger/", public.DangerPage.as_view(), name="immediate-danger"),
    path("make-an-enquiry/details/", public.DetailsPage.as_view(), name="enquiry-details"),
    path("make-an-enquiry/sent/", public.SentPage.as_view(), name="enquiry-sent"),
    path("account/", account.AccountPage.as_view(), name="account"),
    path("account/letters/", account.LettersPage.as_view(), name="letters"),
    path("account/session/", account.SessionPage.as_view(), name="session"),
    path("account/session/kept/", account.KeepPage.as_view(), name="keep-typed"),
    path("cookies/", about.Cookies.as_view(), name="cookies"),
    path("patterns/", patterns.Patterns.as_view(), name="patterns"),
    path("accessibility/", about.Accessibility.as_view(), name="accessibility"),
    path("privacy/", about.Privacy.as_view(), name="privacy"),
    path("contact/", public.ContactPage.as_view(), name="contact"),
    path("enquiries/new/", begin.StartPage.as_view(), name="write-new"),
    path("enquiries/new/what/", begin.WhatPage.as_view(), name="write-what"),
    path("enquiries/<str:reference>/write/", writing.TaskList.as_view(), name="write"),
    path("enquiries/<str:reference>/write/check/", checking.CheckAnswers.as_view(), name="write-check"),
    path("enquiries/<str:reference>/write/another/", writing.AddAssessment.as_view(), name="write-add"),
    path(
        "enquiries/<str:reference>/write/<str:section>/", writing.SectionPage.as_view(), name="write-section"
    ),
    path(
        "enquiries/<str:reference>/write/<str:section>/<int:place>/",
        writing.RowPage.as_view(),
        name="write-row",
    ),
    path(
        "enquiries/<str:reference>/write/<str:section>/<int:place>/remove/",
        writing.RemovePage.as_view(),
        name="write-remove",
    ),
    path("enquiries/<str:reference>/sent/", checking.Sent.as_view(), name="sent"),
    path("enquiries/<str:reference>/again/", again.AgainPage.as_view(), name="write-again"),
    path("enquiries/", enquiry_list.Worklist.as_view(), name="worklist"),
    path("enquiries/open/", views.OpenPage.as_view(), name="open-enquiry"),
    path("enquiries/imports/", imports.ImportsPage.as_view(), name="imports"),
    path("enquiries/imports/<uuid:import_id>/", imports.ImportPage.as_view(), name="import"),
    path("enquiries/imports/<uuid:import_id>/apply/", imports.ApplyPage.as_view(), name="apply-import"),
    path("enquiries/<str:reference>/attach/", attachments.AttachPage.as_view(), name="attach"),
    path(
        "enquiries/<str:reference>/attachments/<int:pk>/", attachments.FilePage.as_view(), name="attachment"
    ),
    path(
        "enquiries/<str:reference>/attachments/<int:pk>/remove/",
        attachments.RemovePage.as_view(),
        name="remove-attachment",
    ),
    path("enquiries/<str:reference>/messages/", talk.MessagesPage.as_view(), name="messages"),
    path("enquiries/<str:reference>/flags/", flags.FlagPage.as_view(), name="flag"),
    path("enquiries/<str:reference>/flags/<int:flag>/lift/", flags.LiftPage.as_view(), name="lift-flag"),
    path("enquiries/<str:reference>/disclose/", views.DisclosePage.as_view(), name="disclose"),
    path("enquiries/<str:reference>/related/", related.Related.as_view(), name="related"),
    path("enquiries/<str:reference>/related/answer/", related.AnswerPage.as_view(), name="answer-likeness"),
    path("enquiries/<str:reference>/related/undo/", related.UndoAnswer.as_view(), name="undo-likeness"),
    path("access/", restricting.Waiting.as_view(), name="access-waiting"),
    path("access/<int:pk>/", restricting.DecidePage.as_view(), name="access-decide"),
    path("enquiries/<str:reference>/access/", restricting.AccessPage.as_view(), name="access-list"),
    path("enquiries/<str:reference>/access/ask/", restricting.AskPage.as_view(), name="access-ask"),
    path("enquiries/<str:reference>/access/restrict/", restricting.RestrictPage.as_view(), name="restrict"),
    path("enquiries/<str:reference>/access/open/", restricting.ProposePage.as_view(), name="access-propose"),
    path("enquiries/<str:reference>/access/take-off/", restricting.TakeOffPage.as_view(), name="access-off"),
    path("enquiries/<str:reference>/access/conflict/", restricting.ConflictPage.as_view(), name="conflict"),
    path("enquiries/<str:reference>/priority/", priority.PriorityPage.as_view(), name="priority"),
    path("enquiries/<str:reference>/priority/lift/", priority.LiftPriority.as_view(), name="lift-priority"),
    path("settings/", settings.SettingsPage.as_view(), name="settings"),
    path("settings/<slug:table>/", dated.TablePage.as_view(), name="setting"),
    path("settings/<slug:table>/<int:row>/", dated.ChangePage.as_view(), name="setting-change"),
    path("settings/<slug:table>/<int:row>/take-back/", dated.TakeBack.as_view(), name="setting-back"),
    path("closed-days/", closing.ClosedDays.as_view(), name="closed-days"),
    path("closed-days/<int:holiday>/take-back/", closing.OpenAgain.as_view(), name="closed-day-back"),
    path("notices/", banners.BannersPage.as_view(), name="banners"),
    path("notices/<int:banner>/down/", banners.TakeDown.as_view(), name="banner-down"),
    path("weights/", weighing.WeightsPage.as_view(), name="weights"),
    path("organisation/people/", members.People.as_view(), name="people"),
    path("organisation/people/invite/", members.Invite.as_view(), name="person-invite"),
    path("organisation/people/<int:person>/", members.PersonPage.as_view(), name="person"),
    path("organisation/people/<int:person>/retire/", members.Retire.as_view(), name="person-retire"),
    path("organisation/people/<int:person>/back/", members.BringBack.as_view(), name="person-back"),
    path(
        "organisation/people/<int:person>/invite/", members.InviteAgain.as_view(), name="person-invite-again"
    ),
    path("organisation/api-clients/", case_systems.Clients.as_view(), name="api-clients"),
    path("organisation/api-clients/issue/", case_systems.IssueClient.as_view(), name="api-client-issue"),
    path(
        "organisation/api-clients/<int:client>/rotate/",
        case_systems.RotateClient.as_view(),
        name="api-client-rotate",
    ),
    path(
        "organisation/api-clients/<int:client>/retire/",
        case_systems.RetireClient.as_view(),
        name="api-client-retire",
    ),
    path("organisation/access/", members.Access.as_view(), name="access"),
    path("organisation/webhooks/", webhooks.WebhooksPage.as_view(), name="webhooks"),
    path("organisation/webhooks/add/", webhooks.AddPage.as_view(), name="webhook-add"),
    path("organisation/webhooks/<uuid:webhook>/", webhooks.WebhookPage.as_view(), name="webhook"),
    path(
        "organisation/webhooks/<uuid:webhook>/rotate/", webhooks.RotatePage.as_view(), name="webhook-rotate"
    ),
    path("organisation/webhooks/<uuid:webhook>/on/", webhooks.SwitchOnPage.as_view(), name="webhook-on"),
    path("organisation/webhooks/<uuid:webhook>/off/", webhooks.SwitchOffPage.as_view(), name="webhook-off"),
    path(
        "organisation/webhooks/<uuid:webhook>/remove/", webhooks.RemovePage.as_view(), name="webhook-remove"
    ),
    path(
        "organisation/webhooks/<uuid:webhook>/replay/<uuid:delivery>/",
        webhooks.ReplayPage.as_view(),
        name="webhook-replay",
    ),
]
