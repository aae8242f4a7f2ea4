"""Triage's and placing's part of /api/v1/."""

from django.urls import path

from intake.api.serializers import EnquiryShown
from intake.api.transitions import transition_view
from intake.api.views import EnquiryTransition
from referrals.api import (
    audits,
    bulk,
    drift,
    follow_ups,
    improvements,
    leaving,
    next_enquiry,
    opinions,
    oversight,
    planning,
    reviews,
    saved_views,
    second_looks,
    services,
    timetable,
    views,
    visits,
)
from referrals.api.serializers import ReferralShown

urlpatterns = [
    path("enquiries/bulk/", bulk.Bulk.as_view()),
    path("enquiries/bulk/<uuid:run>/", bulk.BulkDetail.as_view()),
    path("enquiries/bulk/<uuid:run>/apply/", bulk.BulkApply.as_view()),
    path("planner/runs/", planning.Plans.as_view()),
    path("planner/runs/<uuid:run>/", planning.PlanDetail.as_view()),
    path("planner/runs/<uuid:run>/apply/", planning.PlanApply.as_view()),
    path("enquiries/next/", next_enquiry.NextEnquiry.as_view()),
    path("saved-views/", saved_views.SavedViews.as_view()),
    path("saved-views/<int:view>/", saved_views.SavedViewDetail.as_view()),
    *(
        path(
            f"enquiries/<str:reference>/{name.replace('_', '-')}/",
            transition_view(EnquiryTransition, name, shape, action, EnquiryShown),
        )
        for name, (shape, action) in views.OF_ENQUIRY.items()
    ),
    path("enquiries/<str:reference>/timetable/", timetable.TimetableView.as_view()),
    path("assessment-services/", services.Services.as_view()),
    path("assessment-services/<slug:service>/assessors/", services.Assessors.as_view()),
    path("referrals/<str:reference>/suggestions/", services.ReferralSuggestions.as_view()),
    path("oversight/", drift.Drift.as_view()),
    path("audits/", audits.Audits.as_view()),
    path("audits/samples/", audits.Samples.as_view()),
    path("audits/<int:audit>/", audits.AuditDetail.as_view()),
    path("audits/<int:audit>/finish/", audits.AuditFinish.as_view()),
    path("audits/<int:audit>/return/", audits.AuditReturn.as_view()),
    path("audits/<int:audit>/assign/", audits.AuditAssign.as_view()),
    path("audits/<int:audit>/replies/", audits.Replies.as_view()),
    path("referrals/<str:reference>/audits/", audits.OfReferral.as_view()),
    path("improvements/", improvements.Improvements.as_view()),
    path("improvements/<int:improvement>/", improvements.ImprovementDetail.as_view()),
    path("improvements/<int:improvement>/done/", improvements.ImprovementDone.as_view()),
    path("improvements/<int:improvement>/check/", improvements.ImprovementCheck.as_view()),
    path("enquiries/<str:reference>/second-look/", second_looks.SecondLooks.as_view()),
    path("enquiries/<str:reference>/oversight/", oversight.EnquiryEntries.as_view()),
    path("enquiries/<str:reference>/oversight/<int:pk>/done/", oversight.EnquiryEntryDone.as_view()),
    path("enquiries/<str:reference>/challenges/<int:pk>/answer/", oversight.EnquiryChallengeAnswer.as_view()),
    path("enquiries/<str:reference>/risk-opinions/", opinions.RiskOpinions.as_view()),
    path("enquiries/<str:reference>/risk-opinions/<int:pk>/", opinions.RiskOpinionGiven.as_view()),
    path("referrals/<str:reference>/oversight/", oversight.ReferralEntries.as_view()),
    path("referrals/<str:reference>/oversight/<int:pk>/done/", oversight.ReferralEntryDone.as_view()),
    path("referrals/", views.Referrals.as_view()),
    path("referrals/<str:reference>/", views.ReferralDetail.as_view()),
    path("referrals/<str:reference>/attachments/", views.ReferralAttachments.as_view()),
    path("referrals/<str:reference>/attachments/<int:pk>/", views.ReferralAttachment.as_view()),
    path("people/<int:person>/leaving/", leaving.Leaving.as_view()),
    path("referrals/<str:reference>/visits/", visits.Visits.as_view()),
    path("referrals/<str:reference>/visits/<int:number>/", visits.VisitDetail.as_view()),
    path("referrals/<str:reference>/reviews/", reviews.Reviews.as_view()),
    path("referrals/<str:reference>/addenda/", reviews.Addenda.as_view()),
    path("referrals/<str:reference>/co-worker/", reviews.CoWorker.as_view()),
    path("referrals/<str:reference>/follow-ups/", follow_ups.FollowUps.as_view()),
    path("referrals/<str:reference>/follow-ups/<int:number>/answer/", follow_ups.FollowUpAnswer.as_view()),
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
