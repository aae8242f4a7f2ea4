"""The order of the work: a band set by hand and taken back, and the round that ranks anew what the days move."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake import ranking
from intake.actions import weighing
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, Invalid, NotPossible
from intake.weights import BANDS

SETTING = (Role.COORDINATOR, Role.MANAGER)
# Rows held at once by the round.
BATCH = 200
PLACED = ("band", "urgency", "ranks_on")


def refuse_setting(by: User) -> None:
    if not by.has(*SETTING):
        raise Forbidden("Your role does not allow this: set the priority.")


@transaction.atomic
def override(*, enquiry: Enquiry, by: User, band: str, reason: str) -> Enquiry:
    """Set the band, whatever the points say, with a reason; it stands until it is taken back.

    The same band for the same reason again changes nothing.
    """
    enquiry = hold_ranked(enquiry, by)
    faults = []
    if band not in BANDS:
        faults.append(Fault("/band", "unknown", "Choose one of the bands."))
    if not reason.strip():
        faults.append(Fault("/reason", "required", "Say why it goes before or after what the points say."))
    if faults:
        raise Invalid(faults)
    if (enquiry.band_override, enquiry.override_reason) == (band, reason):
        return enquiry
    return place(enquiry, by, band=band, reason=reason, verb="enquiry.priority_set")


@transaction.atomic
def lift(*, enquiry: Enquiry, by: User, reason: str = "") -> Enquiry:
    """The points say the band again."""
    enquiry = hold_ranked(enquiry, by)
    if not enquiry.band_override:
        raise NotPossible("Nobody has set its priority.", status=enquiry.status)
    return place(enquiry, by, band="", reason=reason, verb="enquiry.priority_lifted")


def hold_ranked(enquiry: Enquiry, by: User) -> Enquiry:
    """Who may not is told first, then that it is not open; the order is the hub's, and no version goes stale."""
    refuse_setting(by)
    enquiry = Enquiry.objects.hold(enquiry)
    if not ranking.is_ranked(enquiry):
        raise NotPossible(enquiry.standing_sentence(), status=enquiry.status)
    return enquiry


def place(enquiry: Enquiry, by: User, *, band: str, reason: str, verb: str) -> Enquiry:
    before = enquiry.band
    enquiry.band_override, enquiry.override_reason = band, reason if band else ""
    changes = ranking.placed_again(enquiry, timezone.localdate())
    changes |= {"band_override": enquiry.band_override, "override_reason": enquiry.override_reason}
    data = {"before": before, "after": changes["band"]}
    Event.objects.record(enquiry, verb=verb, by=by, note=reason, data=data, audience=Event.Audience.HUB)
    Enquiry.objects.filter(pk=enquiry.pk).update(**changes)
    enquiry.take(changes)
    return enquiry


def rank_anew(now: datetime) -> int:
    """The worker's round: whatever the days, or new weights, have moved since it was ranked; says how many moved.

    Computed from the date, so an outage is caught up. It makes no new version: nothing was changed by anybody.
    """
    weighing.spread(now)
    today, moved, last = timezone.localdate(now), 0, 0
    while True:
        count, changed, last = rank_batch(today, last)
        moved += changed
        if count < BATCH:
            return moved


@transaction.atomic
def rank_batch(today: date, after: int) -> tuple[int, int, int]:
    """How many were looked at, how many moved, and the last of them; held, so that no amendment comes between."""
    due = Enquiry.objects.open().filter(Q(ranks_on__lte=today) | Q(ranks_on__isnull=True), pk__gt=after)
    rows = list(ranking.with_facts(due.order_by("pk")).select_for_update(of=("self",))[:BATCH])
    moved = 0
    for row in rows:
        before = row.urgency
        row.take(ranking.columns(ranking.enquiry_priority(row, today)))
        moved += row.urgency != before
    Enquiry.objects.bulk_update(rows, PLACED)
    return len(rows), moved, rows[-1].pk if rows else after
