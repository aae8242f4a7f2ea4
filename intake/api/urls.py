"""The front door's part of /api/v1/."""

from django.urls import path

from intake.api import (
    attachments,
    continuing,
    duplicates,
    flags,
    imports,
    information,
    messages,
    priority,
    reference_views,
    requirements,
    restricting,
    schema,
    views,
    webhooks,
)
from intake.api.serializers import EnquiryShown
from intake.api.transitions import transition_view

urlpatterns = [
    path("enquiries/", views.Enquiries.as_view()),
    path("enquiries/imports/", imports.Imports.as_view()),
    path("enquiries/imports/template.csv", imports.Template.as_view(), name="imports-template"),
    path("enquiries/imports/<uuid:import_id>/", imports.ImportDetail.as_view()),
    path("enquiries/imports/<uuid:import_id>/apply/", imports.Apply.as_view()),
    path("enquiries/imports/<uuid:import_id>/reply.csv", imports.ReplyAsCSV.as_view(), name="import-reply"),
    path("enquiries/imports/<uuid:import_id>/reply.jsonl", imports.ReplyAsLines.as_view()),
    path("enquiries/<str:reference>/", views.EnquiryDetail.as_view()),
    path("enquiries/<str:reference>/events/", views.Events.as_view()),
    path("enquiries/<str:reference>/information-requests/", information.InformationRequests.as_view()),
    path("enquiries/<str:reference>/messages/", messages.Messages.as_view()),
    path("enquiries/<str:reference>/attachments/", attachments.Attachments.as_view()),
    path("enquiries/<str:reference>/attachments/<int:pk>/", attachments.EnquiryAttachment.as_view()),
    path("enquiries/<str:reference>/possible-duplicates/", duplicates.PossibleDuplicates.as_view()),
    path("enquiries/<str:reference>/possible-duplicates/undo/", duplicates.UndoLikeness.as_view()),
    path("enquiries/<str:reference>/flags/", flags.Flags.as_view()),
    path("enquiries/<str:reference>/flags/<int:flag>/", flags.FlagDetail.as_view()),
    path("enquiries/<str:reference>/continue/", continuing.Continuation.as_view()),
    path("enquiries/<str:reference>/access/", restricting.AccessList.as_view()),
    path("enquiries/<str:reference>/access/ask/", restricting.AskToRestrict.as_view()),
    path("enquiries/<str:reference>/access/proposals/", restricting.Proposals.as_view()),
    path("enquiries/<str:reference>/access/conflicts/", restricting.Conflicts.as_view()),
    path("access-proposals/", restricting.WaitingProposals.as_view()),
    path("access-proposals/<int:pk>/decision/", restricting.ProposalDecision.as_view()),
    path("enquiries/<str:reference>/priority/", priority.EnquiryPriority.as_view()),
    path("enquiries/<str:reference>/disclosure/", views.Disclosure.as_view()),
    path("enquiries/<str:reference>/opening/", views.Opening.as_view()),
    *(
        path(
            f"enquiries/<str:reference>/{name.replace('_', '-')}/",
            transition_view(views.EnquiryTransition, name, shape, action, EnquiryShown),
        )
        for name, (shape, action) in views.TRANSITIONS.items()
    ),
    path("assessment-types/", reference_views.AssessmentTypes.as_view()),
    path("assessment-types/<str:code>/requirements/", requirements.TypeRequirements.as_view()),
    path("authorities/", reference_views.Authorities.as_view()),
    path("codes/<slug:name>/", reference_views.Codes.as_view()),
    path("webhooks/", webhooks.Webhooks.as_view()),
    path("webhooks/<uuid:webhook>/", webhooks.WebhookDetail.as_view()),
    path("webhooks/<uuid:webhook>/rotate/", webhooks.Rotate.as_view()),
    path("webhooks/<uuid:webhook>/enable/", webhooks.Enable.as_view()),
    path("webhooks/<uuid:webhook>/disable/", webhooks.Disable.as_view()),
    path("webhooks/<uuid:webhook>/deliveries/", webhooks.Deliveries.as_view()),
    path("webhooks/<uuid:webhook>/deliveries/<str:delivery>/replay/", webhooks.Replay.as_view()),
    path("me/", views.Me.as_view()),
    path("schema/", schema.Description.as_view()),
]
