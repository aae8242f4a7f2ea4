"""Rules about the children, many of them the Department for Education's for the children in need census."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from intake.checks.faults import Asked, Fault, day, part, repeated, text, values
from intake.checks.people import ANONYMOUS, birth, checked_number, full_name, nobody
from intake.identifiers import nhs_number, upn

_PREGNANCY = timedelta(weeks=40)
# A child is not expected for longer than this; by then there is a date of birth.
_OVERDUE = timedelta(weeks=6)
_CHILD_ID = re.compile(r"[A-Za-z0-9]{1,20}")
_CHILD_CODES = (("gender_identity", "gender_identity"), ("ethnicity", "ethnicity"))
_CARE_CODES = (
    ("legal_status", "legal_status"),
    ("placement_type", "placement_type"),
    ("primary_need", "primary_need"),
)


def children(asked: Asked) -> Iterator[Fault]:
    """Each child by itself, and no number of one child given to another."""
    if asked.general:
        yield from nobody(asked, "children")
        return
    for place, child in enumerate(asked.children):
        yield from _child(asked, child, f"/children/{place}")
        for name in ("nhs_number", "upn"):
            number = _compact(child, name)
            if number and any(number == _compact(other, name) for other in asked.children[:place]):
                yield Fault(
                    f"/children/{place}/{name}", "repeated", "Two children cannot have the same number."
                )


def _child(asked: Asked, child: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    yield from full_name(asked, child, pointer)
    yield from _born_or_expected(asked, child, pointer)
    yield from _sex(asked, child, pointer)
    for name, codes in _CHILD_CODES:
        yield from asked.coded(f"{pointer}/{name}", child.get(name), codes)
    yield from _disabilities(asked, child, pointer)
    yield from asked.coded(f"{pointer}/send/need", part(child, "send").get("need"), "send_need")
    yield from _numbers(asked, child, pointer)
    for name, codes in _CARE_CODES:
        yield from asked.coded(f"{pointer}/{name}", child.get(name), codes)
    yield from _several(asked, child, "factors", "assessment_factor", pointer)
    yield from _early_help(asked, part(child, "early_help"), f"{pointer}/early_help")


def _born_or_expected(asked: Asked, child: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    born, expected = day(child, "date_of_birth"), day(child, "expected_date_of_delivery")
    if born and expected:
        detail = "Give a date of birth or an expected date, not both."
        yield Fault(f"{pointer}/expected_date_of_delivery", "born_or_expected", detail)
    if born:
        yield from birth(born, asked.today, f"{pointer}/date_of_birth", oldest=25)
    if expected and not born:
        yield from _expected(expected, asked.today, f"{pointer}/expected_date_of_delivery")


def _expected(expected: date, today: date, pointer: str) -> Iterator[Fault]:
    if expected > today + _PREGNANCY:
        yield Fault(pointer, "too_far_ahead", "An expected date is at most 40 weeks ahead.")
    elif expected < today - _OVERDUE:
        yield Fault(pointer, "long_past", "The expected date is long past. Give the date of birth.")


def _unborn(child: Mapping[str, Any]) -> bool:
    return bool(child.get("expected_date_of_delivery")) and not child.get("date_of_birth")


def _sex(asked: Asked, child: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    yield from asked.coded(f"{pointer}/sex", child.get("sex"), "sex")
    if _unborn(child) and child.get("sex") in ("F", "M"):
        yield Fault(f"{pointer}/sex", "unborn_sex", "The sex of an unborn child is recorded as U.")


def _disabilities(asked: Asked, child: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    given = values(child, "disabilities")
    if _unborn(child):
        if given:
            detail = "No disability is recorded for an unborn child."
            yield Fault(f"{pointer}/disabilities", "unborn_disability", detail)
        return
    yield from _several(asked, child, "disabilities", "disability", pointer)


def _several(asked: Asked, person: Mapping[str, Any], name: str, codes: str, pointer: str) -> Iterator[Fault]:
    """A list of codes: each holds, none is repeated, and one that stands alone stands alone."""
    given = values(person, name)
    if not given:
        return
    again = set(repeated(given))
    for place, code in enumerate(given):
        yield from asked.coded(f"{pointer}/{name}/{place}", code, codes)
        if place in again:
            yield Fault(f"{pointer}/{name}/{place}", "repeated", "This code is given twice.")
    if len(set(given)) > 1 and any(asked.book.exclusive(codes, code) for code in given):
        yield Fault(f"{pointer}/{name}", "exclusive", "A code that says there is nothing stands alone.")


def _numbers(asked: Asked, child: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    if asked.anonymous:
        for name in ("nhs_number", "upn", "authority_child_id"):
            if text(child, name):
                yield Fault(f"{pointer}/{name}", "not_anonymised", ANONYMOUS)
        return
    known = asked.book.authority_codes
    yield from checked_number(child, "nhs_number", pointer, nhs_number)
    yield from checked_number(child, "upn", pointer, lambda number: upn(number, known))
    yield from asked.coded(f"{pointer}/upn_unknown", child.get("upn_unknown"), "upn_unknown")
    if text(child, "upn") and text(child, "upn_unknown"):
        yield Fault(
            f"{pointer}/upn_unknown", "upn_or_reason", "Give a UPN or the reason it is unknown, not both."
        )
    child_id = text(child, "authority_child_id")
    if child_id and not _CHILD_ID.fullmatch(child_id):
        detail = "A child's number has at most 20 letters and digits, and nothing else."
        yield Fault(f"{pointer}/authority_child_id", "authority_child_id", detail)


def _compact(child: Mapping[str, Any], name: str) -> str:
    return text(child, name).replace(" ", "").replace("-", "").upper()


def _early_help(asked: Asked, episode: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    began, ended = day(episode, "from"), day(episode, "to")
    if began and began > asked.today:
        yield Fault(f"{pointer}/from", "in_future", "Early help that was given cannot begin in the future.")
    if began and ended and ended < began:
        yield Fault(f"{pointer}/to", "before_start", "Early help cannot end before it begins.")
    yield from asked.coded(f"{pointer}/end_reason", episode.get("end_reason"), "early_help_end_reason")
