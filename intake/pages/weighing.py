"""What weighs how much: the points as a table to change from a day on, what that would move, and who changed it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions import weighing
from intake.lifecycle import Role
from intake.models import WeightsChange, book
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, a_day, words
from intake.weights import AT_LEAST, AT_MOST, MOST_POINTS, Factor, Weight
from intake.words import _

READING = (Role.MANAGER, Role.COORDINATOR, Role.AUDITOR)
SHOWN = 50
HEADINGS = {
    Factor.BAND: _("From how many points"),
    Factor.TIME: _("Time before the filing date or the day asked for"),
    Factor.HEARING: _("The next hearing"),
    Factor.BIRTH: _("An expected birth"),
    Factor.AGE: _("The youngest child"),
    Factor.LANE: _("The law it is asked under"),
    Factor.RISK: _("Safety"),
    Factor.WAITING: _("Waiting"),
    Factor.SENT: _("Turned away before"),
    Factor.PROMPTED: _("What prompted it"),
}


class Table(NamedTuple):
    """The rows of one factor: what its limits mean, each with its field."""

    heading: str
    hint: str
    rows: list[tuple[Weight, BoundField]]


class WeightsForm(DeskForm):
    """One field of points for each row in force, the day and the reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {field_name(row): row for row in book().weights(timezone.localdate()).rows}
        for name, row in self.rows.items():
            self.fields[name] = forms.IntegerField(
                label=in_words(row),
                min_value=0,
                max_value=MOST_POINTS,
                initial=row.points,
                widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
                error_messages={
                    "required": gettext("Give the points, 0 for none."),
                    "invalid": gettext("Points are whole numbers."),
                },
            )
        self.fields["valid_from"] = a_day(
            gettext("From which day?"), gettext("Today or later. Until then the earlier points hold.")
        )
        self.fields["valid_from"].error_messages["required"] = gettext("Give the day from which they hold.")
        self.fields["reason"] = words(
            gettext("Why do they change?"), gettext("It stays with the change."), rows=3
        )

    def tables(self) -> Iterable[Table]:
        for factor, heading in HEADINGS.items():
            rows = [(row, self[name]) for name, row in self.rows.items() if row.factor == factor]
            hint = AT_MOST.get(factor) or AT_LEAST.get(factor) or ""
            yield Table(heading, hint, sorted(rows, key=lambda pair: (pair[0].limit, -pair[0].points)))

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        points = {row.key: given[name] for name, row in self.rows.items() if given[name] != row.points}
        return {"points": points, "valid_from": given["valid_from"]}


def field_name(row: Weight) -> str:
    return f"points-{row.factor}-{row.code or row.limit}"


def in_words(row: Weight) -> str:
    """What the row is, where its heading does not say it."""
    limit = f"{row.limit}: " if row.factor in AT_MOST or row.factor in AT_LEAST else ""
    return f"{limit}{row.label}"


class WeightsPage(ActingView):
    """A manager changes them; first what would change is shown, then it is put into force."""

    template_name = "intake/weights.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.user.has(*READING):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        changes = WeightsChange.objects.visible_to(self.user)
        return {"changes": changes[:SHOWN], "may_change": self.user.has(Role.MANAGER)}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(WeightsForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.user.has(Role.MANAGER):
            raise PermissionDenied
        form = WeightsForm(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: WeightsForm) -> HttpResponse:
        seen = weighing.preview(**form.facts(), by=self.user)
        if "apply" not in self.request.POST:
            return self.answer(form, preview=seen)
        reason = form.cleaned_data["reason"]
        change = weighing.change_weights(**form.facts(), reason=reason, by=self.user, moved=seen.moved)
        day = change.valid_from.strftime("%-d %B %Y")
        messages.success(self.request, gettext("The new weights hold from {day}.").format(day=day))
        return redirect("weights")
