"""Every transition asked of one row by everybody, each undone again, beside what the table says comes of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from intake.lifecycle import Lifecycle, Role
from intake.models import Event, Notification, User
from tests.conftest import Caller

Facts = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Actor:
    """Somebody at the API: whether they see the row, and the roles that count on it."""

    name: str
    user: User
    caller: Caller
    sees: bool
    roles: frozenset[Role]
    # What the table opens to them, and they have done already.
    done: frozenset[str] = frozenset()

    def expected(self, lifecycle: Lifecycle, status: str, transition: str) -> int:
        """404, 403, 409 or 200, by the table alone."""
        step = lifecycle[transition]
        if not self.sees:
            return 404
        if not self.roles & step.by:
            return 403
        if status not in step.from_ or transition in self.done:
            return 409
        return 204 if step.to == "(deleted)" else 200


class Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


def standing(row: Any) -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    now = type(row).objects.filter(pk=row.pk).values_list("status", "version", "updated_at").get()
    return (*now, Event.objects.count(), Notification.objects.count())


def walk(row: Any, actor: Actor, facts: Facts) -> None:
    """Ask for every transition, with all it needs and with nothing."""
    before = standing(row)
    for transition, step in row.lifecycle.items():
        expected = actor.expected(row.lifecycle, row.status, transition)
        where = f"{row.status}: {transition} by {actor.name}"
        with undone():
            answer = actor.caller.make(row, transition, facts(transition))
            assert answer.status_code == expected, (where, answer.status_code, getattr(answer, "data", ""))
            if expected in (200, 204):
                check_moved(row, step, answer, where)
            else:
                check_refused(row, actor, answer, before, where)
        if expected == 200 and step.needs:
            check_needs_asked_for(row, actor, transition, before, where)


def check_moved(row: Any, step: Any, answer: Any, where: str) -> None:
    if answer.status_code == 204:
        assert not type(row).objects.filter(pk=row.pk).exists(), where
        return
    fresh = type(row).objects.get(pk=row.pk)
    assert fresh.status == answer.data["status"] == step.leads_to(row.status), where
    assert fresh.version > row.version, where
    line = fresh.last_change()
    assert (line.from_status, line.to_status) == (row.status, fresh.status), where


def check_refused(row: Any, actor: Actor, answer: Any, before: tuple[Any, ...], where: str) -> None:
    assert answer["Content-Type"] == "application/problem+json", where
    if answer.status_code == 409:
        assert answer.data["current_status"] == row.status, where
        assert answer.data["transitions"] == row.transitions_for(actor.user), where
    assert standing(row) == before, where


def check_needs_asked_for(
    row: Any, actor: Actor, transition: str, before: tuple[Any, ...], where: str
) -> None:
    """Without the facts it is refused, each at its place."""
    with undone():
        answer = actor.caller.make(row, transition, {})
        assert answer.status_code == 422, where
        places = {fault["pointer"].strip("/") for fault in answer.data["errors"]}
        assert places & set(row.lifecycle[transition].needs), (where, places)
        assert standing(row) == before, where


def offered(row: Any, actor: Actor) -> list[str]:
    """What `transitions_for` has to say, by the table."""
    opened = row.lifecycle.open_to(row.status, actor.roles) if actor.sees else []
    return [name for name in opened if name not in actor.done]
