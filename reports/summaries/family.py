"""The people of an enquiry on paper: children, adults, household, and the risks around them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext

from intake.bodies import Body
from intake.deadlines import Unit
from intake.models import Risk
from intake.words import _, span
from reports.languages import known
from reports.summaries.blocks import (
    Box,
    Note,
    Pairs,
    Section,
    Table,
    day,
    label,
    pairs,
    part,
    spoken_language,
    yes_no,
)

NOT_SHOWN = _("Not shown on this paper")
NOBODY_SAID = _("Nothing was said about this.")
NEEDS = (
    ("learning_disability", _("Learning disability")),
    ("mental_health", _("Mental health")),
    ("literacy", _("Literacy")),
)
GRADES = ("high", "medium", "low")


def initials(name: str) -> str:
    return "".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha()) or "–"


def age(born: date, today: date) -> str:
    """In years; in months and weeks while that says more."""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 0:
        return ""
    if months >= 24:
        return f"{months // 12}"
    if months >= 3:
        return span(months, Unit.MONTHS)
    return span((today - born).days // 7, Unit.WEEKS)


def child_in_short(child: Mapping[str, Any], today: date) -> str:
    """On the front sheet: initials and age."""
    if born := child.get("date_of_birth"):
        return f"{initials(child['name'])}, {age(born, today)}"
    if expected := child.get("expected_date_of_delivery"):
        return gettext("{initials}, expected {day}").format(
            initials=initials(child["name"]), day=day(expected)
        )
    years = child.get("age")
    return f"{initials(child['name'])}, {gettext('age not known') if years is None else years}"


def risk_boxes(body: Body) -> Section:
    """Three, always: to the child, to the worker, of making contact."""
    return Section("Risks and safety", [risk_box(body, about) for about in Risk.About])


def risks_to_the_child(body: Body) -> Section:
    return Section("Risk to the child", [risk_box(body, Risk.About.CHILD)])


def risk_box(body: Body, about: Risk.About) -> Box:
    rows = [row for row in body.get("risks", []) if row["about"] == about]
    grade = next((grade for grade in GRADES if any(row["level"] == grade for row in rows)), "none")
    return Box(known(about.label), grade, [note(row) for row in rows], str(NOBODY_SAID))


def note(row: Mapping[str, Any]) -> Note:
    text = str(NOT_SHOWN) if "text" in row.get("not_shown", ()) else row.get("text", "")
    return Note(label("risk_level", row["level"]), text, day(row.get("review_on")))


def children(body: Body, today: date) -> Section:
    rows = body.get("children", [])
    return Section("Children", [child(row, number, today) for number, row in enumerate(rows, start=1)])


def child(row: Mapping[str, Any], number: int, today: date) -> Pairs:
    born = row.get("date_of_birth")
    help_ = part(row, "early_help")
    rows = [
        (gettext("Known as"), row.get("known_as")),
        (gettext("Date of birth"), born and f"{day(born)} ({age(born, today)})"),
        (gettext("Age"), age_given(row)),
        (gettext("Expected"), row.get("expected_date_of_delivery")),
        (gettext("Sex"), label("sex", row.get("sex"))),
        (gettext("Ethnicity"), label("ethnicity", row.get("ethnicity"))),
        (gettext("First language"), spoken_language(row.get("first_language"))),
        (gettext("Religion"), row.get("religion")),
        (gettext("Legal status"), label("legal_status", row.get("legal_status"))),
        (gettext("Placement"), label("placement_type", row.get("placement_type"))),
        (gettext("School"), row.get("school")),
        (gettext("NHS number"), row.get("nhs_number")),
        (gettext("UPN"), row.get("upn") or label("upn_unknown", row.get("upn_unknown"))),
        (gettext("The authority's number"), row.get("authority_child_id")),
        (gettext("Early help"), early_help(help_)),
        (gettext("Seen by the social worker"), yes_no(row.get("child_seen"))),
        (gettext("Wishes and feelings"), row.get("views")),
    ]
    return pairs(rows, gettext("Child {number}: {name}").format(number=number, name=row["name"]))


def early_help(help_: Mapping[str, Any]) -> str:
    if not help_.get("had"):
        return yes_no(help_.get("had"))
    since, until = day(help_.get("from")), day(help_.get("to"))
    ended = label("early_help_end_reason", help_.get("end_reason"))
    begun = gettext("from {day}").format(day=since) if since else ""
    over = gettext("to {day}").format(day=until) if until else ""
    facts = [yes_no(True), begun, over, help_.get("lead"), ended]
    return ", ".join(str(fact) for fact in facts if fact)


def adults(body: Body, today: date) -> Section:
    names = [row["name"] for row in body.get("children", [])]
    rows = body.get("adults", [])
    return Section("Adults", [adult(row, number, names, today) for number, row in enumerate(rows, start=1)])


def adult(row: Mapping[str, Any], number: int, names: list[str], today: date) -> Pairs:
    born = row.get("date_of_birth")
    hidden = row.get("not_shown", ())
    rows = [
        (gettext("Date of birth"), born and f"{day(born)} ({age(born, today)})"),
        (gettext("Age"), age_given(row)),
        *((names[link["child"]], relation(link)) for link in row.get("relationships", [])),
        (gettext("Address"), NOT_SHOWN if "address" in hidden else address(row)),
        (gettext("Telephone"), NOT_SHOWN if "phone" in hidden else row.get("phone")),
        (gettext("Safe ways to make contact"), row.get("safe_contact")),
        (gettext("Solicitor"), row.get("solicitor")),
    ]
    return pairs(rows, gettext("Adult {number}: {name}").format(number=number, name=row["name"]))


def relation(link: Mapping[str, Any]) -> str:
    responsible = link.get("parental_responsibility")
    says = {
        True: gettext("has parental responsibility"),
        False: gettext("no parental responsibility"),
        None: gettext("parental responsibility not known"),
    }[responsible]
    return ", ".join(filter(None, (label("relationship", link["relationship"]), says)))


def address(row: Mapping[str, Any]) -> str:
    where = part(row, "address")
    written = ", ".join(filter(None, [*where.get("lines", []), where.get("postcode", "")]))
    withheld = written and row.get("address_withheld")
    return f"{written}\n{gettext('Not to be disclosed')}" if withheld else written


def household(body: Body, today: date) -> Section:
    rows = [
        [row["name"], row.get("relationship", ""), age_of(row, today)] for row in body.get("household", [])
    ]
    head = [gettext("Name"), gettext("Relationship"), gettext("Age")]
    return Section("Others in the household", [Table(head, rows)] if rows else [])


def age_given(row: Mapping[str, Any]) -> str:
    """Of somebody in a preliminary enquiry, who has no date of birth in it."""
    return "" if row.get("age") is None else str(row["age"])


def age_of(row: Mapping[str, Any], today: date) -> str:
    born = row.get("date_of_birth")
    return age(born, today) if born else str(row.get("age", ""))


def needs(body: Body) -> Section:
    """Needs and adjustments of everybody, in one place: read before the first visit."""
    blocks = [needs_of_child(row, n) for n, row in enumerate(body.get("children", []), start=1)]
    blocks += [needs_of_adult(row, n) for n, row in enumerate(body.get("adults", []), start=1)]
    return Section("Needs and adjustments", [block for block in blocks if block.rows])


def needs_of_child(row: Mapping[str, Any], number: int) -> Pairs:
    title = gettext("Child {number}: {name}").format(number=number, name=row["name"])
    if "disabilities" in row.get("not_shown", ()):
        return pairs([(gettext("Health and needs"), NOT_SHOWN)], title)
    send = part(row, "send")
    rows = [
        (
            gettext("Disabilities"),
            ", ".join(label("disability", code) for code in row.get("disabilities", [])),
        ),
        (gettext("Communication"), row.get("communication_needs")),
        (gettext("Special educational need"), label("send_need", send.get("need"))),
        (gettext("EHC plan"), yes_no(send.get("ehc_plan"))),
    ]
    return pairs(rows, title)


def needs_of_adult(row: Mapping[str, Any], number: int) -> Pairs:
    title = gettext("Adult {number}: {name}").format(number=number, name=row["name"])
    if "needs" in row.get("not_shown", ()):
        return pairs([(gettext("Health and needs"), NOT_SHOWN)], title)
    given = part(row, "needs")
    rows = [
        (gettext("Interpreter"), spoken_language(given.get("interpreter"))),
        *((str(asked), label("needs_answer", given.get(name))) for name, asked in NEEDS),
        (gettext("Advocate"), yes_no(given.get("advocate"))),
        (gettext("Notes"), given.get("notes")),
    ]
    return pairs(rows, title)
