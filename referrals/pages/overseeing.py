"""The pages of oversight: entries and their answers, second opinions on a risk, what drifts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Enquiry, Organisation, User
from intake.pages.forms import DeskForm, a_day, words
from intake.pages.views import BesidePage
from intake.words import _
from referrals.actions import oversight
from referrals.models import Challenge, OversightEntry, Referral
from referrals.pages.assessing_forms import AnswerChallenge
from referrals.pages.work_page import WorkPage

KINDS = [
    ("decision", _("A decision")),
    ("challenge", _("A challenge: a question that must be answered")),
    ("both", _("Both")),
]


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}, {obj.organisation.name}"


def may_do(user: User, referral: Referral | None) -> Any:
    """Who can be asked to do something: the hub's triage, of a referral also its service's people."""
    rows = User.objects.visible_to(user).active().filter(kind=User.Kind.PERSON)
    hub = Q(organisation__kind=Organisation.Kind.HUB)
    roles = {Role.COORDINATOR, Role.MANAGER, Role.REVIEWER}
    if referral is not None and referral.service_id:
        hub |= Q(organisation=referral.service_id)
        roles |= {Role.SERVICE_LEAD, Role.ASSESSOR}
    held = rows.filter(hub, role_grants__role__in=roles).distinct()
    return held.select_related("organisation").order_by("organisation__name", "name")


class EntryForm(DeskForm):
    """The kind is chosen first; what is to be done has somebody who does it and a day."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what it is.")},
    )
    decision = words(_("The decision"), required=False, rows=3)
    challenge = words(
        _("The challenge"),
        _("Until it is answered, no report is handed in and nothing is closed."),
        required=False,
        rows=3,
    )
    action = words(_("What is to be done?"), required=False, rows=2)
    due_on = a_day(_("By when?"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonField(
            people, label=gettext("Who does it?"), required=False, empty_label=gettext("Nobody")
        )
        self.fields["owner"].optional_mark = True  # type: ignore[attr-defined]
        self.order_fields(["kind", "decision", "challenge", "action", "owner", "due_on"])

    def facts(self) -> dict[str, Any]:
        """What was typed under a kind that was not chosen is not part of it."""
        given = dict(self.cleaned_data)
        kind = given.pop("kind")
        for name in ("decision", "challenge"):
            if kind not in (name, "both"):
                given[name] = ""
        return given

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kind = given.get("kind")
        for name, label in (("decision", "decision"), ("challenge", "challenge")):
            if kind in (name, "both") and not given.get(name, "").strip():
                self.add_error(name, gettext("Write the {label}.").format(label=label))
        return given


class DoneForm(DeskForm):
    outcome = words(_("What was done?"), rows=3)


def entries_of(subject: Enquiry | Referral, user: User) -> dict[str, Any]:
    """Oversight as its page shows it: the entries, and what this person may do."""
    rows = OversightEntry.objects.visible_to(user).about(subject)
    roles = subject.roles_of(user)
    return {
        "entries": list(rows.select_related("challenge__answered_by", "owner", "entered_by", "done_by")),
        "may_oversee": user.has(*oversight.OVERSEERS),
        "may_answer": bool(roles & {Role.COORDINATOR, Role.SERVICE_LEAD, Role.ASSESSOR}),
    }


def for_hub(user: User) -> None:
    """Beyond the hub there is nothing here."""
    if user.organisation.kind != Organisation.Kind.HUB:
        raise Http404


class EnquiryOversight(BesidePage):
    """A form about the oversight of one enquiry, for the hub."""

    done = _("Entered.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            for_hub(self.user)

    def finish(self) -> HttpResponse:
        messages.success(self.request, self.done)
        return redirect("enquiry", self.enquiry.reference)


class EnquiryEntryPage(EnquiryOversight):
    title, verb = _("Enter oversight"), _("Enter it")

    def form(self, data: Any = None) -> EntryForm:
        return EntryForm(data, people=may_do(self.user, None))

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: EntryForm) -> HttpResponse:
        oversight.enter(about=self.enquiry, by=self.user, **form.facts())
        return self.finish()


class NumberedPage(EnquiryOversight):
    """About one row of the enquiry's oversight."""

    model: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.row = get_object_or_404(self.rows(), pk=kwargs["number"])

    def rows(self) -> Any:
        return self.model.objects.visible_to(self.user).about(self.enquiry)

    def get(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:  # type: ignore[override]
        return self.answer(self.form_class())

    def post(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:  # type: ignore[override]
        form = self.form_class(request.POST)
        return self.attempt(form, lambda: self.act(form))


class EnquiryChallengeAnswer(NumberedPage):
    model, form_class = Challenge, AnswerChallenge
    title, verb, done = _("Answer the challenge"), _("Answer"), _("Answered.")

    def act(self, form: DeskForm) -> HttpResponse:
        oversight.answer_challenge(challenge=self.row, by=self.user, **form.cleaned_data)
        return self.finish()


class EnquiryEntryDone(NumberedPage):
    model, form_class = OversightEntry, DoneForm
    title, verb, done = _("It is done"), _("Say that it is done"), _("Done.")

    def act(self, form: DeskForm) -> HttpResponse:
        oversight.finish(entry=self.row, by=self.user, **form.cleaned_data)
        return self.finish()


class ReferralOversight(WorkPage):
    """Between the hub and the service: for an authority there is nothing here."""

    def find(self, reference: str) -> Referral:
        if self.user.organisation.kind == Organisation.Kind.AUTHORITY:
            raise Http404
        return super().find(reference)


class ReferralEntryPage(ReferralOversight):
    title, verb, done = _("Enter oversight"), _("Enter it"), _("Entered.")

    def form(self, data: Any = None) -> DeskForm:
        return EntryForm(data, people=may_do(self.user, self.referral))

    def act(self, form: DeskForm, **kwargs: int) -> None:
        assert isinstance(form, EntryForm)
        oversight.enter(about=self.referral, by=self.user, **form.facts())


class ReferralEntryDone(ReferralOversight):
    form_class = DoneForm
    title, verb, done = _("It is done"), _("Say that it is done"), _("Done.")

    def look(self, **kwargs: int) -> None:
        rows = OversightEntry.objects.visible_to(self.user).about(self.referral)
        self.entry = get_object_or_404(rows, pk=kwargs["number"])

    def act(self, form: DeskForm, **kwargs: int) -> None:
        oversight.finish(entry=self.entry, by=self.user, **form.cleaned_data)
