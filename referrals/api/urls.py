"""Triage's and placing's part of /api/v1/."""

from django.urls import path

from intake.api.serializers import EnquiryShown
from intake.api.transitions import transition_view
from intake.api.views import EnquiryTransition
from referrals.api import views
from referrals.api.serializers import ReferralShown

urlpatterns = [
    *(
        path(
            f"enquiries/<str:reference>/{name.replace('_', '-')}/",
            transition_view(EnquiryTransition, name, shape, action, EnquiryShown),
        )
        for name, (shape, action) in views.OF_ENQUIRY.items()
    ),
    path("referrals/", views.Referrals.as_view()),
    path("referrals/<str:reference>/", views.ReferralDetail.as_view()),
    path("referrals/<str:reference>/attachments/", views.ReferralAttachments.as_view()),
    path("referrals/<str:reference>/attachments/<int:pk>/", views.ReferralAttachment.as_view()),
    path("referrals/<str:reference>/evidence/", views.EvidenceLog.as_view()),
    path("referrals/<str:reference>/challenges/", views.Challenges.as_view()),
    path("referrals/<str:reference>/challenges/<int:pk>/answer/", views.ChallengeAnswer.as_view()),
    *(
        path(
            f"referrals/<str:reference>/{name.replace('_', '-')}/",
            transition_view(views.ReferralTransition, name, shape, action, ReferralShown),
        )
        for name, (shape, action) in views.OF_REFERRAL.items()
    ),
]
