"""The documents' part of /api/v1/."""

from django.urls import path

from reports.api import views

urlpatterns = [
    path("enquiries/<str:reference>/acknowledgement.pdf", views.Acknowledgement.as_view()),
    path("enquiries/<str:reference>/summary.pdf", views.Summary.as_view()),
    path("enquiries/<str:reference>/papers/<slug:kind>.pdf", views.AnyPaper.as_view()),
]
