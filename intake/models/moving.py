"""What every row with a lifecycle can do: the only writer of its status."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Clock, Lifecycle, Role, Step, Turn
from intake.refusals import Forbidden, Invalid, NotPossible, Stale

if TYPE_CHECKING:
    from intake.models.event import Event
    from intake.models.user import User


class Moving(models.Model):
    """A row that moves by its lifecycle's table, and carries a version for those who changed it meanwhile."""

    lifecycle: ClassVar[Lifecycle]
    # The version the caller had read, when it came with one.
    seen_version: int | None = None

    reference = models.CharField(max_length=16, unique=True, editable=False)
    turn = models.CharField(max_length=10, choices=Turn.pairs(), default=Turn.NOBODY)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    status: str

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def etag(self) -> str:
        return f'"{self.version}"'

    @property
    def status_label(self) -> str:
        return self.lifecycle.labels[self.status]

    @property
    def turn_label(self) -> str:
        return Turn(self.turn).label

    def roles_of(self, user: "User") -> frozenset[Role]:
        """The roles this person has on this very row."""
        raise NotImplementedError

    def transitions_for(self, user: "User") -> list[str]:
        """What this person can do with it now, in the order of the table."""
        return self.lifecycle.open_to(self.status, self.roles_of(user))

    def check_can(self, transition: str, by: "User") -> Step:
        """Refuse what this person may never do, then what cannot be done now, then what was read too long ago."""
        step = self.lifecycle[transition]
        if not self.lifecycle.allowed(transition, self.roles_of(by)):
            raise Forbidden(f"Your role does not allow this: {self.label_of(transition).lower()}.")
        if self.status not in step.from_:
            raise NotPossible(
                self.standing_sentence(), status=self.status, transitions=self.transitions_for(by)
            )
        self.check_seen()
        return step

    def check_seen(self) -> None:
        if self.seen_version is not None and self.seen_version != self.version:
            who, when = self.changed_last()
            raise Stale(changed_by=who, changed_at=when, etag=self.etag)

    def changed_last(self) -> tuple[str, datetime]:
        """Who made it the version that it is, and when."""
        last = self.last_change()
        return (str(last.by), last.at) if last else ("", self.updated_at)

    def standing_sentence(self) -> str:
        return f"This is not possible while {self.reference} stands at “{self.status_label}”."

    def label_of(self, transition: str) -> str:
        raise NotImplementedError

    def last_change(self) -> "Event | None":
        raise NotImplementedError

    def versions(self) -> "models.QuerySet[Event]":
        """The lines of history that each made a new version of it."""
        raise NotImplementedError

    def made_since(self, version: int) -> "list[Event]":
        """Those that came after this version; newest first."""
        missed = max(0, self.version - version)
        return list(self.versions().order_by("-sequence")[:missed])

    def record(self, verb: str, **facts: Any) -> "Event":
        """Write one line of history for this row (see Event.objects.record)."""
        raise NotImplementedError

    def clock_changes(self, clock: Clock | None, at: datetime) -> dict[str, Any]:
        """What a step does to columns derived from the interval log; rows without a clock have none."""
        return {}

    def make(
        self,
        transition: str,
        *,
        by: "User",
        facts: Mapping[str, Any] | None = None,
        note: str = "",
        at: datetime | None = None,
        **changes: Any,
    ) -> "Event":
        """Move to the next status by the table: check, record the Event, write; return the Event.

        `facts` are what the transition needs, by the names of the table; they are kept in the history.
        `changes` are further columns that change with the status.
        """
        step = self.check_can(transition, by)
        facts = facts or {}
        check_needs(step, facts)
        at = at or timezone.now()
        before, after = self.status, step.leads_to(self.status)
        changes |= {"status": after, "turn": step.turn or self.turn, "updated_at": at}
        changes |= self.clock_changes(step.clock, at)
        if new := self._state.adding:
            # Written by the INSERT that goes with its first line of history.
            self.take(changes)
        event = self.record(
            transition,
            by=by,
            at=at,
            from_status=before,
            to_status=after,
            clock=step.clock or "",
            note=note,
            data=dict(facts),
        )
        if not new:
            self.write(before, changes)
        return event

    def take(self, changes: Mapping[str, Any]) -> None:
        for name, value in changes.items():
            setattr(self, name, value)

    def write(self, before: str, changes: Mapping[str, Any]) -> None:
        """One conditional UPDATE: the last word when two act at once."""
        manager = type(self)._base_manager
        version = self.version + 1
        won = manager.filter(pk=self.pk, status=before, version=self.version).update(  # type: ignore[misc]
            **changes, version=version
        )
        if not won:
            raise NotPossible("Somebody else was faster. Read it again.", status=before)
        self.take({**changes, "version": version})
        self.seen_version = None


def check_needs(step: Step, facts: Mapping[str, Any]) -> None:
    """Every fact that the table says the step needs has to be there, and say something."""
    missing = [need for need in step.needs if says_nothing(facts.get(need))]
    if missing:
        raise Invalid([Fault(f"/{need}", "required", f"Give {need.replace('_', ' ')}.") for need in missing])


def says_nothing(fact: Any) -> bool:
    """Spaces are no reason."""
    return fact in (None, [], {}) or (isinstance(fact, str) and not fact.strip())
