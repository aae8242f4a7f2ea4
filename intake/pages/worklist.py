"""The worklist: the filters as a form, what is chosen as links, the rows with what a line of it says."""

import time
from typing import Any, NamedTuple

from django import forms
from django.db.models import Case, DateTimeField, Exists, OuterRef, Prefetch, QuerySet, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from intake.filters import CLOCKS, ME, NOBODY, PUBLIC, type_choices
from intake.lifecycle import Status, Turn
from intake.models import Assessment, Enquiry, Organisation, Person, Risk, User
from intake.pages.forms import Choices, DeskForm
from intake.pages.paging import Sort, asked

SORTS = {
    "pressing": Sort("Most pressing", "pressing_at"),
    "newest": Sort("Newest", "received_at", backwards=True),
    "oldest": Sort("Oldest", "received_at"),
}
PRESSING = "pressing"
SECONDS = 60
_shelf: dict[str, tuple[float, Choices]] = {}


class Chosen(NamedTuple):
    """A filter that is on: its words, and the query without it."""

    words: str
    without: str


class OneMore(forms.SelectMultiple):
    """A menu that adds one value to those already chosen, which travel along unseen."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        taken = set(value or ())
        hidden = format_html_join(
            "", '<input type="hidden" name="{}" value="{}">', ((name, v) for v in taken)
        )
        options = format_html_join(
            "", '<option value="{}">{}</option>', ((v, words) for v, words in self.choices if v not in taken)
        )
        first = "Add another" if taken else "Any"
        return format_html(
            '{}<select name="{}" id="{}"><option value="">{}</option>{}</select>',
            hidden, name, (attrs or {}).get("id", ""), first, options,
        )  # fmt: skip


class Boxes(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class Several(forms.MultipleChoiceField):
    widget = OneMore


def authorities() -> Choices:
    """The live authorities by name: public knowledge, read once a minute."""
    read_at, choices = _shelf.get("authorities", (0.0, []))
    if not choices or time.monotonic() - read_at > SECONDS:
        rows = Organisation.objects.authorities().live(timezone.localdate())
        choices = list(rows.order_by("name").values_list("code", "name"))
        _shelf["authorities"] = (time.monotonic(), choices)
    return choices


def who_asks() -> Choices:
    """The authorities, after what came in by the public door."""
    return [(PUBLIC, Organisation.Kind.PUBLIC.label), *authorities()]


class WorklistForm(DeskForm):
    """How the filters look; what they mean is in intake.filters, the same for pages and API."""

    q = forms.CharField(
        label="Search",
        help_text="A reference, a court number or a name",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = Boxes(label="Status", choices=Status.pairs, required=False)
    clock = Boxes(label="Decision clock", choices=CLOCKS, required=False)
    turn = Boxes(label="Whose turn", choices=Turn.pairs, required=False)
    owner = Boxes(label="Owner", choices=((ME, "Me"), (NOBODY, "Nobody")), required=False)
    flag = Boxes(label="Risk", choices=Risk.About.choices, required=False)
    authority = Several(label="Authority", choices=who_asks, required=False)
    assessment_type = Several(label="Assessment", choices=type_choices, required=False)
    sort = forms.ChoiceField(
        label="Sort", choices=[(name, row.label) for name, row in SORTS.items()], required=False
    )

    def __init__(self, query: QueryDict, user: User) -> None:
        super().__init__(without_blanks(query))
        if user.organisation.kind != Organisation.Kind.HUB:
            for name in ("authority", "owner"):
                del self.fields[name]
        for field in self.fields.values():
            field.optional_mark = False  # type: ignore[attr-defined]

    def chosen(self, query: QueryDict) -> list[Chosen]:
        """What is filtered by, each with the link that takes it away."""
        return [
            Chosen(self.words(name, value), asked(query, without=(name, value)))
            for name in self.fields
            if name != "sort"
            for value in query.getlist(name)
            if value
        ]

    def words(self, name: str, value: str) -> str:
        words = dict(getattr(self.fields[name], "choices", ())).get(value, value)
        return f"Owner: {words}" if name == "owner" else f"“{words}”" if name == "q" else str(words)

    def sort_name(self) -> str:
        asked_for = str(self.data.get("sort", ""))
        return asked_for if asked_for in SORTS else PRESSING


def without_blanks(query: QueryDict) -> QueryDict:
    """A form sends its empty fields too; for the filters they are not there."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if given := [value for value in values if value]:
            kept.setlist(name, given)
    return kept


def with_pressing(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """When the decision is due, of those whose clock runs: the others press nobody."""
    running = When(clock=Enquiry.ClockState.RUNNING, then="due_at")
    return rows.annotate(pressing_at=Case(running, default=None, output_field=DateTimeField()))


def lines(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """With what a line says: authority, owner, assessments, children by age, known risks. Three statements."""
    about = {
        f"risk_{name}": Exists(
            Risk.objects.filter(enquiry=OuterRef("pk"), about=name).exclude(level="none_known")
        )
        for name in Risk.About.values
    }
    children = Person.objects.filter(part=Person.Part.CHILD).only(
        "enquiry_id", "position", "part", "date_of_birth", "age", "expected_date_of_delivery"
    )
    asked_for = Assessment.objects.select_related("type").only("enquiry_id", "position", "type__name")
    return (
        rows.select_related("authority", "owner")
        .defer("background", "why_now", "not_told_why", "taking_part")
        .annotate(**about)
        .prefetch_related(
            Prefetch("people", children, to_attr="children"), Prefetch("assessment_rows", asked_for)
        )
    )
