"""The documents' part of the pages."""

from django.urls import path

from reports.pages import printing, views, wording

urlpatterns = [
    path(
        "enquiries/<str:reference>/acknowledgement.pdf",
        views.Acknowledgement.as_view(),
        name="acknowledgement-pdf",
    ),
    path("letters/", wording.LettersPage.as_view(), name="letters"),
    path("letters/<slug:kind>/", wording.LetterPage.as_view(), name="letter"),
    path("letters/<int:wording>/take-back/", wording.TakeBack.as_view(), name="letter-back"),
    path("enquiries/<str:reference>/summary.pdf", views.Summary.as_view(), name="summary-pdf"),
    path("enquiries/<str:reference>/print/", printing.PapersPage.as_view(), name="papers"),
    path("enquiries/<str:reference>/print/<slug:kind>/", printing.PrintPage.as_view(), name="print-paper"),
]
