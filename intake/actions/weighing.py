"""Changing what weighs how much: looked at beforehand, in force from a day on, with who and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import priority, ranking
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Enquiry, PriorityWeight, User, WeightsChange, book, put_away
from intake.models.book import SECONDS
from intake.refusals import Forbidden, Invalid
from intake.weights import AT_MOST, BANDS, HIGH, MOST_POINTS, URGENT, Factor, Weight, Weights, in_force

OWN = "our own practice"
CHUNK = 500
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Preview:
    """What a change would do to the open enquiries: of how many the band differs, and from which to which."""

    open: int
    moved: int
    by_band: tuple[tuple[str, str, int], ...]

    @property
    def sentence(self) -> str:
        enquiries = "enquiry" if self.open == 1 else "enquiries"
        return f"{self.moved} of the {self.open} open {enquiries} would change band."


def refuse_weighing(by: User) -> None:
    if not by.has(Role.MANAGER):
        raise Forbidden("Your role does not allow this: change what weighs how much.")


def preview(*, points: Mapping[Key, int], valid_from: date, by: User) -> Preview:
    """Every open enquiry by today's weights and by the new ones, as of the day on which they begin."""
    refuse_weighing(by)
    rows = changed_rows(points, valid_from)
    now, then = book().weights(valid_from), with_rows(rows, valid_from)
    moves: Counter[tuple[str, str]] = Counter()
    for row in open_enquiries():
        known = ranking.from_rows(row, valid_from)
        moves[band_by(known, now, valid_from, row), band_by(known, then, valid_from, row)] += 1
    apart = {pair: count for pair, count in moves.items() if pair[0] != pair[1]}
    return Preview(
        open=sum(moves.values()),
        moved=sum(apart.values()),
        by_band=tuple((BANDS[one], BANDS[two], count) for (one, two), count in sorted(apart.items())),
    )


def open_enquiries() -> Iterable[Enquiry]:
    """All of them: a count names nobody."""
    return ranking.with_facts(Enquiry.objects.open().order_by("pk")).iterator(chunk_size=CHUNK)


def band_by(known: priority.Facts, weights: Weights, day: date, row: Enquiry) -> str:
    return row.band_override or priority.priority(known, weights, day).band


@transaction.atomic
def change_weights(
    *, points: Mapping[Key, int], valid_from: date, reason: str, by: User, moved: int | None = None
) -> WeightsChange:
    """Give rows other points from a day on; the rows before stay. The round ranks anew on that day.

    A row that begins on that very day is put right. `moved` is what the preview showed.
    """
    refuse_weighing(by)
    rows = changed_rows(points, valid_from, reason=reason)
    before = book().weights(valid_from)
    if moved is None:
        moved = preview(points=points, valid_from=valid_from, by=by).moved
    for row in rows:
        PriorityWeight.objects.update_or_create(
            factor=row.factor, code=row.code, limit=row.limit, valid_from=valid_from, defaults=kept(row)
        )
    old = {row.key: row.points for row in before.rows}
    changed = [[*row.key, row.label, old[row.key], row.points] for row in rows]
    # Also when this is undone, the next question reads what stands.
    put_away()
    return WeightsChange.objects.create(
        by=by, by_name=by.name, valid_from=valid_from, reason=reason, changed=changed, moved=moved
    )


def note_edit(*, row: PriorityWeight, before: int, by: User, deleted: bool = False) -> WeightsChange:
    """A row edited where reference data is kept: on record like any other change, and taken up by the round."""
    after = 0 if deleted else row.points
    return WeightsChange.objects.create(
        by=by,
        by_name=by.name,
        valid_from=max(row.valid_from, timezone.localdate()),
        reason="Edited with the reference data.",
        changed=[[row.factor, row.code, row.limit, row.label, before, after]],
    )


def changed_rows(points: Mapping[Key, int], valid_from: date, reason: str | None = None) -> list[Weight]:
    """The rows that get other points; every fault at once."""
    current = {row.key: row for row in book().weights(valid_from).rows}
    faults = []
    if valid_from < timezone.localdate():
        faults.append(
            Fault("/valid_from", "past", "Give today or a later day; what was in force stays as it was.")
        )
    if reason is not None and not reason.strip():
        faults.append(Fault("/reason", "required", "Say why the weights change."))
    if unknown := set(points) - set(current):
        faults.append(Fault("/points", "unknown", f"There is no weight {name_of(min(unknown))}."))
    if any(not 0 <= value <= MOST_POINTS for value in points.values()):
        faults.append(Fault("/points", "range", f"Points are between 0 and {MOST_POINTS}."))
    rows = [replace(current[key], points=value, valid_from=valid_from, source=OWN, valid_until=None)
            for key, value in points.items() if key in current and current[key].points != value]  # fmt: skip
    if not rows and not faults:
        faults.append(Fault("/points", "same", "These are the points that are in force already."))
    faults += faults_of(with_rows(rows, valid_from))
    if faults:
        raise Invalid(faults)
    return rows


def faults_of(weights: Weights) -> list[Fault]:
    """Nearer, and longer waiting, may never weigh less; urgent begins above high."""
    faults = []
    for factor, rows in weights.by_limit.items():
        ordered = rows if factor in AT_MOST else rows[::-1]
        weighing = [row for row in ordered if row.points]
        if any(one.points < two.points for one, two in pairwise(weighing)):
            sentence = f"Of “{factor}”, what is more pressing may not weigh less."
            faults.append(Fault("/points", "order", sentence))
    if weights.points(Factor.BAND, URGENT) <= weights.points(Factor.BAND, HIGH):
        faults.append(Fault("/points", "bands", "Urgent has to begin above high."))
    return faults


def with_rows(rows: Iterable[Weight], day: date) -> Weights:
    new = {(row.key, row.valid_from) for row in rows}
    stay = (row for row in book().weight_rows if (row.key, row.valid_from) not in new)
    return in_force((*stay, *rows), day)


def kept(row: Weight) -> dict[str, Any]:
    names = ("points", "label", "valid_until", "source", "verified")
    return {name: getattr(row, name) for name in names}


def name_of(key: Key) -> str:
    return " ".join(str(part) for part in key if part not in ("", 0))


@transaction.atomic
def spread(now: datetime) -> int:
    """The worker's round: once changed weights are in force, every open enquiry is due to be ranked anew.

    It waits until no process can hold the earlier book, so that none ranks by it afterwards.
    """
    today, settled = timezone.localdate(now), now - timedelta(seconds=2 * SECONDS)
    begun = WeightsChange.objects.filter(spread_at__isnull=True, valid_from__lte=today, at__lte=settled)
    if not begun.update(spread_at=now):
        return 0
    return Enquiry.objects.open().filter(ranks_on__gt=today).update(ranks_on=today)
