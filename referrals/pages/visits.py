"""The pages of visits: plan one, move it, write it up, cancel it."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import Person
from intake.pages.forms import Coded, DeskForm, a_day, words
from intake.words import _
from referrals.actions import visits
from referrals.models import Referral, Visit
from referrals.pages.work_page import WorkPage


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PlanVisit(DeskForm):
    kind = Coded("visit_kind", _("Where, or how?"))
    day = a_day(_("On which day?"))
    at = forms.TimeField(
        label=_("At what time?"),
        widget=TimeInput(),
        error_messages={"invalid": _("Give a time such as 14:30.")},
    )
    note = words(_("Anything to remember"), _("No address is needed here."), required=False, rows=2)

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "kind": given["kind"],
            "planned_at": moment(given["day"], given["at"]),
            "note": given["note"],
        }

    def field_at(self, pointer: str) -> str | None:
        return "day" if pointer == "/planned_at" else super().field_at(pointer)


def moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


class WriteUp(DeskForm):
    """When it was, whom one met, and what each child said."""

    done_on = a_day(_("When were you there?"))
    minutes = forms.IntegerField(
        label=_("How long did it take, in minutes?"),
        help_text=_("With the way there and back."),
        required=False,
        min_value=0,
        max_value=1440,
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(referral.enquiry.people.exclude(part=Person.Part.HOUSEHOLD))
        self.children = [row for row in people if row.part == Person.Part.CHILD]
        self.adults = [row for row in people if row.part == Person.Part.ADULT]
        self.legends = {f"children-{n}": row.name for n, row in enumerate(self.children)}
        self.legends |= {f"adults-{n}": row.name for n, row in enumerate(self.adults)}
        for n, _child in enumerate(self.children):
            self.add(f"children-{n}-met", tick(gettext("Met on this visit")))
            self.add(f"children-{n}-alone", tick(gettext("Seen alone, without a parent or carer")))
            self.add(
                f"children-{n}-views",
                words(gettext("Their views, in their words"), SAID, required=False, rows=3),
            )
        for n, _adult in enumerate(self.adults):
            self.add(f"adults-{n}-met", tick(gettext("Met on this visit")))
            self.add(f"adults-{n}-alone", tick(gettext("Seen alone")))
        self.add("note", words(gettext("What else is to be kept"), required=False, rows=3))

    def add(self, name: str, field: forms.Field) -> None:
        field.optional_mark = False  # type: ignore[attr-defined]
        self.fields[name] = field

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        met_children = [n for n in range(len(self.children)) if self.says(f"children-{n}")]
        met_adults = [n for n in range(len(self.adults)) if self.says(f"adults-{n}")]
        self.places = {"children": met_children, "adults": met_adults}
        return {
            "done_on": given["done_on"],
            "minutes": given["minutes"],
            "note": given["note"],
            "children": [
                {
                    "child": self.children[n].position,
                    "alone": given[f"children-{n}-alone"],
                    "views": given[f"children-{n}-views"],
                }
                for n in met_children
            ],
            "adults": [
                {"adult": self.adults[n].position, "alone": given[f"adults-{n}-alone"]} for n in met_adults
            ],
        }

    def says(self, prefix: str) -> bool:
        given = self.cleaned_data
        return any(given.get(f"{prefix}-{member}") for member in ("met", "alone", "views"))

    def field_at(self, pointer: str) -> str | None:
        """A row of what was sent, back to the person it is about."""
        parts = pointer.strip("/").split("/")
        if parts[0] in ("children", "adults") and len(parts) == 3:
            member = "views" if parts[2] == "views" else "met"
            return f"{parts[0]}-{self.places[parts[0]][int(parts[1])]}-{member}"
        return super().field_at(pointer)


SAID = _("What they said, or how they showed it: also a baby shows something.")


def tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class CancelVisit(DeskForm):
    cancelled_why = words(_("Why is it not made?"), rows=2)


class PlanPage(WorkPage):
    form_class = PlanVisit
    title, verb, done = _("Plan a visit"), _("Plan it"), _("The visit is planned.")

    def act(self, form: Any, **kwargs: int) -> None:
        visits.plan(referral=self.referral, by=self.user, **form.facts())


class VisitPage(WorkPage):
    """About one visit of the referral."""

    def look(self, **kwargs: int) -> None:
        rows = Visit.objects.visible_to(self.user).filter(referral=self.referral, number=kwargs["number"])
        found = rows.select_related("referral").first()
        if found is None:
            raise Http404
        self.visit = found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "visit": self.visit}


class WriteUpPage(VisitPage):
    title, verb, done = _("Write up the visit"), _("Keep it"), _("Written up.")

    def form(self, data: Any = None) -> DeskForm:
        initial = {"done_on": min(self.visit.day, timezone.localdate())}
        return WriteUp(data, referral=self.referral, initial=initial)

    def act(self, form: Any, **kwargs: int) -> None:
        visits.write_up(visit=self.visit, by=self.user, **form.facts())


class MovePage(VisitPage):
    title, verb, done = _("Move the visit"), _("Move it"), _("Moved.")

    def form(self, data: Any = None) -> DeskForm:
        at = timezone.localtime(self.visit.planned_at)
        initial = {"kind": self.visit.kind, "day": at.date(), "at": at.time(), "note": self.visit.note}
        return PlanVisit(data, initial=initial)

    def act(self, form: Any, **kwargs: int) -> None:
        visits.move(visit=self.visit, by=self.user, **form.facts())


class CancelPage(VisitPage):
    form_class = CancelVisit
    title, verb, done = _("Cancel the visit"), _("Cancel it"), _("The visit is cancelled.")

    def act(self, form: DeskForm, **kwargs: int) -> None:
        visits.cancel(visit=self.visit, by=self.user, why=form.cleaned_data["cancelled_why"])
