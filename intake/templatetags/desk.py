"""What the pages say in words: codes, days, ages, the clock, the way around."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as spell
from django.utils.translation import gettext

from intake import particulars
from intake.checks.origin import AFRESH
from intake.lifecycle import Role, Turn
from intake.models import Enquiry, Organisation, User, book
from intake.models.banner import Banner, standing
from intake.models.saved_view import VIEWERS
from intake.words import Language

register = template.Library()
HUB = (Role.COORDINATOR, Role.MANAGER, Role.REVIEWER, Role.AUDITOR)
FIGURES = (*HUB, Role.ADMINISTRATOR, Role.AUTHORITY_MANAGER, Role.SERVICE_LEAD, Role.ASSESSOR)


class Chip(NamedTuple):
    """A few words, and the tone of their colour: late, soon, well, waiting or none."""

    words: str
    tone: str = ""


class Place(NamedTuple):
    href: str
    label: str


@register.inclusion_tag("components/other_language.html", takes_context=True)
def in_other_language(context: Any, href: str, paper: str) -> dict[str, str]:
    """A quiet link to a paper in the language that is not the reader's own."""
    language = Language(context["user"].language).other
    start = href.removesuffix("?")
    return {
        "href": f"{start}{'&' if '?' in start else '?'}language={language.value}",
        "language": language.value,
        "paper": paper,
    }


@register.filter
def nav(user: User) -> list[Place]:
    """Where this person can go, by their roles."""
    names = [("desk", gettext("Desk"))] if user.has(*VIEWERS) else []
    if user.has(*HUB) or user.organisation.kind == Organisation.Kind.AUTHORITY:
        names.append(("worklist", gettext("Enquiries")))
    if user.has(*HUB) or user.organisation.kind == Organisation.Kind.SERVICE:
        names.append(("referrals", gettext("Referrals")))
    if user.has(Role.MANAGER, Role.REVIEWER):
        names.append(("drift", gettext("Oversight")))
    if user.has(Role.COORDINATOR, Role.MANAGER, Role.REVIEWER, Role.SERVICE_LEAD, Role.ASSESSOR):
        names.append(("audits", gettext("Audits")))
    if user.has(Role.COORDINATOR, Role.MANAGER, Role.SERVICE_LEAD):
        names.append(("services", gettext("Services")))
    elif user.has(Role.ASSESSOR):
        names.append(("my-assessor", gettext("My hours and leave")))
    if user.has(*FIGURES):
        names.append(("figures", gettext("Figures")))
    if user.has(Role.AUTHORITY_MANAGER, Role.SERVICE_LEAD):
        names.append(("webhooks", gettext("Webhooks")))
    if user.has(Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR):
        names.append(("settings", gettext("Settings")))
    if user.has(Role.AUTHORITY_MANAGER, Role.SERVICE_LEAD, Role.MANAGER):
        names.append(("people", gettext("Your organisation")))
    elif user.has(Role.AUDITOR, Role.ADMINISTRATOR):
        names.append(("access", gettext("Who has access")))
    return [Place(reverse(name), label) for name, label in names]


@register.filter
def notices(user: Any) -> list[Banner]:
    """What is said on top of every page to whoever reads it; to somebody who is not signed in, what all may know."""
    kind = user.organisation.kind if getattr(user, "is_authenticated", False) else ""
    return standing(kind, timezone.now())


@register.filter
def startswith(text: str, start: str) -> bool:
    return text.startswith(start)


@register.simple_tag
def provider() -> dict[str, str]:
    """Who to ring, from the settings."""
    return {
        "phone": settings.PROVIDER_PHONE,
        "out_of_hours": settings.PROVIDER_OUT_OF_HOURS,
        "email": settings.PROVIDER_EMAIL,
    }


@register.simple_tag
def link(name: str, *args: Any) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.filter
def label(code: str, name: str) -> str:
    """The words for a code of a list."""
    return book().codes.label(name, str(code)) if code else ""


@register.filter
def labels(codes: list[str], name: str) -> str:
    return ", ".join(label(code, name) for code in codes)


@register.filter
def type_name(code: str) -> str:
    """What an assessment type is called."""
    kind = book().types.get(code)
    return kind.name if kind else code


@register.filter
def answers(asked: dict[str, Any]) -> list[tuple[str, str]]:
    """What only this type asks for, under its labels."""
    return particulars.in_words(asked)


@register.filter
def day(value: date | datetime | str | None) -> str:
    """Friday 5 March 2027."""
    moment = as_day(value)
    return spell(moment, "l j F Y") if moment else ""


@register.filter
def short_day(value: date | datetime | str | None) -> str:
    """5 March 2027."""
    moment = as_day(value)
    return spell(moment, "j F Y") if moment else ""


def as_day(value: date | datetime | str | None) -> date | None:
    if isinstance(value, datetime):
        return timezone.localdate(value)
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


@register.filter
def yes_no(value: bool | None) -> str:
    return {True: gettext("Yes"), False: gettext("No"), None: gettext("Not known")}[value]


@register.filter
def at(rows: list[Any], place: int) -> Any:
    """The row in that place."""
    return rows[place] if 0 <= place < len(rows) else None


@register.filter
def nhs(number: str) -> str:
    """In threes and fours, as it is read aloud."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


@register.filter
def age(born: date | str | None) -> int | None:
    """Completed years today."""
    birthday, today = as_day(born), timezone.localdate()
    if birthday is None:
        return None
    return today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))


@register.filter
def prompted(enquiry: Enquiry, user: User) -> str:
    """Step-up from early help: why. What forces a fresh triage is between the authority and the hub."""
    if enquiry.prompted_by not in AFRESH or user.organisation.kind == Organisation.Kind.SERVICE:
        return ""
    words = label(enquiry.prompted_by, "prompted_by")
    return f"{words}: {enquiry.prompted_reason}" if enquiry.prompted_reason else words


@register.filter
def children_by_age(children: list[Any]) -> str:
    """2 children (8, 5); an unborn child is said to be so; nobody is named."""
    if not children:
        return ""
    ages = ", ".join(words_for_age(child) for child in children)
    return f"{len(children)} {'child' if len(children) == 1 else 'children'} ({ages})"


def words_for_age(child: Any) -> str:
    years = child.age if child.date_of_birth is None else age(child.date_of_birth)
    if years is not None:
        return str(years) if years else gettext("under 1")
    return "unborn" if child.expected_date_of_delivery else gettext("age not known")


@register.filter
def pair(name: str, field: str) -> str:
    """The two words as one key of the tables below."""
    return f"{name}.{field}"


# --- The clock --------------------------------------------------------------------------------------------


@register.filter
def clock(enquiry: Enquiry) -> Chip | None:
    """Decision due Thursday 3 December, 2 working days left: our target, never the authority's own clock."""
    found = enquiry.reading(timezone.now())
    return Chip(found.sentence, found.tone) if found.sentence else None


@register.filter
def turn_tone(turn: str) -> str:
    return "waiting" if turn in (Turn.AUTHORITY, Turn.SERVICE) else ""
