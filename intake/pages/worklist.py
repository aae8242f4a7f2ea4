"""The worklist: the filters as a form, what is chosen as links, the rows with what a line of it says."""

import time
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from intake.filters import CLOCKS, ME, NOBODY, PUBLIC, flag_choices, type_choices
from intake.lifecycle import ENQUIRY, Role, Status, Transition, Turn
from intake.models import Enquiry, Organisation, Risk, User
from intake.pages.fields import written
from intake.pages.forms import Choices, DayInput, DeskForm
from intake.pages.paging import asked
from intake.sorts import PRESSING, SORTS
from intake.weights import BANDS
from intake.words import _

SECONDS = 60
_shelf: dict[str, tuple[float, Choices]] = {}
# Beside the filters: in which order.
BESIDE = ("sort",)
# Whose choices are names: they are nobody's words to translate.
NAMES = ("authority", "service", "owner", "assessor")
# Said with what they are, which their choices do not say.
SAID_WITH = ("owner", "assessor")


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
        first = gettext("Add another") if taken else gettext("Any")
        return format_html(
            '{}<select name="{}" id="{}"><option value="">{}</option>{}</select>',
            hidden, name, (attrs or {}).get("id", ""), first, options,
        )  # fmt: skip


class Boxes(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class Several(forms.MultipleChoiceField):
    widget = OneMore


def a_day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=DayInput(),
        error_messages={"invalid": gettext("Give a real date.")},
    )


def shelved(name: str, read: Any) -> Choices:
    """Public knowledge, read once a minute."""
    read_at, choices = _shelf.get(name, (0.0, []))
    if not choices or time.monotonic() - read_at > SECONDS:
        choices = read()
        _shelf[name] = (time.monotonic(), choices)
    return choices


def authorities() -> Choices:
    """The live authorities by name."""
    return shelved("authorities", lambda: list(live().order_by("name").values_list("code", "name")))


def regions() -> Choices:
    """The regions that live authorities lie in."""

    def read() -> Choices:
        found = live().exclude(region="").order_by("region").values_list("region", flat=True).distinct()
        return [(name, name) for name in found]

    return shelved("regions", read)


def live() -> Any:
    return Organisation.objects.authorities().live(timezone.localdate())


def who_asks() -> Choices:
    """The authorities, after what came in by the public door."""
    return [(PUBLIC, Organisation.Kind.PUBLIC.label), *authorities()]


class FiltersForm(DeskForm):
    """Over a list: the usual filters, those below the fold until one of them is chosen, and what is chosen in words."""

    further_names: ClassVar[tuple[str, ...]] = ()

    @property
    def usual(self) -> list[SafeString]:
        return [written(field) for field in self.visible_fields() if field.name not in self.further_names]

    @property
    def further(self) -> list[SafeString]:
        return [written(field) for field in self.visible_fields() if field.name in self.further_names]

    @property
    def further_chosen(self) -> bool:
        return any(self.data.get(name) for name in self.further_names)

    def given(self, query: QueryDict) -> Iterator[tuple[str, str]]:
        """Each filter that is on, and one of its values."""
        for name in self.fields:
            if name not in BESIDE:
                yield from ((name, value) for value in query.getlist(name) if value)

    def chosen(self, query: QueryDict) -> "list[Chosen]":
        """What is filtered by, each with the link that takes it away."""
        return [
            Chosen(self.words(name, value), asked(query, without=(name, value)))
            for name, value in self.given(query)
        ]

    def words(self, name: str, value: str) -> str:
        """In the language in which we speak: words of ours are looked up, names are not."""
        field, choices = self.fields[name], dict(getattr(self.fields[name], "choices", ()))
        words = str(choices.get(value, value))
        if value in choices and name not in NAMES:
            words = gettext(words)
        if isinstance(field, forms.DateField) or name in SAID_WITH:
            return f"{field.label}: {words}"
        return f"“{words}”" if name == "q" else words


class WorklistForm(FiltersForm):
    """How the filters look; what they mean is in intake.filters, the same for pages and API."""

    further_names = (
        "restricted",
        "kind",
        "nation",
        "region",
        "received_after",
        "received_before",
        "due_before",
        "filing_before",
    )

    q = forms.CharField(
        label=_("Search"),
        help_text=_("A reference, a court number or a name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    urgency = Boxes(label=_("Priority"), choices=list(BANDS.items())[::-1], required=False)
    clock = Boxes(label=_("Decision clock"), choices=CLOCKS, required=False)
    owner = Several(label=_("Owner"), required=False)
    turn = Boxes(label=_("Whose turn"), choices=Turn.pairs, required=False)
    status = Boxes(label=_("Status"), choices=Status.pairs, required=False)
    flag = Boxes(label=_("Risks and flags"), choices=flag_choices, required=False)
    restricted = Boxes(label=_("Access"), choices=(("true", _("Restricted")),), required=False)
    authority = Several(label=_("Authority"), choices=who_asks, required=False)
    assessment_type = Several(label=_("Assessment"), choices=type_choices, required=False)
    kind = Boxes(label=_("Kind"), choices=Enquiry.Kind.choices, required=False)
    nation = Boxes(label=_("Nation"), choices=Organisation.Nation.choices, required=False)
    region = Several(label=_("Region"), choices=regions, required=False)
    received_after = a_day(_("Received from"))
    received_before = a_day(_("Received before"))
    due_before = a_day(_("Decision due before"))
    filing_before = a_day(_("Filing before"))
    sort = forms.ChoiceField(
        label=_("Sort"), choices=[(name, row.label) for name, row in SORTS.items()], required=False
    )

    def __init__(self, query: QueryDict, user: User) -> None:
        super().__init__(without_blanks(query))
        in_hub = user.organisation.kind == Organisation.Kind.HUB
        for name in () if in_hub else ("authority", "owner", "urgency", "nation", "region", "restricted"):
            del self.fields[name]
        if not in_hub:
            # The hub's own flags, and the order of its work, are nobody else's to know of.
            self.fields["flag"].choices = Risk.About.choices  # type: ignore[attr-defined]
            others = [(name, row.label) for name, row in SORTS.items() if name != PRESSING]
            self.fields["sort"].choices = sorted(others, key=lambda pair: pair[0] != "due")  # type: ignore[attr-defined]
        if in_hub:
            owners = [(ME, gettext("Me")), (NOBODY, gettext("Nobody")), *colleagues(user)]
            self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.optional_mark = False  # type: ignore[attr-defined]

    def sort_name(self) -> str:
        asked_for, allowed = str(self.data.get("sort", "")), dict(self.fields["sort"].choices)  # type: ignore[attr-defined]
        return asked_for if asked_for in allowed else next(iter(allowed))


def colleagues(user: User) -> Choices:
    """Who of the hub can have an enquiry, but for oneself, who is Me."""
    roles = [role for role in Role if role in ENQUIRY[Transition.CLAIM].by]
    people = (
        User.objects.visible_to(user)
        .active()
        .filter(organisation_id=user.organisation_id, role_grants__role__in=roles)
    )
    rows = people.exclude(pk=user.pk).order_by("name").values_list("pk", "name").distinct()
    return [(str(pk), name) for pk, name in rows]


def without_blanks(query: QueryDict) -> QueryDict:
    """A form sends its empty fields too; for the filters they are not there."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if given := [value for value in values if value]:
            kept.setlist(name, given)
    return kept
