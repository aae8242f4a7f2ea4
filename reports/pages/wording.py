"""The wording of letters as pages: which kinds there are and whose words they have; one kind, with its preview."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions.dated import refuse_changing
from intake.pages.dated import SettingsView
from intake.pages.forms import DeskForm, a_day, words
from intake.refusals import Refused
from intake.words import Language, _
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
        begun = {(row.kind, row.language): row for row in rows if row.valid_from <= today}
        coming = [row for row in rows if row.valid_from > today]
        kinds = [
            (
                wording.name_of(code, language),
                address(code, language),
                begun.get((code, language)),
                [row for row in coming if (row.kind, row.language) == (code, language)],
            )
            for code in wordings.KINDS
            for language in Language
        ]
        return self.answer(DeskForm(), kinds=kinds)


def address(kind: str, language: str) -> str:
    query = "" if language == Language.ENGLISH else f"?language={language}"
    return f"{reverse('letter', args=(kind,))}{query}"


class OfKind(SettingsView):
    template_name = "reports/letter.html"
    kind: str
    language: str = Language.ENGLISH

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        rows = Wording.objects.filter(kind=self.kind, language=self.language)
        kind = wordings.KINDS[self.kind]
        own = wording.text_on(self.kind, today, self.language)
        return {
            **super().context(),
            "here": address(self.kind, self.language),
            "name": wording.name_of(self.kind, self.language),
            "kind": kind,
            "own": own,
            "says": own or wording.shipped(self.kind, self.language),
            "language": self.language,
            "coming": rows.filter(valid_from__gt=today),
            "changes": self.changes(wording.TABLE, about=wording.name_of(self.kind, self.language)),
        }


class LetterPage(OfKind):
    """First the letter is shown with made-up data, then it is put into force."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.kind = kwargs["kind"]
        self.language = request.GET.get("language", Language.ENGLISH)
        if self.kind not in wordings.KINDS or self.language not in Language.values:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        today = timezone.localdate()
        words = wording.text_on(kind, today, self.language) or wording.shipped(kind, self.language)
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
            seen = wording.preview(kind=self.kind, text=given["text"], by=self.user, language=self.language)
            return self.answer(form, preview=seen)
        row = wording.reword(kind=self.kind, by=self.user, language=self.language, **given)
        messages.success(
            self.request,
            gettext("The new wording goes out from {valid_from:%-d %B %Y}.").format(
                valid_from=row.valid_from
            ),
        )
        return redirect(address(self.kind, self.language))


class TakeBack(OfKind):
    def post(self, request: HttpRequest, wording: int) -> HttpResponse:
        row = get_object_or_404(Wording, pk=wording)
        self.kind, self.language = row.kind, row.language
        return self.take_back(row)

    def take_back(self, row: Wording) -> HttpResponse:
        try:
            wording.take_back(wording=row, by=self.user)
        except Refused as refused:
            return self.refuse(WordingForm(), refused)
        messages.success(self.request, gettext("Taken back."))
        return redirect(address(row.kind, row.language))
