"""The addresses of enquiries, referrals and all their transitions; a transition is spelt with hyphens."""

from django.urls import path, register_converter

from intake.lifecycle import ENQUIRY
from referrals.lifecycle import REFERRAL
from referrals.pages import views


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
    path("enquiries/<str:reference>/", views.EnquiryPage.as_view(), name="enquiry"),
    path(
        "enquiries/<str:reference>/<enquiry_transition:transition>/",
        views.EnquiryMove.as_view(),
        name="enquiry-transition",
    ),
    path("referrals/", views.Referrals.as_view(), name="referrals"),
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
    path("referrals/<str:reference>/evidence/", views.EvidencePage.as_view(), name="log-evidence"),
    path("referrals/<str:reference>/challenge/", views.ChallengePage.as_view(), name="challenge"),
    path(
        "referrals/<str:reference>/challenges/<int:number>/",
        views.AnswerChallengePage.as_view(),
        name="answer-challenge",
    ),
]
