"""Files from the pages: attached with what is taken said before, opened as a download, taken off a draft."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from intake import uploads
from intake.actions import attachments, writing
from intake.downloads import download
from intake.lifecycle import Status
from intake.models import Attachment, Enquiry
from intake.pages.acting import ActingView, DeskView, status_of
from intake.pages.forms import Attach, DeskForm
from intake.pages.views import BesidePage, find_enquiry
from intake.refusals import Refused
from intake.words import _

ATTACHED = _("Attached. It can be opened once it has been scanned.")


class AttachPage(BesidePage):
    form_class = Attach
    template_name = "intake/attach.html"
    title = _("Attach a file")
    verb = _("Attach")

    def context(self) -> dict[str, Any]:
        together = uploads.LARGEST_TOGETHER // 1024 // 1024
        return {**super().context(), "most": uploads.MOST, "together": together, "back": self.back}

    @property
    def back(self) -> str:
        """A draft is gone on with where its sections are."""
        name = "write" if self.enquiry.status == Status.DRAFT else "enquiry"
        return reverse(name, args=(self.enquiry.reference,))

    def act(self, form: Attach) -> HttpResponse:
        attached = writing.attach(enquiry=self.enquiry, by=self.user, **form.facts())
        said = gettext("This very file was here already: nothing was added.") if attached.known else ATTACHED
        messages.success(self.request, said)
        for warning in attached.warnings:
            messages.warning(self.request, warning)
        return redirect(self.back)


def find_attachment(view: DeskView, enquiry: Enquiry, subject: str, pk: int) -> Attachment:
    """A file of this subject as this person may see it; anything else is nothing."""
    rows = Attachment.objects.visible_to(view.user).select_related("enquiry")
    found = rows.filter(enquiry=enquiry, subject=subject, pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


class FilePage(DeskView):
    """A file's download; when it cannot be opened, a page that says why."""

    def find(self, reference: str, pk: int) -> Attachment:
        return find_attachment(self, find_enquiry(self, reference), reference, pk)

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
        attachment = self.find(reference, pk)
        try:
            return download(attachment, attachments.open_file(attachment=attachment, by=self.user))
        except Refused as refused:
            status = status_of(refused)
            context = {"attachment": attachment, "detail": refused.detail}
            return render(request, "intake/closed_file.html", context, status=status)


class RemovePage(ActingView):
    """Asked once more before a file is taken off a draft."""

    template_name = "intake/remove_file.html"

    def context(self) -> dict[str, Any]:
        return {"enquiry": self.enquiry, "attachment": self.attachment}

    def find(self, reference: str, pk: int) -> None:
        self.enquiry = find_enquiry(self, reference)
        self.attachment = find_attachment(self, self.enquiry, reference, pk)

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        self.find(reference, pk)
        return self.answer(DeskForm())

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        self.find(reference, pk)
        return self.attempt(DeskForm(request.POST), self.remove)

    def remove(self) -> HttpResponse:
        attachments.remove(attachment=self.attachment, by=self.user)
        messages.success(self.request, gettext("The file is taken away."))
        return redirect("enquiry", self.enquiry.reference)
