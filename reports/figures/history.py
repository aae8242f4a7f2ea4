"""The stories of enquiries as the database tells them: a few statements for many at a time."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from intake.lifecycle import Status
from intake.models import Assessment, Enquiry, Event, book
from referrals.models import Allocation, Offer, Referral
from reports.figures.facts import VERBS, Line, Story, Work


class Told(NamedTuple):
    """A story, with the rows that its facts will name."""

    enquiry: Enquiry
    story: Story
    referrals: dict[str, int]


def told(ids: Collection[int]) -> list[Told]:
    """Of those that were sent; a draft has no story. Six statements."""
    of_these: dict[str, Any] = {"enquiry__in": ids}
    lines: dict[int, list[Line]] = defaultdict(list)
    rows = Event.objects.filter(**of_these, verb__in=VERBS).order_by("enquiry", "sequence")
    for enquiry, verb, subject, at, data in rows.values_list("enquiry", "verb", "subject", "at", "data"):
        lines[enquiry].append(Line(verb.partition(".")[2], subject, at, data))
    types: dict[int, dict[int, str]] = defaultdict(dict)
    asked = Assessment.objects.filter(**of_these).order_by("position")
    for enquiry, position, code in asked.values_list("enquiry", "position", "type__code"):
        types[enquiry][position] = code
    work, keys = works(ids)
    workers: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    named = Allocation.objects.filter(referral__enquiry__in=ids)
    for enquiry, since, person in named.values_list("referral__enquiry", "since", "assessor"):
        workers[enquiry].append((since, person))
    sent = Enquiry.objects.filter(pk__in=ids).exclude(status=Status.DRAFT).select_related("authority")
    return [
        Told(
            row,
            Story(
                reference=row.reference,
                types=types[row.pk],
                lines=lines[row.pk],
                work=work[row.pk],
                workers=workers[row.pk],
                calendar=book().calendars[row.authority.nation],
                due=row.due_after,
            ),
            keys[row.pk],
        )
        for row in sent
    ]


def works(ids: Collection[int]) -> tuple[dict[int, dict[str, Work]], dict[int, dict[str, int]]]:
    """The referrals of each enquiry by their references: what figures ask of them, and their keys."""
    offered: dict[int, list[int]] = defaultdict(list)
    offers = Offer.objects.filter(referral__enquiry__in=ids).order_by("offered_at", "pk")
    for referral, service in offers.values_list("referral", "service"):
        offered[referral].append(service)
    work: dict[int, dict[str, Work]] = defaultdict(dict)
    keys: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Referral.objects.filter(enquiry__in=ids).order_by("pk")
    columns = ("enquiry", "pk", "reference", "assessment__type__code", "created_at")
    for enquiry, pk, reference, code, created_at in rows.values_list(*columns):
        work[enquiry][reference] = Work(code, created_at, offered[pk])
        keys[enquiry][reference] = pk
    return work, keys
