"""Questions to the referrer: asked, answered, recalled, chased, lapsed. The clock stands still meanwhile."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypedDict

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from intake import bodies, shapes
from intake.actions import enquiries
from intake.actions.telling import tell
from intake.checks import Fault
from intake.lifecycle import REPORTED, Channel, Clock, Party, Transition
from intake.models import (
    Enquiry,
    Event,
    InformationRequest,
    Notification,
    Organisation,
    Question,
    User,
    book,
)
from intake.models.enquiry import with_step
from intake.refusals import Invalid, Refused

CHASERS = 2


class Asked(TypedDict, total=False):
    text: str
    field: str


class Answer(TypedDict, total=False):
    number: int
    text: str
    value: Any


@transaction.atomic
def request_information(*, enquiry: Enquiry, by: User, questions: Sequence[Asked], reply_by: date) -> Enquiry:
    """Ask the referrer numbered questions; the decision clock pauses until the answer, however it comes."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.REQUEST_INFORMATION, by)
    check_questions(enquiry, questions, reply_by)
    number = enquiry.information_requests.count() + 1
    enquiry.make(
        Transition.REQUEST_INFORMATION,
        by=by,
        facts={"questions": [dict(asked) for asked in questions], "reply_by": reply_by, "number": number},
    )
    request = InformationRequest.objects.create(
        enquiry=enquiry, number=number, asked_by=by, asked_at=enquiry.updated_at, reply_by=reply_by
    )
    Question.objects.bulk_create(
        Question(request=request, number=place, text=asked["text"], field=asked.get("field", ""))
        for place, asked in enumerate(questions, start=1)
    )
    tell(enquiry, Transition.REQUEST_INFORMATION)
    return enquiry


def check_questions(enquiry: Enquiry, questions: Sequence[Asked], reply_by: date | None) -> None:
    faults = []
    if reply_by and reply_by <= timezone.localdate():
        faults.append(Fault("/reply_by", "past", "Give a day after today by which you need the answer."))
    body = bodies.read(enquiry) if any(asked.get("field") for asked in questions) else {}
    for place, asked in enumerate(questions):
        if not asked.get("text"):
            faults.append(Fault(f"/questions/{place}/text", "required", "Write the question."))
        field = asked.get("field", "")
        if field and not points_into(body, field):
            faults.append(Fault(f"/questions/{place}/field", "unknown", "This is no field of the enquiry."))
    if faults:
        raise Invalid(faults)


def points_into(body: dict[str, Any], pointer: str) -> bool:
    """Whether a pointer names a place in the enquiry, be it empty still: of members by their shape, of rows by
    those that are there."""
    parts = pointer.split("/")[1:]
    return pointer.startswith("/") and all(parts) and shapes.has_place(shapes.AMEND, body, parts)


@transaction.atomic
def answer(
    *, enquiry: Enquiry, by: User, answers: Sequence[Answer], partly: bool = False, channel: str = ""
) -> Enquiry:
    """Answer what is open; an answer with a value amends the field it is about. With the last the clock resumes.

    `partly` keeps what is given and leaves the rest, the status and the clock as they are. Somebody of the hub
    says by which `channel` the answer came. The clock resumes when it is recorded, never before.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.ANSWER, by)
    request = enquiry.information_requests.open().prefetch_related("questions").get()
    check_answers(request, answers, partly, channel_faults(by, channel))
    now = timezone.now()
    facts = {
        "number": request.number,
        "channel": channel or channel_of(by),
        "changed": amend_fields(enquiry, request, answers),
    }
    keep(request, answers, by, now)
    facts["answers"] = [{"number": q.number, "text": q.answer} for q in request.questions.all() if q.answer]
    if partly:
        Event.objects.record(enquiry, verb="information.answered_in_part", by=by, at=now, data=facts)
        enquiries.bump(enquiry)
        return enquiry
    enquiry.make(Transition.ANSWER, by=by, at=now, facts=facts | due_moments(enquiry, now))
    close(request, InformationRequest.Outcome.ANSWERED, now)
    tell_of_answer(enquiry, by)
    return enquiry


def channel_of(by: User) -> Channel:
    """An authority's own hand: typed on a page, or sent by its case system."""
    return Channel.API if by.kind == User.Kind.MACHINE else Channel.PAGE


def channel_faults(by: User, channel: str) -> list[Fault]:
    """The hub says how it came; of the authority it is plain."""
    in_hub = by.organisation.kind == Organisation.Kind.HUB
    if in_hub and channel not in REPORTED:
        return [Fault("/channel", "required", "Say which way the answer came.")]
    if channel and not in_hub:
        return [Fault("/channel", "not_yours", "Leave this out: only we say which way an answer came.")]
    return []


def amend_fields(enquiry: Enquiry, request: InformationRequest, answers: Sequence[Answer]) -> dict[str, Any]:
    """Put the values of the answers in place; what changed, old and new."""
    changed = changes_of(enquiry, request, {row["number"]: row for row in answers})
    if not changed:
        return {}
    amended = enquiries.apply(enquiry, changed)
    enquiry.save()
    return amended


def keep(request: InformationRequest, answers: Sequence[Answer], by: User, at: datetime) -> None:
    """Each new answer in its row, with who and when; one that says the same again keeps its first hand."""
    given = {row["number"]: row for row in answers}
    for question in request.questions.all():
        row = given.get(question.number)
        if row and (row["text"] != question.answer or "value" in row):
            question.answer, question.answered_by, question.answered_at = row["text"], by, at
    Question.objects.bulk_update(request.questions.all(), ("answer", "answered_by", "answered_at"))


def due_moments(enquiry: Enquiry, now: datetime) -> dict[str, Any]:
    """When the decision was due before the pause, and when it is now that the clock runs again."""
    log = enquiry.intervals()
    return {
        "due_before": enquiry.due_after(log[:-1]),
        "due_after": enquiry.due_after(with_step(log, Clock.RESUME, now)),
    }


def tell_of_answer(enquiry: Enquiry, by: User) -> None:
    """The owner, unless they recorded it; the referrer, when somebody of the hub did."""
    if enquiry.owner_id != by.pk:
        tell(enquiry, Transition.ANSWER)
    if by.organisation.kind == Organisation.Kind.HUB:
        data = {"lifecycle": "enquiry", "transition": str(Transition.ANSWER)}
        enquiry.notify(Notification.Kind.TRANSITION, to=Party.REFERRER, data=data)


def check_answers(
    request: InformationRequest, answers: Sequence[Answer], partly: bool, faults: list[Fault]
) -> None:
    fields = {question.number: question.field for question in request.questions.all()}
    seen = set()
    for place, row in enumerate(answers):
        number = row["number"]
        if number not in fields:
            faults.append(
                Fault(f"/answers/{place}/number", "unknown", "There is no question of this number.")
            )
        if number in seen:
            faults.append(Fault(f"/answers/{place}/number", "repeated", "This question is answered twice."))
        if not row.get("text"):
            faults.append(Fault(f"/answers/{place}/text", "required", "Write the answer."))
        if "value" in row and not fields.get(number):
            faults.append(
                Fault(
                    f"/answers/{place}/value",
                    "no_field",
                    "This question is not about a field; answer in words.",
                )
            )
        seen.add(number)
    if partly and not answers:
        faults.append(Fault("/answers", "required", "Answer at least one question."))
    faults += [
        Fault("/answers", "required", f"Question {number} is not answered yet.")
        for number in request.unanswered([row["number"] for row in answers])
        if not partly
    ]
    if faults:
        raise Invalid(faults)


def changes_of(enquiry: Enquiry, request: InformationRequest, given: dict[int, Answer]) -> dict[str, Any]:
    """The top-level members of the body that the answers' values change."""
    body, touched, faults = bodies.read(enquiry), {}, []
    for question in request.questions.all():
        row = given.get(question.number)
        if row and "value" in row:
            parts = question.field.split("/")[1:]
            try:
                put(body, parts, row["value"])
            except (LookupError, TypeError):
                # Whom the question was about, the authority has taken out since.
                sentence = "This is no field of the enquiry any more. Answer in words."
                faults.append(Fault(question.field, "gone", sentence))
            else:
                touched[parts[0]] = body[parts[0]]
    if faults:
        raise Invalid(faults)
    return typed(touched)


def typed(touched: dict[str, Any]) -> dict[str, Any]:
    """The changed members by their shape; a value that does not fit its field is refused at the field."""
    faults: list[Fault] = []
    kept = shapes.AMEND.collect(json.loads(json.dumps(touched, cls=DjangoJSONEncoder)), "", faults, lax=True)
    if faults:
        raise Invalid(faults)
    return kept


def put(body: dict[str, Any], parts: Sequence[str], value: Any) -> None:
    place: Any = body
    for part in parts[:-1]:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if isinstance(place, list):
        place[int(parts[-1])] = value
    else:
        place[parts[-1]] = value


@transaction.atomic
def recall_request(*, enquiry: Enquiry, by: User, reason: str) -> Enquiry:
    """The hub needs the answers no more; the clock resumes."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.RECALL_REQUEST, by)
    request, now = enquiry.information_requests.open().get(), timezone.now()
    facts = {"reason": reason, "number": request.number, **due_moments(enquiry, now)}
    enquiry.make(Transition.RECALL_REQUEST, by=by, at=now, facts=facts, note=reason)
    close(request, InformationRequest.Outcome.RECALLED, enquiry.updated_at)
    tell(enquiry, Transition.RECALL_REQUEST)
    return enquiry


def close(request: InformationRequest, outcome: str, at: datetime) -> None:
    request.outcome, request.closed_at = outcome, at
    request.save(update_fields=("outcome", "closed_at"))


def chase_and_lapse(now: datetime) -> int:
    """The worker's round, computed from dates: two chasers, then the lapse; nothing twice, also after an outage.

    First chaser two working days before the reply-by date, second on that date (or the next working day after
    the first, whichever is later); it lapses when the date has passed and a working day since the second.
    """
    done = 0
    today = timezone.localdate(now)
    for request in InformationRequest.objects.open().select_related("enquiry__authority"):
        calendar = book().calendars[request.enquiry.authority.nation]
        if not calendar.is_working_day(today):
            continue
        try:
            if request.chasers_sent < CHASERS:
                done += chase_when_due(request, today, calendar)
            elif request.reply_by < today and today > (request.last_chaser_on or request.reply_by):
                done += lapse(request=request, now=now)
        except Refused:
            continue
    return done


def chase_when_due(request: InformationRequest, today: date, calendar: Any) -> int:
    days_left = calendar.working_days_between(today, request.reply_by) if today <= request.reply_by else 0
    wanted = 2 if days_left == 0 else 1 if days_left <= 2 else 0
    if request.chasers_sent >= wanted or request.last_chaser_on == today:
        return 0
    # The last one gives notice of the day on which the enquiry lapses.
    ends = calendar.add_working_days(max(request.reply_by, today), 1) if wanted == CHASERS else None
    return chase(request=request, today=today, lapses_on=ends)


@transaction.atomic
def chase(*, request: InformationRequest, today: date, lapses_on: date | None = None) -> int:
    """Remind the referrer once more; counted in the same statement that decides whether it was us."""
    sent = request.chasers_sent
    won = (
        InformationRequest.objects.open()
        .filter(pk=request.pk, chasers_sent=sent)
        .update(chasers_sent=sent + 1, last_chaser_on=today)
    )
    if won:
        data: dict[str, Any] = {"number": request.number, "chaser": sent + 1}
        if sent + 1 == CHASERS and lapses_on:
            data["lapses_on"] = lapses_on.isoformat()
        request.enquiry.notify(Notification.Kind.CHASER, to=Party.REFERRER, data=data)
    return won


@transaction.atomic
def lapse(*, request: InformationRequest, now: datetime) -> int:
    """Nobody answered: the enquiry ends, and the referrer is told."""
    enquiry = Enquiry.objects.hold(request.enquiry)
    enquiry.seen_version = None
    enquiry.make(Transition.LAPSE, by=User.objects.system(), at=now)
    close(request, InformationRequest.Outcome.LAPSED, now)
    tell(enquiry, Transition.LAPSE)
    return 1
