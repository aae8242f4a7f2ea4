"""The file of a print run or an export as a download and nothing else."""

from django.core.files.base import File
from django.http import FileResponse

from reports.models import Export, PrintRun

KINDS = {PrintRun.Form.ONE_PDF: "application/pdf", PrintRun.Form.ZIP: "application/zip"}


def download(run: PrintRun, opened: "File[bytes]") -> FileResponse:
    """In pieces, under a name without a person in it, for no cache to keep."""
    return saved(run, opened, KINDS[PrintRun.Form(run.form)])


EXPORTS = {
    Export.Form.CSV: "text/csv; charset=utf-8",
    Export.Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Form.ZIP: "application/zip",
}


def download_export(export: Export, opened: "File[bytes]") -> FileResponse:
    return saved(export, opened, EXPORTS[Export.Form(export.form)])


def saved(made: PrintRun | Export, opened: "File[bytes]", kind: str) -> FileResponse:
    response = FileResponse(opened, as_attachment=True, filename=made.filename, content_type=kind)
    response["Content-Length"] = str(made.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
