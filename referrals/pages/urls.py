"""The addresses of enquiries, referrals and all their transitions; a transition is spelt with hyphens."""

from django.urls import path, register_converter

from intake.lifecycle import ENQUIRY
from referrals.lifecycle import REFERRAL
from referrals.pages import (
    assessors,
    auditing,
    beside_pages,
    bulk,
    calendar,
    desk,
    drifting,
    home,
    improving,
    leaving,
    next_enquiry,
    overseeing,
    planning,
    referral_list,
    saved_views,
    search,
    seconding,
    services,
    story,
    triaging,
    views,
    visits,
)


class Hyphened:
    """The transitions of one lifecycle, request-information in the address and request_information inside."""

    names: tuple[str, ...] = ()
    regex = ""

    def to_python(self, value: str) -> str:
        return value.replace("-", "_")

    def to_url(self, value: str) -> str:
        return str(value).replace("_", "-")


class EnquiryTransition(Hyphened):
    regex = "|".join(str(name).replace("_", "-") for name in ENQUIRY)


class ReferralTransition(Hyphened):
    regex = "|".join(str(name).replace("_", "-") for name in REFERRAL)


register_converter(EnquiryTransition, "enquiry_transition")
register_converter(ReferralTransition, "referral_transition")

urlpatterns = [
    path("calendar/<uuid:feed>.ics", calendar.FeedFile.as_view(), name="calendar"),
    path("calendar/<uuid:feed>/<slug:key>.ics", calendar.FeedFile.as_view(), name="calendar-signed"),
    path("organisation/calendar/", calendar.FeedsPage.as_view(), name="calendar-feeds"),
    path("organisation/calendar/<uuid:feed>/revoke/", calendar.RevokePage.as_view(), name="calendar-revoke"),
    path("assessment-services/", services.Services.as_view(), name="services"),
    path("assessment-services/<slug:service>/", services.ServicePage.as_view(), name="service"),
    path("assessment-services/<slug:service>/cover/", services.Cover.as_view(), name="service-cover"),
    path(
        "assessment-services/<slug:service>/cover/<int:cover>/",
        services.Uncover.as_view(),
        name="service-uncover",
    ),
    path(
        "assessment-services/<slug:service>/assessors/", services.NameAssessor.as_view(), name="assessor-name"
    ),
    path("assessors/mine/", services.MyAssessor.as_view(), name="my-assessor"),
    path("assessors/<int:assessor>/", assessors.AssessorPage.as_view(), name="assessor"),
    path("assessors/<int:assessor>/change/", assessors.ChangeAssessor.as_view(), name="assessor-change"),
    path("assessors/<int:assessor>/skills/", assessors.AddSkill.as_view(), name="skill-add"),
    path("assessors/<int:assessor>/skills/<int:skill>/", assessors.EndSkill.as_view(), name="skill-end"),
    path("assessors/<int:assessor>/leave/", assessors.AddLeave.as_view(), name="leave-add"),
    path("assessors/<int:assessor>/leave/<int:leave>/", assessors.RemoveLeave.as_view(), name="leave-remove"),
    path("assessors/<int:assessor>/conflicts/", assessors.DeclareConflict.as_view(), name="conflict-declare"),
    path(
        "assessors/<int:assessor>/conflicts/<int:conflict>/",
        assessors.EndConflict.as_view(),
        name="conflict-end",
    ),
    path("worklist/bulk/", bulk.BulkPage.as_view(), name="bulk"),
    path("worklist/bulk/<uuid:run>/", bulk.RunPage.as_view(), name="bulk-run"),
    path("worklist/bulk/<uuid:run>/apply/", bulk.ApplyPage.as_view(), name="bulk-apply"),
    path("planner/", planning.PlannerPage.as_view(), name="planner"),
    path("planner/<uuid:run>/", planning.PlanPage.as_view(), name="plan"),
    path("planner/<uuid:run>/apply/", planning.ApplyPage.as_view(), name="apply-plan"),
    path("", home.Home.as_view(), name="home"),
    path("search/", search.SearchPage.as_view(), name="search"),
    path("desk/", desk.DeskPage.as_view(), name="desk"),
    path("views/", saved_views.SavedViews.as_view(), name="saved-views"),
    path("views/save/", saved_views.SaveView.as_view(), name="saved-view-save"),
    path("views/<int:view>/", saved_views.OpenView.as_view(), name="saved-view"),
    path("views/<int:view>/change/", saved_views.ChangeView.as_view(), name="saved-view-change"),
    path("views/<int:view>/delete/", saved_views.DeleteView.as_view(), name="saved-view-delete"),
    path("views/<int:view>/up/", saved_views.MoveUp.as_view(), name="saved-view-up"),
    path("enquiries/next/", next_enquiry.NextPage.as_view(), name="next-enquiry"),
    path("enquiries/<str:reference>/", views.EnquiryPage.as_view(), name="enquiry"),
    path("enquiries/<str:reference>/looking/", views.Looking.as_view(), name="looking"),
    path("enquiries/<str:reference>/history/", story.HistoryPage.as_view(), name="enquiry-history"),
    path(
        "enquiries/<str:reference>/<enquiry_transition:transition>/",
        views.EnquiryMove.as_view(),
        name="enquiry-transition",
    ),
    path("oversight/", drifting.DriftPage.as_view(), name="drift"),
    path("audits/", auditing.AuditsPage.as_view(), name="audits"),
    path("audits/sample/", auditing.SamplePage.as_view(), name="audit-sample"),
    path("audits/<int:audit>/", auditing.AuditPage.as_view(), name="audit"),
    path("audits/<int:audit>/assign/", auditing.AssignPage.as_view(), name="audit-assign"),
    path("audits/<int:audit>/return/", auditing.ReturnPage.as_view(), name="audit-return"),
    path("audits/<int:audit>/reply/", auditing.ReplyPage.as_view(), name="audit-reply"),
    path("referrals/<str:reference>/audit/", auditing.PickPage.as_view(), name="audit-pick"),
    path("improvements/", improving.ImprovementsPage.as_view(), name="improvements"),
    path("improvements/new/", improving.EnterPage.as_view(), name="improvement-new"),
    path("improvements/<int:improvement>/", improving.ImprovementPage.as_view(), name="improvement"),
    path("improvements/<int:improvement>/change/", improving.ChangePage.as_view(), name="improvement-change"),
    path("improvements/<int:improvement>/done/", improving.DonePage.as_view(), name="improvement-done"),
    path("improvements/<int:improvement>/check/", improving.CheckPage.as_view(), name="improvement-check"),
    path("enquiries/<str:reference>/second-look/", triaging.SecondLookPage.as_view(), name="second-look"),
    path(
        "enquiries/<str:reference>/oversight/",
        overseeing.EnquiryEntryPage.as_view(),
        name="oversee-enquiry",
    ),
    path(
        "enquiries/<str:reference>/oversight/<int:number>/done/",
        overseeing.EnquiryEntryDone.as_view(),
        name="oversight-done-enquiry",
    ),
    path(
        "enquiries/<str:reference>/challenges/<int:number>/",
        overseeing.EnquiryChallengeAnswer.as_view(),
        name="answer-challenge-enquiry",
    ),
    path("enquiries/<str:reference>/risk-opinions/", seconding.AskOpinionPage.as_view(), name="ask-opinion"),
    path(
        "enquiries/<str:reference>/risk-opinions/<int:number>/",
        seconding.GiveOpinionPage.as_view(),
        name="give-opinion",
    ),
    path(
        "referrals/<str:reference>/oversight/",
        overseeing.ReferralEntryPage.as_view(),
        name="oversee-referral",
    ),
    path(
        "referrals/<str:reference>/oversight/<int:number>/done/",
        overseeing.ReferralEntryDone.as_view(),
        name="oversight-done-referral",
    ),
    path("referrals/", referral_list.Referrals.as_view(), name="referrals"),
    path("referrals/<str:reference>/", views.ReferralPage.as_view(), name="referral"),
    path(
        "referrals/<str:reference>/<referral_transition:transition>/",
        views.ReferralMove.as_view(),
        name="referral-transition",
    ),
    path(
        "referrals/<str:reference>/attachments/<int:pk>/",
        views.ReferralFilePage.as_view(),
        name="referral-attachment",
    ),
    path("people/<int:person>/leaving/", leaving.LeavingPage.as_view(), name="leaving"),
    path("referrals/<str:reference>/visits/", visits.PlanPage.as_view(), name="visits"),
    path("referrals/<str:reference>/visits/<int:number>/", visits.WriteUpPage.as_view(), name="visit"),
    path("referrals/<str:reference>/visits/<int:number>/move/", visits.MovePage.as_view(), name="visit-move"),
    path(
        "referrals/<str:reference>/visits/<int:number>/cancel/",
        visits.CancelPage.as_view(),
        name="visit-cancel",
    ),
    path("referrals/<str:reference>/co-worker/", beside_pages.CoWorkerPage.as_view(), name="co-worker"),
    path("referrals/<str:reference>/follow-ups/", beside_pages.FollowUps.as_view(), name="follow-ups"),
    path(
        "referrals/<str:reference>/follow-ups/<int:number>/",
        beside_pages.FollowUpPage.as_view(),
        name="follow-up",
    ),
    path("referrals/<str:reference>/evidence/", views.EvidencePage.as_view(), name="log-evidence"),
    path("referrals/<str:reference>/challenge/", views.ChallengePage.as_view(), name="challenge"),
    path(
        "referrals/<str:reference>/challenges/<int:number>/",
        views.AnswerChallengePage.as_view(),
        name="answer-challenge",
    ),
]
