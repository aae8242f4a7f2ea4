"""What was answered, as a person reads it: rows of a list, pairs of question and answer, two versions."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from intake import bodies
from intake.models import Enquiry, Risk, book
from intake.pages.forms import DeskForm
from intake.pages.writing.asks import Body, at, in_words
from intake.pages.writing.forms import particular
from intake.pages.writing.sections import Part, asks_of
from intake.requirements import Section


def row_in_words(part: Part, row: Body, place: int) -> dict[str, Any]:
    """A row of a list: what it is called, and a line about it."""
    if part.rows == "assessments":
        kind = book().types.get(row.get("type", ""))
        about = len(row.get("children") or ()) + len(row.get("adults") or ())
        questions = len(row.get("questions") or ())
        line = f"about {about} of the people named, {questions} question{'' if questions == 1 else 's'}"
        return {"name": kind.name if kind else gettext("Assessment"), "line": line, "place": place}
    born = row.get("date_of_birth") or row.get("expected_date_of_delivery")
    words = "expected" if row.get("expected_date_of_delivery") else "born"
    line = (
        f"{words} {born.day} {born:%B %Y}" if isinstance(born, date) else str(row.get("relationship") or "")
    )
    return {"name": row.get("name") or f"{part.noun.capitalize()} {place + 1}", "line": line, "place": place}


def asked_besides(code: str) -> list[Any]:
    """What a type asks today that has no place of its own in the body, in the order of the requirements."""
    today, asked = timezone.localdate(), book().codes.requirements.particulars(code)
    return sorted((row for row in asked.values() if row.holds(today)), key=lambda row: (row.order, row.code))


def hidden_from(enquiry: Enquiry, user: Any, member: str, row: Body) -> frozenset[str]:
    """The members of one row that this reader does not see."""
    veiled = bodies.veil({member: [row]}, bodies.sight_for(user, enquiry))[member][0]
    return frozenset(veiled.get("not_shown", ()))


def pairs(part: Part, section: Section, body: Body, kind: str) -> list[tuple[str, str]]:
    """Question and answer of a section, as its reader checks them."""
    value = (body.get(part.inside) or {}) if part.inside else body
    label = book().codes.label
    asks = asks_of(part, kind) if not part.rows or section.code == "service" else ()
    said = [(ask.label, in_words(ask, at(value, ask.place), label)) for ask in asks]
    for repeat in part.repeats:
        for n, row in enumerate(at(value, repeat.member) or (), 1):
            words = [in_words(ask, at(row, ask.place), label) for ask in repeat.asks]
            said.append((f"{repeat.legend} {n}", ", ".join(word for word in words if word)))
    if section.code == "risks":
        said += [(about_words(row), risk_words(row, label)) for row in body.get("risks") or ()]
    return said


def about_words(row: Body) -> str:
    return dict(Risk.About.choices).get(row.get("about", ""), "Risk")


def risk_words(row: Body, label: Callable[[str, str], str]) -> str:
    return ". ".join(
        part for part in (label("risk_level", row.get("level", "")), row.get("text", "")) if part
    )


def row_pairs(part: Part, row: Body, enquiry: Enquiry, user: Any) -> list[tuple[str, str]]:
    """What was answered about one person or assessment; what was not asked of this kind is left out."""
    label = book().codes.label
    hidden = hidden_from(enquiry, user, part.rows, row)
    return [
        (ask.label, in_words(ask, at(row, ask.place), label))
        for ask in asks_of(part, enquiry.kind)
        if ask.place.split("/")[0] not in hidden
    ]


def assessment_pairs(row: Body, body: Body) -> list[tuple[str, str]]:
    """Whom an assessment is about, what it has to answer, and what its type asks besides."""
    named = {
        member: "\n".join(
            body[member][n].get("name", "") for n in row.get(member) or () if n < len(body.get(member) or ())
        )
        for member in ("children", "adults")
    }
    label = book().codes.label
    besides = [particular(one) for one in asked_besides(row.get("type", ""))]
    return [
        (gettext("About the children"), named["children"]),
        (gettext("About the adults"), named["adults"]),
        (gettext("Questions"), "\n".join(row.get("questions") or ())),
        *((ask.label, in_words(ask, at(row, ask.place), label)) for ask in besides),
    ]


def differences(mine: DeskForm, theirs: DeskForm | None) -> list[tuple[str, str, str]]:
    """Each field that says one thing here and another as it stands now: label, mine, theirs."""
    if theirs is None:
        return []
    found = []
    for bound in theirs.visible_fields():
        if bound.name not in mine.fields:
            continue
        here, there = (spelt(form[bound.name].value(), bound.field) for form in (mine, theirs))
        if here != there:
            found.append((str(bound.label), here, there))
    return found


def spelt(value: Any, field: Any) -> str:
    """A field's value as a reader sees it."""
    given = value if isinstance(value, list | tuple) else [value]
    labels = dict(choices_of(field))
    return ", ".join(labels.get(str(one), str(one)) for one in given if one not in (None, "")).replace(
        "\r\n", "\n"
    )


def choices_of(field: Any) -> list[tuple[str, str]]:
    return [
        (str(code), str(words))
        for code, words in getattr(field, "choices", ())
        if not isinstance(words, list)
    ]
