"""Made waiting lists and assessors for the planner: invented, equal for an equal seed."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from intake.deadlines import Calendar
from referrals.matching import Against, Away, Candidate, Commitment, Cover, Diary, Rule, Wanted
from referrals.planner.terms import Waiting

TODAY = date(2026, 11, 23)
CALENDARS = {"england": Calendar(frozenset()), "wales": Calendar(frozenset())}
# As shipped, in short.
RULES: Mapping[str, Rule] = {
    "covers": Rule(10),
    "not_covered": Rule(0, "hard"),
    "ages_outside": Rule(-20),
    "skill_held": Rule(15),
    "skill_missing": Rule(0, "hard"),
    "language_spoken": Rule(15),
    "language_missing": Rule(-5),
    "grade_below": Rule(0, "manager"),
    "advanced": Rule(5),
    "wrong_body": Rule(0, "hard"),
    "registration_unknown": Rule(-5),
    "registration_expired": Rule(0, "hard"),
    "conflict": Rule(0, "manager"),
    "blocked": Rule(0, "hard"),
    "leaving": Rule(0, "manager"),
    "away": Rule(0, "hard"),
    "knows_family": Rule(25),
    "service_knows_family": Rule(10),
    "ceiling": Rule(0, "manager"),
    "over_soft": Rule(-15),
    "room_per_hour": Rule(1),
    "room_most": Rule(15),
    "near": Rule(10),
    "near_miles": Rule(15),
    "far_per_ten_miles": Rule(-1),
    "far_most": Rule(-15),
    "in_time": Rule(10),
    "late": Rule(-10),
    "late_per_day": Rule(-1),
    "late_most": Rule(-40),
}
# Code, weeks, hours in all, the skill it asks for.
TYPES = (
    ("PARENTING", 12, 60, ""),
    ("KINSHIP", 12, 48, ""),
    ("SGO", 12, 48, ""),
    ("PAMS", 14, 70, "PAMS"),
    ("RISK", 8, 40, ""),
    ("SIBLING", 8, 32, ""),
    ("AGE", 6, 24, "age assessment"),
)
REGIONS = (
    "North West",
    "Yorkshire",
    "West Midlands",
    "East Midlands",
    "London",
    "South East",
    "South West",
    "Wales",
)
SPOTS = tuple((50.8 + place / 2, -3.0 + (place * 7 % 5) / 2) for place in range(16))
LANGUAGES = ("pl", "ur", "ro", "ar")


def services(draw: Random, people: int) -> list[Candidate]:
    """Teams of eight in one or two regions each, half of them full or nearly so."""
    found = []
    for number, first in enumerate(range(0, people, 8)):
        cover = covering(draw, number)
        team = tuple(
            assessor(draw, 1000 + number, place, cover) for place in range(first, min(first + 8, people))
        )
        name = f"Service {number + 1}"
        found.append(Candidate(1000 + number, name, None, name, cover=cover, team=team))
    return found


def covering(draw: Random, number: int) -> dict[str, tuple[Cover, ...]]:
    regions = {REGIONS[number % len(REGIONS)], draw.choice(REGIONS)}
    done = [kind for kind, *_ in TYPES if draw.random() < 0.7] or ["PARENTING"]
    return {kind: tuple(Cover(region) for region in sorted(regions)) for kind in done}


def assessor(draw: Random, service: int, number: int, cover: Mapping[str, tuple[Cover, ...]]) -> Candidate:
    hours = draw.choice((15, 22, 30, 37))
    work = tuple(
        Commitment(draw.choice((3.0, 4.0, 5.0, 6.5)), TODAY + timedelta(days=draw.randint(7, 120)))
        for _ in range(draw.randint(1, hours // 6))
    )
    leave = (Away(TODAY, TODAY + timedelta(days=200)),) if draw.random() < 0.03 else ()
    return Candidate(
        service,
        f"Service {service - 999}",
        number + 1,
        f"Assessor {number + 1}",
        cover=cover,
        languages=frozenset(language for language in LANGUAGES if draw.random() < 0.1),
        skills=frozenset(skill for skill in ("PAMS", "age assessment") if draw.random() < 0.35),
        registration_until=TODAY + timedelta(days=draw.choice((-5, 40, 300, 500, 700))),
        grade=draw.choice((0, 1, 2, 2, 3)),
        diary=Diary(hours, hours * 1.2, work, leave),
        leads=len(work),
        capacity=None if draw.random() < 0.5 else len(work) + draw.randint(0, 4),
        spot=draw.choice(SPOTS),
        conflicts=(Against("earlier employer", authority=draw.randint(1, 60)),)
        if draw.random() < 0.1
        else (),
    )


def waiting(draw: Random, number: int, people: int) -> list[Waiting]:
    """Standing in no order: parenting most, one in ten urgent, one in six known to somebody."""
    return [one_waiting(draw, place, people) for place in range(number)]


def one_waiting(draw: Random, place: int, people: int) -> Waiting:
    kind, weeks, hours, skill = draw.choices(TYPES, (6, 3, 3, 1, 3, 2, 1))[0]
    region = draw.choice(REGIONS)
    wanted = Wanted(
        f"REF-{place:04d}",
        kind,
        region,
        "wales" if region == "Wales" else "england",
        hours,
        weeks,
        TODAY + timedelta(days=draw.randint(20, 200)) if draw.random() < 0.8 else None,
        RULES,
        skills=frozenset({skill} - {""}),
        languages=frozenset({draw.choice(LANGUAGES)}) if draw.random() < 0.15 else frozenset(),
        grade=draw.choice((0, 1, 1, 2)),
        youngest=draw.randint(0, 12),
        oldest=14,
        spot=draw.choice(SPOTS) if draw.random() < 0.9 else None,
        authority=draw.randint(1, 60),
        enquiry=f"ENQ-{place:04d}",
        family=frozenset({f"ENQ-{place:04d}"}),
        known_to=frozenset({draw.randint(1, people)}) if draw.random() < 0.17 else frozenset(),
    )
    return Waiting(wanted, draw.choices(("standard", "high", "urgent"), (6, 3, 1))[0])
