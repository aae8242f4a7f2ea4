"""The documents' and figures' part of the pages."""

from django.urls import path

from reports.pages import disposals, exports, figures, lists, packs, print_runs, printing, views, wording

urlpatterns = [
    path("figures/", figures.FiguresPage.as_view(), name="figures"),
    path("worklist.pdf", lists.WorklistPaper.as_view(), name="worklist-pdf"),
    path("referrals.pdf", lists.ReferralsPaper.as_view(), name="referrals-pdf"),
    path("figures/pack.pdf", packs.PackPaper.as_view(), name="pack-pdf"),
    path("packs/", packs.PacksPage.as_view(), name="packs"),
    path("packs/<int:pack>/pack.pdf", packs.KeptPack.as_view(), name="kept-pack-pdf"),
    path("figures.pdf", figures.FiguresPaper.as_view(), name="figures-pdf"),
    path("figures/<slug:figure>/cases/", figures.CasesPage.as_view(), name="figure-cases"),
    path(
        "enquiries/<str:reference>/acknowledgement.pdf",
        views.Acknowledgement.as_view(),
        name="acknowledgement-pdf",
    ),
    path("letters/", wording.LettersPage.as_view(), name="letters"),
    path("letters/<slug:kind>/", wording.LetterPage.as_view(), name="letter"),
    path("letters/<int:wording>/take-back/", wording.TakeBack.as_view(), name="letter-back"),
    path("enquiries/<str:reference>/print/", printing.PapersPage.as_view(), name="papers"),
    path("enquiries/<str:reference>/print/<slug:kind>/", printing.PrintPage.as_view(), name="print-paper"),
    path("disposals/", disposals.DisposalsPage.as_view(), name="disposals"),
    path(
        "disposals/<int:disposal>/certificate.pdf",
        disposals.CertificatePaper.as_view(),
        name="certificate-pdf",
    ),
    path("exports/", exports.ExportsPage.as_view(), name="exports"),
    path("exports/new/", exports.NewExport.as_view(), name="export-new"),
    path("exports/log/", exports.LogPage.as_view(), name="export-log"),
    path("exports/<uuid:export>/", exports.ExportPage.as_view(), name="export"),
    path("exports/<uuid:export>/cancel/", exports.CancelExport.as_view(), name="export-cancel"),
    path("exports/<uuid:export>/agree/", exports.AgreeToExport.as_view(), name="export-agree"),
    path("exports/<uuid:export>/file/", exports.ExportFile.as_view(), name="export-file"),
    path("prints/", print_runs.PrintRuns.as_view(), name="print-runs"),
    path("prints/new/", print_runs.NewRun.as_view(), name="print-many"),
    path("prints/log/", print_runs.LogPage.as_view(), name="print-log"),
    path("prints/<uuid:run>/", print_runs.RunPage.as_view(), name="print-run"),
    path("prints/<uuid:run>/start/", print_runs.StartPage.as_view(), name="print-run-start"),
    path("prints/<uuid:run>/cancel/", print_runs.CancelPage.as_view(), name="print-run-cancel"),
    path("prints/<uuid:run>/resume/", print_runs.ResumePage.as_view(), name="print-run-resume"),
    path("prints/<uuid:run>/agree/", print_runs.AgreeToRun.as_view(), name="print-run-agree"),
    path("prints/<uuid:run>/file/", print_runs.FilePage.as_view(), name="print-run-file"),
]
