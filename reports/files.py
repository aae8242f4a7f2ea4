"""The file of a print run as a download and nothing else."""

from django.core.files.base import File
from django.http import FileResponse

from reports.models import PrintRun

KINDS = {PrintRun.Form.ONE_PDF: "application/pdf", PrintRun.Form.ZIP: "application/zip"}


def download(run: PrintRun, opened: "File[bytes]") -> FileResponse:
    """In pieces, under a name without a person in it, for no cache to keep."""
    kind = KINDS[PrintRun.Form(run.form)]
    response = FileResponse(opened, as_attachment=True, filename=run.filename, content_type=kind)
    response["Content-Length"] = str(run.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
