"""Questions and what came of them: who answered and which way, what it changed, what it did to the clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from intake import bodies
from intake.lifecycle import Channel
from intake.models import Enquiry, Event, InformationRequest, Question, User

ANSWERING = ("enquiry.answer", "information.answered_in_part")
ENDING = ("enquiry.answer", "enquiry.recall_request")


@dataclass
class Asked:
    """One information request with what the history tells of it."""

    request: InformationRequest
    channels: list[str] = field(default_factory=list)
    due_before: datetime | None = None
    due_after: datetime | None = None
    # By the number of the question: what its field said before, and what it says since.
    changes: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def questions(self) -> list[Question]:
        return list(self.request.questions.all())

    @property
    def answered(self) -> int:
        return sum(bool(question.answer) for question in self.questions)

    @property
    def ways(self) -> str:
        """On our pages, by telephone."""
        return ", ".join(Channel(way).label for way in self.channels)

    def learn(self, line: Event, sight: bodies.Sight) -> None:
        """Take in one line of the history."""
        data = bodies.veil_change(line.data, sight)
        if line.verb in ENDING:
            self.due_before, self.due_after = moment(data.get("due_before")), moment(data.get("due_after"))
        if line.verb in ANSWERING:
            if (way := data.get("channel")) and way not in self.channels:
                self.channels.append(way)
            for question in self.questions:
                self.learn_change(question, data.get("changed") or {})

    def learn_change(self, question: Question, changed: dict[str, Any]) -> None:
        member, *inner = question.field.split("/")[1:] or [""]
        if member not in changed:
            return
        old, new = (value_at(side, inner) for side in changed[member])
        if old != new:
            first = self.changes.get(question.number, (old, new))[0]
            self.changes[question.number] = (first, new)


def asked_of(enquiry: Enquiry, user: User) -> list[Asked]:
    """Every request of an enquiry as this person may read it, the first one first. Three statements at most."""
    questions = Prefetch("questions", Question.objects.select_related("answered_by"))
    rows = InformationRequest.objects.visible_to(user).filter(enquiry=enquiry).select_related("asked_by")
    found = {row.number: Asked(row) for row in rows.prefetch_related(questions)}
    if any(asked.request.closed_at or asked.answered for asked in found.values()):
        sight = bodies.sight_for(user, enquiry)
        for line in lines(enquiry, user):
            if asked := found.get(line.data.get("number", 0)):
                asked.learn(line, sight)
    return list(found.values())


def lines(enquiry: Enquiry, user: User) -> Iterable[Event]:
    rows = Event.objects.visible_to(user).filter(enquiry=enquiry, verb__in={*ANSWERING, *ENDING})
    return rows.order_by("sequence")


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def value_at(value: Any, parts: Sequence[str]) -> Any:
    """What stands at a place of the body; nothing where there is no such place."""
    try:
        for part in parts:
            value = value[int(part)] if isinstance(value, list) else value[part]
    except (LookupError, TypeError, ValueError):
        return None
    return value
