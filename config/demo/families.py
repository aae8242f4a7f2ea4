"""Invented families as enquiry bodies: few strokes each, the rest drawn with a fixed seed. Nobody is real."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from config.demo.world import AUTHORITIES, CARDIFF, OLDHAM, SURREY, with_role
from intake.lifecycle import Role

Body = dict[str, Any]
HIGH = (("child", "high"), ("worker", "medium"), ("contact", "medium"))
MEDIUM = (("child", "medium"), ("worker", "none_known"), ("contact", "none_known"))
QUIET = (("child", "low"), ("worker", "none_known"), ("contact", "none_known"))
TOWNS = {
    OLDHAM: (("14 Weaver Court", "Oldham", "OL1 1QN"), ("3 Mill Brow", "Oldham", "OL4 1AA")),
    CARDIFF: (("8 Heol y Felin", "Caerdydd", "CF11 9AB"), ("21 Albany Street", "Cardiff", "CF24 1AA")),
    SURREY: (("6 Quarry Lane", "Guildford", "GU1 1AA"), ("40 Station Road", "Redhill", "RH1 1AA")),
}
BOYS = frozenset(
    "Jaden Yonas Theo Oskar Sami Alfie Kian Rhys Noah Leo Connor Hugo Jake Finn Bilal Mason Evan Kai Max Idris".split()  # noqa: SIM905 - as one would say them
)
BACKGROUND = (
    "The family has been known to children's services for {years} years. {concern} An early help plan ended "
    "without the change that was hoped for. The authority asks for an assessment before it decides."
)


@dataclass(frozen=True)
class Family:
    """A family in few strokes. Ages are in years; an age of None is a child not born yet.

    It came so many days ago, and needs its answer so many weeks after.
    """

    authority: str
    number: int
    surname: str
    children: tuple[tuple[str, int | None], ...]
    adults: tuple[tuple[str, str, int], ...]
    asked: tuple[tuple[str, str], ...]
    concern: str
    framework: str = "S31"
    stage: str = "care_proceedings"
    weeks: int = 12
    risks: tuple[tuple[str, str], ...] = MEDIUM
    letter: str = "have"
    language: str = "en"
    ethnicities: tuple[str, ...] = field(default=("WBRI",))
    days: int = 0

    @property
    def reference(self) -> str:
        """The authority's own reference."""
        return reference_of(self.authority, self.number)


def reference_of(authority: str, number: int) -> str:
    return f"DEMO-{authority}-{number:03}"


def body_of(family: Family) -> Body:
    """The body its authority sends, with every date counted from the day on which it is sent."""
    today = timezone.localdate()
    draw = Random(family.reference)  # noqa: S311
    needed = today + timedelta(weeks=family.weeks)
    people = AUTHORITIES[family.authority]
    referrer, manager = with_role(people, Role.REFERRER), with_role(people, Role.AUTHORITY_MANAGER)
    return {
        "authority_reference": family.reference,
        "kind": "referral",
        "language": family.language,
        "referrer": {
            "name": referrer.name,
            "role": referrer.title,
            "email": referrer.email,
            "manager_name": manager.name,
            "manager_email": manager.email,
        },
        "urgency": {"immediate_danger": False, "needed_by": str(needed), "why_now": family.concern},
        "assessments": [assessment(family, code, question) for code, question in family.asked],
        "legal": law(family, today, needed, draw),
        "children": [child(family, name, age, today, draw) for name, age in family.children],
        "adults": [adult(family, place, today, draw) for place in range(len(family.adults))],
        "risks": [risk(family, about, level, today) for about, level in family.risks],
        "background": BACKGROUND.format(years=draw.randint(2, 6), concern=family.concern),
        "documents": [
            {"role": "letter_of_instruction", "state": family.letter},
            {"role": "chronology", "state": "have"},
        ],
        "information": {
            "family_told": "yes",
            "taking_part": "the adults agree",
            "lawful_basis": "public_task",
        },
        "declaration": {"authority_to_instruct": True, "accurate": True, "name": referrer.name},
    }


def assessment(family: Family, code: str, question: str) -> Body:
    siblings = code == "SIB"
    return {
        "type": code,
        "children": list(range(len(family.children))),
        "adults": [] if siblings else list(range(len(family.adults))),
        "questions": [question],
    }


def law(family: Family, today: date, needed: date, draw: Random) -> Body:
    if family.stage != "care_proceedings":
        return {"framework": family.framework, "stage": family.stage, "permission": "not_needed"}
    return {
        "framework": family.framework,
        "stage": family.stage,
        "permission": "granted",
        "permission_date": str(today - timedelta(days=draw.randint(3, 12))),
        "issued_on": str(today - timedelta(weeks=draw.randint(4, 10))),
        "filing_date": str(needed),
        "hearings": [{"kind": "final", "date": str(needed + timedelta(weeks=3))}],
    }


def child(family: Family, name: str, age: int | None, today: date, draw: Random) -> Body:
    own = {
        "name": f"{name} {family.surname}",
        "ethnicity": draw.choice(family.ethnicities),
        "authority_child_id": f"{draw.randint(100000, 999999)}",
    }
    if age is None:
        due = today + timedelta(weeks=draw.randint(10, 16))
        return own | {"expected_date_of_delivery": str(due), "sex": "U", "ethnicity": "NOBT"}
    return own | {
        "date_of_birth": str(birthday(age, today, draw)),
        "sex": "M" if name in BOYS else "F",
        "disabilities": ["NONE"] if draw.random() < 0.7 else ["LD"],
        "placement_type": "U6" if family.stage == "care_proceedings" else "P1",
        "views": "Would like to be asked again with a person they know.",
    }


def birthday(age: int, today: date, draw: Random) -> date:
    return today - timedelta(days=round(age * 365.25) + draw.randint(20, 300))


def adult(family: Family, place: int, today: date, draw: Random) -> Body:
    name, relationship, age = family.adults[place]
    street, town, postcode = TOWNS[family.authority][place % 2]
    return {
        "name": name,
        "date_of_birth": str(birthday(age, today, draw)),
        "relationships": [
            {"child": row, "relationship": relationship, "parental_responsibility": relationship == "mother"}
            for row in range(len(family.children))
        ],
        "address": {"lines": [street, town], "postcode": postcode},
        "address_withheld": family.risks == HIGH and relationship == "mother",
        "phone": f"07700 900{draw.randint(100, 999)}",
        "safe_contact": "Text first; do not leave a message." if family.risks == HIGH else "By telephone.",
        "needs": {
            "interpreter": None,
            "learning_disability": "no",
            "mental_health": "not_known",
            "literacy": "no",
        },
    }


def risk(family: Family, about: str, level: str, today: date) -> Body:
    texts = {
        "child": family.concern,
        "worker": "Visit in pairs.",
        "contact": "Letters may be opened by others.",
    }
    if level == "none_known":
        return {"about": about, "level": level}
    review = str(today + timedelta(weeks=6))
    return {"about": about, "level": level, "text": texts[about], "review_on": review}


def general(authority: str, number: int, code: str, question: str) -> Body:
    """A general enquiry: it names nobody and asks something."""
    referrer = with_role(AUTHORITIES[authority], Role.REFERRER)
    return {
        "authority_reference": reference_of(authority, number),
        "kind": "general",
        "referrer": {"name": referrer.name, "role": referrer.title, "email": referrer.email},
        "assessments": [{"type": code, "children": [], "adults": [], "questions": [question]}],
        "background": "No child is named here. We would like to know before we refer anybody.",
        "declaration": {"authority_to_instruct": False, "accurate": True, "name": referrer.name},
    }
