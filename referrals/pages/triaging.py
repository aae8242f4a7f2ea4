"""The decision on the enquiry's page: what waits for a second look, what can be undone; the second look itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from intake.lifecycle import UNDO_WITHIN, Role, Status
from intake.lifecycle import Transition as Move
from intake.models import Enquiry, Organisation, User
from intake.pages import facts
from intake.pages.acting import ActingView, buttons
from intake.pages.forms import DeskForm, MoveForm, words
from intake.pages.views import find_enquiry
from intake.refusals import Refused
from intake.words import _
from referrals.actions import second_looks, undoing
from referrals.models import SecondLook
from referrals.pages.doors import ENQUIRY_DOORS

SAID = {
    Status.ACCEPTED: _("Accepted"),
    Status.DECLINED: _("Declined"),
    Status.REDIRECTED: _("Redirected"),
    Status.DUPLICATE: _("Marked as a duplicate"),
}
DECIDING = {Move.ACCEPT, Move.DECLINE, Move.REDIRECT, Move.MARK_DUPLICATE}


def said_of(transition: str, moved: Any) -> str:
    """What came of a decision, in the words of where the enquiry stands now."""
    if transition not in DECIDING:
        return ""
    if moved.status not in SAID:
        return gettext("Held for a second look, because the risk rating and what is known disagree")
    return gettext("{status}. You can undo this for ten minutes, while nobody has acted on it").format(
        status=SAID[moved.status]
    )


def of_enquiry(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """What its page shows of deciding: the buttons, until when it can be undone, whether a decision waits."""
    decided = undoing.undoable(enquiry, user)
    return {
        "buttons": [row for row in buttons(enquiry, user, ENQUIRY_DOORS) if row.transition != Move.UNDO],
        "undoable": decided,
        "undo_until": decided.at + UNDO_WITHIN if decided else None,
        "second_look": waiting(enquiry, user),
        "may_take_look": enquiry.status == Status.IN_TRIAGE and user.has(Role.COORDINATOR, Role.MANAGER),
    }


def waiting(enquiry: Enquiry, user: User) -> SecondLook | None:
    """The decision that waits, for the hub; asked only while the enquiry is in triage."""
    if enquiry.status != Status.IN_TRIAGE or user.organisation.kind != Organisation.Kind.HUB:
        return None
    rows = SecondLook.objects.visible_to(user).filter(enquiry=enquiry).waiting()
    return rows.select_related("proposed_by").first()


class TakeLook(MoveForm):
    answer = forms.ChoiceField(
        label=_("What do you say?"),
        choices=[("confirm", _("Confirm: it is decided so")), ("return", _("Return: it is decided anew"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Confirm it or return it.")},
    )
    reason = words(_("Why?"), _("Needed to return it."), required=False, rows=3)


class SecondLookPage(ActingView):
    """What was proposed and why it was held, beside the facts; confirmed or returned by another person."""

    template_name = "referrals/second_look.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.enquiry = find_enquiry(self, kwargs["reference"])
            if self.user.organisation.kind != Organisation.Kind.HUB:
                raise Http404
            self.look = waiting(self.enquiry, self.user)

    def form(self, data: Any = None) -> TakeLook:
        initial = {"version": self.enquiry.version}
        return TakeLook(data, subject=self.enquiry, user=self.user, initial=initial)

    def context(self) -> dict[str, Any]:
        return {
            "enquiry": self.enquiry,
            "look": self.look,
            "proposed": proposed(self.look) if self.look else [],
            "mine": self.look is not None and self.look.proposed_by_id == self.user.pk,
            "may_answer": self.user.has(Role.COORDINATOR, Role.MANAGER),
            **facts.facts(self.enquiry, self.user),
        }

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.take(form))

    def refuse(self, form: DeskForm, refused: Refused, **more: Any) -> HttpResponse:
        self.enquiry = find_enquiry(self, self.enquiry.reference)
        return super().refuse(form, refused, changed=self.changed(form, refused, self.enquiry), **more)

    def take(self, form: TakeLook) -> HttpResponse:
        given = form.cleaned_data
        self.enquiry.version = given["version"]
        if given["answer"] == "confirm":
            second_looks.confirm(enquiry=self.enquiry, by=self.user, note=given["reason"])
            messages.success(
                self.request,
                gettext("Decided as it was proposed: {reference}.").format(reference=self.enquiry.reference),
            )
        else:
            second_looks.send_back(enquiry=self.enquiry, by=self.user, reason=given["reason"])
            messages.success(
                self.request, gettext("Returned: {reference}.").format(reference=self.enquiry.reference)
            )
        return redirect("enquiry", self.enquiry.reference)


LABELS = {
    "rationale": _("Why it is accepted"),
    "text": _("What the authority is told"),
    "elsewhere": _("Where else they can go"),
    "agency": _("Who should have it"),
    "conflict_statement": _("Conflict-of-interest statement"),
    "conflict_with": _("Conflict declared with"),
    "conflict_handled": _("What was done about it"),
    "late_reason": _("Why though it would be late"),
    "waiver_reason": _("Why without what is not there"),
}


def proposed(look: SecondLook) -> list[tuple[str, str]]:
    """What was typed, each under its question."""
    return [(label, look.facts[name]) for name, label in LABELS.items() if look.facts.get(name)]
