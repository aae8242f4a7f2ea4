"""What a referral asks of whoever takes it, as the match reads it: nobody is named in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from intake.models import ConflictBlock, Enquiry, Likeness, Person, Subject, book
from intake.placing import AssessmentHours, area_of
from referrals.capacity import terms_of
from referrals.matching import Rule, Wanted
from referrals.models import Allocation, Offer, Referral

PEOPLE = (
    "pk", "enquiry_id", "part", "date_of_birth", "age", "expected_date_of_delivery", "first_language", "interpreter",
    "learning_disability", "postcode", "address_withheld", "nhs_number",
)  # fmt: skip
HARD_TO_LEARN = ("yes", "needs_support")
YEAR = 365.25


def wanted_of(referral: Referral, today: date | None = None) -> Wanted:
    return wanted_many([referral], today)[0]


def wanted_many(referrals: Sequence[Referral], today: date | None = None) -> list[Wanted]:
    """In their order. Eight statements, however many they are; their enquiries come with them."""
    today = today or timezone.localdate()
    known = gather(referrals)
    return [wanted(row, known, today) for row in referrals]


@dataclass
class Known:
    """What the database knows of the enquiries of some referrals."""

    people: dict[int, list[Person]] = field(default_factory=dict)
    subjects: dict[int, set[int]] = field(default_factory=dict)
    # References of the same family, of an enquiry.
    family: dict[int, set[str]] = field(default_factory=dict)
    workers: dict[str, set[tuple[int, int | None, int]]] = field(default_factory=dict)
    declined: dict[int, set[int]] = field(default_factory=dict)
    # Whom a conflict of interest keeps out, by the reference of an enquiry of the family.
    blocked: dict[str, set[int]] = field(default_factory=dict)


def gather(referrals: Sequence[Referral]) -> Known:
    enquiries = {row.enquiry_id: row.enquiry for row in referrals}
    known = Known()
    for person in Person.objects.filter(enquiry__in=enquiries).only(*PEOPLE):
        known.people.setdefault(person.enquiry_id, []).append(person)
    about = Subject.objects.filter(assessment__in={row.assessment_id for row in referrals})
    for assessment, person_id in about.values_list("assessment", "person"):
        known.subjects.setdefault(assessment, set()).add(person_id)
    known.family = families(enquiries, known)
    named = {reference for rows in known.family.values() for reference in rows}
    known.workers = workers(named)
    given_back = Offer.objects.filter(
        referral__in=[row.pk for row in referrals], answer=Offer.Answer.DECLINED
    )
    for referral, service in given_back.values_list("referral", "service"):
        known.declined.setdefault(referral, set()).add(service)
    blocks = ConflictBlock.objects.live().filter(enquiry__reference__in=named)
    for reference, user in blocks.values_list("enquiry__reference", "person"):
        known.blocked.setdefault(reference, set()).add(user)
    return known


def family_of(enquiry: Enquiry) -> set[str]:
    """The references of all that is known to be about the same family, by the rule that the match uses."""
    people = list(Person.objects.filter(enquiry=enquiry).only("enquiry_id", "nhs_number"))
    return families({enquiry.pk: enquiry}, Known(people={enquiry.pk: people}))[enquiry.pk]


def families(enquiries: dict[int, Enquiry], known: Known) -> dict[int, set[str]]:
    """Itself, what it continues and what continues it, what was answered to be the same family, a shared NHS number."""
    found = {key: {row.reference, *filter(None, [row.continues_id])} for key, row in enquiries.items()}
    by_reference = {row.reference: key for key, row in enquiries.items()}
    later = Enquiry.objects.filter(continues__in=list(by_reference)).values_list("continues", "reference")
    for earlier, reference in later:
        found[by_reference[str(earlier)]].add(reference)
    linked = Likeness.objects.standing().filter(
        Q(one__in=enquiries) | Q(other__in=enquiries), answer=Likeness.Answer.LINKED
    )
    for one, other, reference, other_reference in linked.values_list(
        "one", "other", "one__reference", "other__reference"
    ):
        for key, named in ((one, other_reference), (other, reference)):
            if key in found:
                found[key].add(named)
    by_number(found, known)
    return found


def by_number(found: dict[int, set[str]], known: Known) -> None:
    """Somebody with the same NHS number is the same person."""
    of: dict[str, set[int]] = {}
    for key, people in known.people.items():
        for person in people:
            if person.nhs_number:
                of.setdefault(person.nhs_number, set()).add(key)
    rows = Person.objects.filter(nhs_number__in=list(of), nhs_number__gt="") if of else Person.objects.none()
    for number, reference in rows.values_list("nhs_number", "enquiry__reference"):
        for key in of[number]:
            found[key].add(reference)


def workers(references: Iterable[str]) -> dict[str, set[tuple[int, int | None, int]]]:
    """Who led which referral of these enquiries, with the service; a restricted enquiry says nothing of itself."""
    rows = Allocation.objects.filter(
        referral__enquiry__reference__in=list(references), referral__enquiry__restricted=False
    )
    found: dict[str, set[tuple[int, int | None, int]]] = {}
    columns = ("referral__enquiry__reference", "assessor", "assessor__organisation", "referral")
    for reference, assessor, service, referral in rows.values_list(*columns):
        found.setdefault(reference, set()).add((assessor, service, referral))
    return found


def wanted(referral: Referral, known: Known, today: date) -> Wanted:
    enquiry = referral.enquiry
    code = referral.assessment.type.code
    terms, practice = terms_of(code, today), book().practice
    people = known.people.get(enquiry.pk, [])
    children, adults = (
        children_of(referral, people, known),
        [row for row in people if row.part == Person.Part.ADULT],
    )
    ages = [years for row in children if (years := age_of(row, today)) is not None]
    area = area_near([*adults, *children])
    family = known.family.get(enquiry.pk, {enquiry.reference})
    seen = {row for reference in family for row in known.workers.get(reference, ())}
    return Wanted(
        referral=referral.reference,
        type=code,
        region=enquiry.authority.region,
        nation=enquiry.authority.nation,
        hours=hours_for(terms, children, adults),
        weeks=terms.weeks,
        needed_by=referral.decisive_date,
        rules={key: Rule(row.points, row.stops) for key, row in practice.weights(today).items()},
        skills=labels("skill", terms.skills),
        languages=languages_of(enquiry, people),
        bodies=labels("registration_body", terms.bodies),
        grade=terms.grade,
        youngest=min(ages, default=None),
        oldest=max(ages, default=None),
        postcode_area=area,
        spot=practice.spots(today).get(area),
        authority=enquiry.authority_id,
        enquiry=enquiry.reference,
        family=frozenset(family),
        known_to=frozenset(assessor for assessor, _, _ in seen),
        known_to_services=frozenset(service for _, service, _ in seen if service),
        declined_by=frozenset(known.declined.get(referral.pk, ())),
        blocked=frozenset(row for reference in family for row in known.blocked.get(reference, ())),
    )


def children_of(referral: Referral, people: Sequence[Person], known: Known) -> list[Person]:
    """Those it is about; all children of the enquiry where it names none."""
    children = [row for row in people if row.part == Person.Part.CHILD]
    about = known.subjects.get(referral.assessment_id, set())
    return [row for row in children if row.pk in about] or children


def age_of(person: Person, today: date) -> int | None:
    if person.date_of_birth is None:
        return 0 if person.expected_date_of_delivery else person.age
    return int((today - person.date_of_birth).days / YEAR)


def area_near(people: Iterable[Person]) -> str:
    """Of the first open address; of a withheld one nothing is used but the authority's region."""
    rows = list(people)
    if any(row.address_withheld for row in rows):
        return ""
    return next((area for row in rows if (area := area_of(row.postcode))), "")


def hours_for(terms: AssessmentHours, children: Sequence[Person], adults: Sequence[Person]) -> int:
    """What it usually takes, and more for each further child, an interpreter, a learning disability."""
    hours = terms.hours + terms.per_child * max(len(children) - 1, 0)
    if any(row.interpreter for row in adults):
        hours += terms.interpreter
    if any(row.learning_disability in HARD_TO_LEARN for row in adults):
        hours += terms.learning_disability
    return hours


def labels(name: str, codes: Iterable[str]) -> frozenset[str]:
    """The words of some codes: they are what the reasons say."""
    say: Callable[[str, str], Any] = book().codes.label
    return frozenset(say(name, code) for code in codes)


def languages_of(enquiry: Enquiry, people: Iterable[Person]) -> frozenset[str]:
    """The interpreters' languages that the list knows, in its words; Welsh where the enquiry is in Welsh."""
    told = " ".join(f"{row.interpreter} {row.first_language}" for row in people).casefold()
    names = {row.label for row in book().codes.list("spoken_language", timezone.localdate())}
    found = {name for name in names if name.casefold() in told}
    if enquiry.language == "cy":
        found.add("Welsh")
    if "bsl" in told:
        found.add("British Sign Language")
    return frozenset(found - {"English"})
