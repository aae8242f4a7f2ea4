"""What an audit reads of a closed referral: who had a part in its case, who may audit it, what was complied with."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from intake.lifecycle import Transition as T
from intake.models import Enquiry, Event, Person, Risk, User
from referrals.auditing import compliance
from referrals.auditing.compliance import Item, Record
from referrals.auditing.independence import Line, parts
from referrals.lifecycle import Status
from referrals.lifecycle import Transition as X
from referrals.models import Allocation, Met, Referral, Review
from referrals.models.audit import AUDITING

DECISIONS = tuple(f"enquiry.{name}" for name in (T.ACCEPT, T.DECLINE, T.REDIRECT))


# --- Who ------------------------------------------------------------------------------------------------------


def taking_part(enquiries: Collection[int]) -> dict[int, dict[int, set[str]]]:
    """Of each case who had a part in it, and which: by its history, and by who stands in its rows."""
    lines: dict[int, list[Line]] = defaultdict(list)
    rows = Event.objects.filter(enquiry__in=enquiries).order_by("enquiry", "sequence")
    for enquiry, verb, by in rows.values_list("enquiry", "verb", "by"):
        lines[enquiry].append(Line(verb, by))
    named: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for enquiry, owner in Enquiry.objects.filter(pk__in=enquiries).values_list("pk", "owner"):
        put(named[enquiry], owner, "owned the enquiry")
    of_these = Referral.objects.filter(enquiry__in=enquiries)
    for enquiry, lead, beside, author in of_these.values_list("enquiry", "assessor", "co_worker", "author"):
        put(named[enquiry], lead, "led the assessment")
        put(named[enquiry], beside, "worked beside the lead")
        put(named[enquiry], author, "wrote the report")
    led = Allocation.objects.filter(referral__enquiry__in=enquiries)
    for enquiry, person in led.values_list("referral__enquiry", "assessor"):
        put(named[enquiry], person, "worked on the assessment")
    read = Review.objects.filter(referral__enquiry__in=enquiries)
    for enquiry, person in read.values_list("referral__enquiry", "by"):
        put(named[enquiry], person, "reviewed the report")
    return {enquiry: parts(lines[enquiry], named[enquiry]) for enquiry in enquiries}


def put(found: list[tuple[int, str]], person: int | None, part: str) -> None:
    if person is not None:
        found.append((person, part))


def had_a_part(referral: Referral, person: User) -> bool:
    return person.pk in taking_part([referral.enquiry_id])[referral.enquiry_id]


def auditors() -> QuerySet[User]:
    """Who audits, where they had no part: the hub's own people, whatever their own work is."""
    rows = User.objects.active().filter(kind=User.Kind.PERSON, organisation__kind="hub")
    found: QuerySet[User] = rows.filter(role_grants__role__in=AUDITING).distinct().order_by("name", "pk")
    return found


def who_may(enquiries: Collection[int]) -> dict[int, list[int]]:
    """Of each case who may audit it: sees it, and had no part in it."""
    taken = taking_part(enquiries)
    found: dict[int, list[int]] = {enquiry: [] for enquiry in enquiries}
    for person in auditors():
        seen = Enquiry.objects.visible_to(person).filter(pk__in=enquiries).values_list("pk", flat=True)
        for enquiry in seen:
            if person.pk not in taken[enquiry]:
                found[enquiry].append(person.pk)
    return found


def independent(referral: Referral) -> QuerySet[User]:
    """Those who may audit this one."""
    return auditors().filter(pk__in=who_may([referral.enquiry_id])[referral.enquiry_id])


# --- Which ----------------------------------------------------------------------------------------------------


def closed_between(user: User, first: date, last: date) -> QuerySet[Referral]:
    """Closed in those days, not audited and not being audited; as far as this person sees them."""
    begins, ends = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1))
    )
    rows: QuerySet[Referral] = Referral.objects.visible_to(user).filter(status=Status.CLOSED)
    # Nothing changes a closed referral but its being reopened: when it changed last, it was closed.
    return rows.filter(updated_at__gte=begins, updated_at__lt=ends, audit_rows__isnull=True)


# --- What -----------------------------------------------------------------------------------------------------


def items(referral: Referral) -> list[Item]:
    """The list of compliance, derived from the record as it is."""
    return compliance.items(record_of(referral))


def record_of(referral: Referral) -> Record:
    enquiry = referral.enquiry
    children = list(referral.assessment.subjects.filter(part=Person.Part.CHILD))
    born = {row.pk for row in children if row.expected_date_of_delivery is None}
    reviews = list(referral.review_rows.values_list("outcome", flat=True))
    visits = list(referral.visit_rows.all())
    sources = list(referral.evidence_rows.values_list("state", flat=True))
    risks = Risk.objects.filter(enquiry=enquiry, review_on__isnull=False)
    return Record(
        decided_in_time=decided_in_time(enquiry),
        lacking_at_start=lacking_at_start(referral),
        family_told=enquiry.family_told,
        children=len(born),
        seen=len(born & seen_with_views(referral)),
        unborn=len(children) - len(born),
        visits=len(visits),
        visits_open=sum(row.state == "planned" for row in visits),
        sources=len(sources),
        sources_open=sources.count("asked"),
        risk_days=list(risks.values_list("review_on", flat=True)),  # type: ignore[arg-type]
        ended_on=timezone.localdate(referral.updated_at),
        reviews=len(reviews),
        sent_back=reviews.count(Review.Outcome.SENT_BACK),
        filed_in_time=referral.filing_met,
    )


def decided_in_time(enquiry: Enquiry) -> bool | None:
    """The last decision by the moment that its clock named; stopped, the moment stays on the enquiry."""
    last = (
        enquiry.events.filter(verb__in=DECISIONS).order_by("-sequence").values_list("at", flat=True).first()
    )
    return None if last is None or enquiry.due_at is None else last <= enquiry.due_at


def lacking_at_start(referral: Referral) -> int:
    lines = Event.objects.filter(
        enquiry=referral.enquiry_id, subject=referral.reference, verb=f"referral.{X.START}"
    )
    data: dict[str, Any] | None = lines.order_by("-sequence").values_list("data", flat=True).first()
    return len((data or {}).get("lacking", ()))


def seen_with_views(referral: Referral) -> set[int]:
    """The children of whom the report or a visit says that they were seen, and what they thought."""
    said = referral.childseen_rows.filter(seen_on__isnull=False).exclude(views="")
    met = Met.objects.filter(visit__referral=referral, visit__done_on__isnull=False).exclude(views="")
    return {*said.values_list("child", flat=True), *met.values_list("person", flat=True)}


def names_of(people: Iterable[int]) -> dict[int, User]:
    found: dict[int, User] = User.objects.in_bulk(list(people))
    return found
