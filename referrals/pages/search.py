"""One box that finds: by a reference at once, by a name or number of the family as a list.

What was typed travels in the body of a POST and waits in the session: no name stands in an address or a log.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from intake.identifiers import normalise_reference
from intake.models import Enquiry, User
from intake.pages import lines
from intake.pages.acting import DeskView
from intake.pages.forms import DeskForm
from intake.sorts import SORTS
from intake.words import _
from referrals.models import Referral

KEPT = "referrals.search"
MOST = 30
SHORTEST = 2


class SearchForm(DeskForm):
    q = forms.CharField(
        label=_("What are you looking for?"),
        help_text=(
            _(
                "A reference of ours or of the authority, a court number, an NHS number, or the name of anybody in the "
                "family. What you type is kept out of addresses and logs."
            )
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type what you are looking for.")},
    )

    def clean_q(self) -> str:
        words = str(self.cleaned_data["q"]).strip()
        if len(words) < SHORTEST:
            raise forms.ValidationError(gettext("Type at least two letters or digits."))
        return words


class SearchPage(DeskView):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.POST)
        if not form.is_valid():
            return render(request, "referrals/search.html", {"form": form}, status=422)
        words = form.cleaned_data["q"]
        if where := place_of(words, self.user):
            return redirect(where)
        request.session[KEPT] = words
        return redirect("search")

    def get(self, request: HttpRequest) -> HttpResponse:
        words = request.session.get(KEPT, "")
        context: dict[str, Any] = {"form": SearchForm(initial={"q": words}), "words": words}
        return render(request, "referrals/search.html", context | (found(words, self.user) if words else {}))


def place_of(words: str, user: User) -> str:
    """The page of what a reference names, where this person sees it."""
    for kind, model, page in (("ENQ", Enquiry, "enquiry"), ("REF", Referral, "referral")):
        if reference := normalise_reference(words, kind):
            rows: Any = model
            if rows.objects.visible_to(user).filter(reference=reference).exists():
                return reverse(page, args=(reference,))
    return ""


def found(words: str, user: User) -> dict[str, Any]:
    """Enquiries, latest first, and the referrals of them that this person sees."""
    rows = SORTS["newest"].ordered(Enquiry.objects.visible_to(user).search(words))
    shown = list(lines.plain(rows)[: MOST + 1])
    ids = [row.id for row in shown[:MOST]]
    work = Referral.objects.visible_to(user).filter(enquiry__in=ids)
    return {
        "lines": lines.lines(shown[:MOST], user),
        "more": len(shown) > MOST,
        "referrals": work.select_related("assessment__type", "service", "enquiry__authority").order_by("-id")[
            :MOST
        ],
    }
