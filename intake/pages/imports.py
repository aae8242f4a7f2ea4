"""Files of enquiries on pages: sent, followed, applied, the reply fetched."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from intake.actions import imports
from intake.importing import files
from intake.models import Import, Organisation
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, line, words
from intake.refusals import Refused
from intake.words import _

SHOWN = 20
# So many faults stand on the page; the reply has all.
FAULTS = 20


class Upload(DeskForm):
    authority = line(_("The authority's DfE code"), _("Three digits, such as 353."), max_length=3)
    on_behalf_reason = words(
        _("Why do you send them on the authority’s behalf?"),
        _("It stays in the history of each enquiry."),
        rows=3,
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 or JSON Lines, up to 10 MB and 5,000 rows."),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, on_behalf: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not on_behalf:
            del self.fields["authority"], self.fields["on_behalf_reason"]

    def clean_authority(self) -> Organisation:
        found = Organisation.objects.authorities().filter(code=self.cleaned_data["authority"]).first()
        if found is None:
            raise forms.ValidationError(gettext("Give the DfE code of an authority."))
        return found

    def facts(self) -> dict[str, Any]:
        file = self.cleaned_data["file"]
        rest = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return {**rest, "name": file.name, "content": file.read(files.LARGEST + 1)}


class ImportingView(ActingView):
    """For those who may send enquiries."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not imports.may_import(self.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> Any:
        return Import.objects.visible_to(self.user).select_related("authority", "made_by").counted()

    def found(self, import_id: UUID) -> Any:
        row = self.rows().filter(uid=import_id).first()
        if row is None:
            raise Http404
        return row


class ImportsPage(ImportingView):
    """Send a file, and see those sent lately."""

    template_name = "intake/imports.html"

    def context(self) -> dict[str, Any]:
        return {"imports": list(self.rows().order_by("-made_at", "-id")[:SHOWN])}

    def form(self, *given: Any) -> Upload:
        return Upload(*given, on_behalf=self.user.organisation.kind == Organisation.Kind.HUB)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: Upload) -> HttpResponse:
        bulk = imports.take_in(by=self.user, **form.facts())
        messages.success(self.request, gettext("We have the file and are checking it. Nothing is sent yet."))
        return redirect("import", bulk.uid)


class ImportPage(ImportingView):
    """How far it is, and what came of it."""

    template_name = "intake/import.html"

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        return self.show(self.found(import_id))

    def show(self, bulk: Any, status: int = 200, **more: Any) -> HttpResponse:
        wrong = bulk.rows.filter(outcome="refused").order_by("number")[: FAULTS + 1]
        context = {"bulk": bulk, "wrong": list(wrong)[:FAULTS], "more_wrong": len(wrong) > FAULTS, **more}
        return render(self.request, self.template_name, context, status=status)


class ApplyPage(ImportPage):
    """The one button of an import."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        bulk = self.found(import_id)
        try:
            imports.apply(bulk=bulk, by=self.user)
        except Refused as refused:
            return self.show(bulk, 409, refused=refused)
        messages.success(self.request, gettext("The rows are being sent."))
        return redirect("import", bulk.uid)
