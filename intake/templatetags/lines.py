"""The lines of the worklist in HTML, written straight: as a template of fifty includes it was most of the page."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from intake.clocks import ANSWERED, DECISION, reading
from intake.lifecycle import Status, Turn
from intake.models import Enquiry, User, book
from intake.templatetags.desk import children_by_age, label, prompted, short_day
from intake.words import _

register = template.Library()
Said = Iterable[tuple[str, str]]


@register.simple_tag(takes_context=True)
def line_items(context: Any, lines: Iterable[Any], compact: bool, tick: bool) -> SafeString:
    """Each line as an item of the list; compact ones on one line."""
    written = in_brief if compact else in_full
    address = reverse("enquiry", args=("REFERENCE",))
    return mark_safe("".join(  # noqa: S308 - of parts that are escaped
        f"<li>{box(line) if tick else ''}{written(line, address, context['user'])}</li>" for line in lines
    ))  # fmt: skip


def box(line: Any) -> SafeString:
    return format_html(
        '<span class="tick"><input type="checkbox" name="reference" value="{0}" form="bulk" aria-label="Select {0}">'
        "</span>",
        line.reference,
    )


def in_full(line: Any, address: str, user: User) -> str:
    row = line.own
    link = f'<a href="{href(line, address)}"><span class="reference">{escape(line.reference)}</span></a>'
    restricted = '<span class="chip late">Restricted</span> ' if row.restricted else ""
    return (
        f'<h2>{band(line)}{link} <span class="dots">{dots(whose(line))}</span></h2>'
        f'<p class="stand">{restricted}<span class="chip">{escape(Status(row.status).label)}</span></p>'
        f'<p class="facts wide dots">{dots([*children(line), *by_when(row), *dangers(line)])}</p>'
        f"{prompting(row, user)}"
        f'<p class="wide dots">{dots([*clock(row), owner(row), ("", Turn(row.turn).label.lower())])}</p>'
        f"{because(line)}"
    )


def in_brief(line: Any, address: str, user: User) -> str:
    row = line.own
    link = f'<span><a class="reference" href="{href(line, address)}">{escape(line.reference)}</a></span>'
    warned = [said for said in dangers(line) if said in WARNINGS.values()]
    said = [*whose(line), *children(line), *warned, *clock(row), owner(row)]
    return f'<p class="dots">{band(line)}{link} {dots([*said, ("", Status(row.status).label.lower())])}</p>'


def href(line: Any, address: str) -> str:
    return escape(address.replace("REFERENCE", line.reference))


def dots(said: Said) -> str:
    """Each with the class of its tone; the style sheet puts dots between them."""
    return " ".join(
        f'<span class="{tone}-text">{escape(words)}</span>' if tone else f"<span>{escape(words)}</span>"
        for tone, words in said
        if words
    )


# --- What a line says: tone and words ------------------------------------------------------------------------


def whose(line: Any) -> Said:
    asked = ", ".join(row.type__name for row in line.asked)
    return [("", line.own.authority__name), ("", asked or Enquiry.Kind(line.own.kind).label)]


def children(line: Any) -> Said:
    return [("", children_by_age(line.children))]


def by_when(row: Any) -> Said:
    if row.filing_date:
        return [("", f"filing {short_day(row.filing_date)}")]
    return (
        [("", gettext("needed by {needed_by}").format(needed_by=short_day(row.needed_by)))]
        if row.needed_by
        else []
    )


WARNINGS = {"worker": ("soon", _("risk to the worker")), "contact": ("late", _("unsafe contact"))}
RISKS = {"child": ("", _("risk to the child")), **WARNINGS}


def dangers(line: Any) -> Said:
    known = line.known
    flags = [("waiting", label(code, "flag")) for code in line.flags]
    return [*(said for about, said in RISKS.items() if about in known), *flags]


def clock(row: Any) -> Said:
    """Our target, as the enquiry's own reading says it."""
    calendar = book().calendars[row.authority__nation]
    found = reading(DECISION, row.clock, row.due_at, timezone.now(), calendar, waits_until=ANSWERED)
    return [(found.tone, found.sentence)]


def owner(row: Any) -> tuple[str, str]:
    return "", row.owner__name or gettext("no owner")


def band(line: Any) -> str:
    return f'<span class="band {line.priority.band}">{line.priority.label}</span> ' if line.priority else ""


def because(line: Any) -> str:
    return f'<p class="wide soft because">{escape(line.priority.sentence)}</p>' if line.priority else ""


def prompting(row: Any, user: User) -> str:
    words = prompted(row, user)
    return f'<p class="wide soon-text">{escape(truncatechars(words, 200))}</p>' if words else ""
