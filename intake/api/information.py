"""Information requests: asked here or by the transition, listed with their answers, chasers and the clock's log."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import questions
from intake.actions import information
from intake.api.base import View, read_shape, seen
from intake.api.schema import list_of
from intake.api.serializers import RequestInformationBody
from intake.api.transitions import IF_MATCH
from intake.bodies import Body
from intake.lifecycle import Channel, Transition
from intake.models import Enquiry, Question


class QuestionShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    field = serializers.CharField()
    answer = serializers.CharField()
    answered_by = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    changed = serializers.ListField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="What its field said before the answer, and what it says since; left out where nothing changed.",
    )


class InformationRequestShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    reply_by = serializers.DateField()
    chasers_sent = serializers.IntegerField()
    closed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    channels = serializers.ListField(child=serializers.ChoiceField(Channel.pairs()))
    answered = serializers.IntegerField()
    of = serializers.IntegerField()
    due_before = serializers.DateTimeField(allow_null=True)
    due_after = serializers.DateTimeField(allow_null=True)
    questions = QuestionShown(many=True)


class IntervalShown(serializers.Serializer[Any]):
    to = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(["running", "paused"])
    why = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's, so it cannot stand above."""
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class ClockShown(serializers.Serializer[Any]):
    """The decision clock since it last started."""

    state = serializers.ChoiceField(Enquiry.ClockState.values)
    due_at = serializers.DateTimeField(allow_null=True)
    intervals = IntervalShown(many=True)


def show_clock(enquiry: Enquiry) -> Body:
    return {
        "state": enquiry.clock,
        "due_at": enquiry.due_at,
        "intervals": [
            {"from": row.started_at, "to": row.ended_at, "state": row.state, "why": row.why}
            for row in enquiry.intervals()
        ],
    }


def show_asked(asked: questions.Asked) -> Body:
    row = asked.request
    return {
        "number": row.number,
        "asked_by": row.asked_by.name,
        "asked_at": row.asked_at,
        "reply_by": row.reply_by,
        "chasers_sent": row.chasers_sent,
        "closed_at": row.closed_at,
        "outcome": row.outcome,
        "channels": asked.channels,
        "answered": asked.answered,
        "of": len(asked.questions),
        "due_before": asked.due_before,
        "due_after": asked.due_after,
        "questions": [show_question(question, asked.changes) for question in asked.questions],
    }


def show_question(question: Question, changes: dict[int, tuple[Any, Any]]) -> Body:
    kept = ("number", "text", "field", "answer", "answered_at")
    shown: Body = {name: getattr(question, name) for name in kept}
    shown["answered_by"] = question.answered_by.name if question.answered_by else None
    if question.number in changes:
        shown["changed"] = list(changes[question.number])
    return shown


class InformationRequests(View):
    model = Enquiry

    @extend_schema(
        operation_id="enquiries_information_requests",
        responses=list_of(InformationRequestShown, clock=ClockShown()),
        tags=["enquiry"],
    )
    def get(self, request: Request, reference: str) -> Response:
        enquiry = self.find(reference, "authority")
        rows = questions.asked_of(enquiry, self.user)
        return Response({"clock": show_clock(enquiry), "results": [show_asked(row) for row in rows]})

    @extend_schema(
        operation_id="enquiries_ask",
        parameters=[IF_MATCH],
        request=RequestInformationBody,
        responses={201: InformationRequestShown},
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Ask the referrer; the same as the transition request-information."""
        enquiry = seen(request, self.find(reference))
        enquiry.check_can(Transition.REQUEST_INFORMATION, self.user)
        data = read_shape(RequestInformationBody(), request.data)
        enquiry = information.request_information(enquiry=enquiry, by=self.user, **data)
        shown = show_asked(questions.asked_of(enquiry, self.user)[-1])
        return Response(shown, status=201, headers={"ETag": enquiry.etag})
