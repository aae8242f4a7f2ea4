"""Somebody leaves: their open work, each piece with a colleague proposed, moved in one go."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import User
from intake.models.account_event import KEEPERS
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, words
from intake.words import _
from referrals import leavers
from referrals.actions import leaving
from referrals.leavers import OpenWork


class LeavingForm(DeskForm):
    """For each piece a colleague; the proposed one is chosen already."""

    def __init__(self, *args: Any, work: OpenWork, may_retire: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.work, self.named = work, {str(user.pk): user for user in work.colleagues}
        people = [("", gettext("Nobody: it stays")), *((str(user.pk), user.name) for user in work.colleagues)]
        for piece in work.movable:
            field = forms.ChoiceField(
                label=f"{piece.reference}, {piece.what}", choices=people, required=False
            )
            field.help_text = hint(piece)
            field.initial = str(piece.to.pk) if piece.to else ""
            field.optional_mark = False  # type: ignore[attr-defined]
            # By reference: what was closed or came meanwhile moves nobody else's choice along.
            self.fields[f"to-{piece.reference}"] = field
        self.fields["reason"] = words(gettext("Why does the work change hands?"), REASON, rows=2)
        if may_retire:
            label = gettext("Retire the account as well, when everything has gone")
            self.fields["retire"] = forms.BooleanField(label=label, required=False)
            self.fields["retire"].optional_mark = False  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = {
            piece.reference: self.named.get(given[f"to-{piece.reference}"]) for piece in self.work.movable
        }
        return {
            "plan": {reference: user for reference, user in chosen.items() if user},
            "reason": given["reason"],
            "retire": given.get("retire", False),
        }


REASON = _("It stays in the history of each, and is the reason where somebody goes past their limit.")


def hint(piece: leavers.Piece) -> str:
    parts = [piece.part_label, piece.status.lower()]
    if piece.due:
        parts.append(gettext("needed by {due:%-d %B %Y}").format(due=piece.due))
    if piece.visits:
        parts.append(
            gettext("{visits} planned visit{goes} with it").format(
                visits=piece.visits, goes="s go" if piece.visits > 1 else " goes"
            )
        )
    if piece.to:
        parts.append(f"proposed: {piece.to.name}" + (f" ({piece.why})" if piece.why else ""))
    return "; ".join(parts) + "."


class LeavingPage(ActingView):
    template_name = "referrals/leaving.html"

    def find(self, person: int) -> None:
        rows = User.objects.visible_to(self.user).filter(pk=person, kind=User.Kind.PERSON)
        found: User | None = rows.first()
        if found is None:
            raise Http404
        if not leavers.may_move(self.user, found):
            raise PermissionDenied
        self.person = found
        self.work = leavers.open_work(found, self.user, timezone.localdate())

    def context(self) -> dict[str, Any]:
        return {"person": self.person, "work": self.work}

    def form(self, data: Any = None) -> LeavingForm:
        own = self.user.organisation_id == self.person.organisation_id and self.user.pk != self.person.pk
        may_retire = own and self.user.has(*KEEPERS) and self.person.is_active
        return LeavingForm(data, work=self.work, may_retire=may_retire)

    def get(self, request: HttpRequest, person: int) -> HttpResponse:
        self.find(person)
        return self.answer(self.form())

    def post(self, request: HttpRequest, person: int) -> HttpResponse:
        self.find(person)
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: LeavingForm) -> HttpResponse:
        """One outcome each, on a page of its own: what could not go is named with why."""
        moved = leaving.move_all(person=self.person, by=self.user, **form.facts())
        went = sum(outcome.moved for outcome in moved.outcomes)
        context = {"person": self.person, "moved": moved, "went": went, "count": len(moved.outcomes)}
        return render(self.request, "referrals/left.html", context)
