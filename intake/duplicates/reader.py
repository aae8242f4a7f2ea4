"""The enquiries that look like one: as many statements for one person as for twenty, whatever is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from intake.duplicates.blocks import blocks
from intake.duplicates.families import Band, Family, Score, score
from intake.duplicates.people import Someone
from intake.models import Enquiry, Likeness, Organisation, Person, Relationship, User

# People of other enquiries that are looked at; a hundred thousand kept give some tens.
MOST_FOUND = 400
MOST_SHOWN = 50
COLUMNS = (
    "pk",
    "enquiry_id",
    "part",
    "position",
    "name",
    "known_as",
    "date_of_birth",
    "expected_date_of_delivery",
    "sex",
    "nhs_number",
    "upn",
    "authority_child_id",
    "postcode_key",
)


@dataclass(frozen=True)
class Match:
    """An enquiry that looks like another, and why."""

    enquiry: Enquiry
    score: Score

    @property
    def about(self) -> list[Someone]:
        """The child of the other enquiry that is most alike."""
        return [self.score.there] if self.score.there else []


def of(enquiry: Enquiry, user: User) -> list[Match]:
    """What this person may see and has not been answered yet, the most alike first.

    Five statements: its people and what they are to each other, the enquiries found, their people likewise.
    """
    family = family_of(enquiry)
    condition = blocks((*family.children, *family.adults, *family.household))
    if condition is None:
        return []
    found = list(candidates(enquiry, user, condition))
    rated = (Match(row, score(family, theirs)) for row, theirs in zip(found, families(found), strict=True))
    shown = [match for match in rated if match.score.band != Band.NONE]
    return sorted(shown, key=most_alike)[:MOST_SHOWN]


def scored(enquiry: Enquiry, others: Iterable[Enquiry]) -> list[Match]:
    """Certain enquiries beside this one, alike or not."""
    rows, here = list(others), family_of(enquiry)
    return [Match(row, score(here, theirs)) for row, theirs in zip(rows, families(rows), strict=True)]


def most_alike(match: Match) -> tuple[bool, int, int]:
    return match.score.band != Band.STRONG, -match.score.total, -match.enquiry.pk


def candidates(enquiry: Enquiry, user: User, condition: Q) -> Any:
    """Through the rule of who sees what, before anybody is compared."""
    people = Person.objects.filter(condition)
    if user.organisation.kind == Organisation.Kind.AUTHORITY:
        # Others' people must not use up what is looked at.
        people = people.filter(enquiry__authority_id=user.organisation_id)
    visible = Enquiry.objects.visible_to(user).select_related("authority")
    return visible.filter(pk__in=people.values("enquiry_id")[:MOST_FOUND]).exclude(known(enquiry))


def known(enquiry: Enquiry) -> Q:
    """Itself, what it repeats or continues and what does so with it, and what was answered."""
    answered = Likeness.objects.standing()
    itself = Q(pk__in=[enquiry.pk, enquiry.repeats_id or 0]) | Q(repeats=enquiry.pk)
    joined = Q(continues=enquiry.reference) | Q(reference=enquiry.continues_id or "")
    ones = answered.filter(other=enquiry).values("one")
    others = answered.filter(one=enquiry).values("other")
    return itself | joined | Q(pk__in=ones) | Q(pk__in=others)


def family_of(enquiry: Enquiry) -> Family:
    return families([enquiry])[0]


def families(enquiries: list[Enquiry]) -> list[Family]:
    """In the order of the enquiries. Two statements."""
    ids = [enquiry.pk for enquiry in enquiries]
    if not ids:
        return []
    ties: dict[int, list[tuple[int, str]]] = {}
    tied = Relationship.objects.filter(child__enquiry__in=ids).order_by()
    for adult, place, kind in tied.values_list("adult_id", "child__position", "relationship"):
        ties.setdefault(adult, []).append((place, kind))
    people: dict[tuple[int, str], list[Someone]] = {}
    rows = Person.objects.filter(enquiry__in=ids).order_by("enquiry_id", "part", "position")
    for pk, enquiry, *columns in rows.values_list(*COLUMNS):
        someone = someone_of(*columns, ties=tuple(ties.get(pk, ())))
        people.setdefault((enquiry, someone.part), []).append(someone)
    return [gather(enquiry, people) for enquiry in enquiries]


def someone_of(
    part: str,
    position: int,
    name: str,
    known_as: str,
    born: Any,
    expected: Any,
    sex: str,
    *more: Any,
    ties: Any,
) -> Someone:
    nhs_number, upn, their_number, postcode = more
    return Someone(
        part=part,
        position=position,
        name=name,
        known_as=known_as,
        born=born,
        expected=expected,
        sex=sex,
        nhs_number=nhs_number,
        upn=upn,
        their_number=their_number,
        postcode=postcode or "",
        ties=ties,
    )


def gather(enquiry: Enquiry, people: dict[tuple[int, str], list[Someone]]) -> Family:
    return Family(
        children=people.get((enquiry.pk, Person.Part.CHILD), ()),
        adults=people.get((enquiry.pk, Person.Part.ADULT), ()),
        household=people.get((enquiry.pk, Person.Part.HOUSEHOLD), ()),
        authority=enquiry.authority_id,
        authority_reference=enquiry.authority_reference,
        case_number=enquiry.case_number,
    )
