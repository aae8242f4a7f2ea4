"""The wording of letters as pages: which kinds there are and whose words they have; one kind, with its preview."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions.dated import refuse_changing
from intake.pages.dated import SettingsView
from intake.pages.forms import DeskForm, a_day, words
from intake.refusals import Refused
from intake.words import _
from reports import wordings
from reports.actions import wording
from reports.models import Wording


class WordingForm(DeskForm):
    text = words(
        _("What does it say?"),
        _(
            "In braces stand the places that are filled in when it goes out. Leave it empty for the wording that was "
            "shipped. Name nobody."
        ),
        required=False,
        rows=16,
    )
    valid_from = a_day(_("From which day?"), _("Today or later."))
    reason = words(_("Why does it change?"), _("It stays with the change."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].max_length = wording.MOST  # type: ignore[attr-defined]


class LettersPage(SettingsView):
    template_name = "reports/letters.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        rows = list(Wording.objects.order_by("valid_from"))
        begun = {row.kind: row for row in rows if row.valid_from <= today}
        coming = [row for row in rows if row.valid_from > today]
        kinds = [
            (code, kind, begun.get(code), [row for row in coming if row.kind == code])
            for code, kind in wordings.KINDS.items()
        ]
        return self.answer(DeskForm(), kinds=kinds)


class OfKind(SettingsView):
    template_name = "reports/letter.html"
    kind: str

    def context(self) -> dict[str, Any]:
        today, rows = timezone.localdate(), Wording.objects.filter(kind=self.kind)
        kind = wordings.KINDS[self.kind]
        own = wording.text_on(self.kind, today)
        return {
            **super().context(),
            "code": self.kind,
            "kind": kind,
            "own": own,
            "says": own or wordings.shipped(self.kind),
            "coming": rows.filter(valid_from__gt=today),
            "changes": self.changes(wording.TABLE, about=kind.label),
        }


class LetterPage(OfKind):
    """First the letter is shown with made-up data, then it is put into force."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.kind = kwargs["kind"]
        if self.kind not in wordings.KINDS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        words = wording.text_on(kind, timezone.localdate()) or wordings.shipped(kind)
        return self.answer(WordingForm(initial={"text": words}))

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = WordingForm(request.POST)
        try:
            refuse_changing(self.user)
        except Refused as refused:
            return self.refuse(form, refused)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: WordingForm) -> HttpResponse:
        given = form.cleaned_data
        if "apply" not in self.request.POST:
            seen = wording.preview(kind=self.kind, text=given["text"], by=self.user)
            return self.answer(form, preview=seen)
        row = wording.reword(kind=self.kind, by=self.user, **given)
        messages.success(
            self.request,
            gettext("The new wording goes out from {valid_from:%-d %B %Y}.").format(
                valid_from=row.valid_from
            ),
        )
        return redirect("letter", self.kind)


class TakeBack(OfKind):
    def post(self, request: HttpRequest, wording: int) -> HttpResponse:
        row = get_object_or_404(Wording, pk=wording)
        self.kind = row.kind
        return self.take_back(row)

    def take_back(self, row: Wording) -> HttpResponse:
        try:
            wording.take_back(wording=row, by=self.user)
        except Refused as refused:
            return self.refuse(WordingForm(), refused)
        messages.success(self.request, gettext("Taken back."))
        return redirect("letter", row.kind)
