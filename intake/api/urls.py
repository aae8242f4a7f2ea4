"""The front door's part of /api/v1/."""

from django.urls import path

from intake.api import reference_views, schema, views
from intake.api.serializers import EnquiryShown
from intake.api.transitions import transition_view

urlpatterns = [
    path("enquiries/", views.Enquiries.as_view()),
    path("enquiries/<str:reference>/", views.EnquiryDetail.as_view()),
    path("enquiries/<str:reference>/events/", views.Events.as_view()),
    path("enquiries/<str:reference>/information-requests/", views.InformationRequests.as_view()),
    path("enquiries/<str:reference>/attachments/", views.Attachments.as_view()),
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
    path("assessment-services/", reference_views.Services.as_view()),
    path("authorities/", reference_views.Authorities.as_view()),
    path("codes/<slug:name>/", reference_views.Codes.as_view()),
    path("me/", views.Me.as_view()),
    path("schema/", schema.Description.as_view()),
]
