"""The documents' part of /api/v1/."""

from django.urls import path

from reports.api import basket, disposals, exports, figures, lists, packs, print_runs, views

urlpatterns = [
    path("figures/", figures.Figures.as_view()),
    path("figures/pack.pdf", packs.MonthlyPack.as_view()),
    path("figures/<slug:figure>/", figures.OneFigure.as_view()),
    path("figures/<slug:figure>/cases/", figures.Cases.as_view()),
    path("packs/", packs.Packs.as_view()),
    path("packs/<int:pack>/pack.pdf", packs.KeptPack.as_view()),
    path("worklist.pdf", lists.WorklistPaper.as_view()),
    path("referrals.pdf", lists.ReferralsPaper.as_view()),
    path("enquiries/<str:reference>/acknowledgement.pdf", views.Acknowledgement.as_view()),
    path("enquiries/<str:reference>/summary.pdf", views.Summary.as_view()),
    path("enquiries/<str:reference>/papers/<slug:kind>.pdf", views.AnyPaper.as_view()),
    path("disposals/", disposals.Disposals.as_view()),
    path("disposals/<int:disposal>/certificate.pdf", disposals.Certificate.as_view()),
    path("exports/", exports.Exports.as_view()),
    path("exports/log/", exports.ExportLog.as_view()),
    path("exports/<uuid:export>/", exports.ExportDetail.as_view()),
    path("exports/<uuid:export>/agreement/", exports.ExportAgreement.as_view()),
    path("exports/<uuid:export>/cancel/", exports.ExportCancel.as_view()),
    path("exports/<uuid:export>/file/", exports.ExportFile.as_view()),
    path("print-basket/", basket.Basket.as_view()),
    path("print-runs/", print_runs.PrintRuns.as_view()),
    path("print-runs/log/", print_runs.PrintRunLog.as_view()),
    path("print-runs/<uuid:run>/", print_runs.PrintRunDetail.as_view()),
    path("print-runs/<uuid:run>/start/", print_runs.PrintRunStart.as_view()),
    path("print-runs/<uuid:run>/agreement/", print_runs.PrintRunAgreement.as_view()),
    path("print-runs/<uuid:run>/cancel/", print_runs.PrintRunCancel.as_view()),
    path("print-runs/<uuid:run>/resume/", print_runs.PrintRunResume.as_view()),
    path("print-runs/<uuid:run>/file/", print_runs.PrintRunFile.as_view()),
]
