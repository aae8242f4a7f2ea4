"""The API of somebody's open work, and of moving all of it when they leave."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.bodies import Body
from intake.checks import Fault
from intake.models import User
from intake.refusals import Forbidden, Invalid, NotFound
from intake.shape import Prose, Shape, Text, YesNo, rows
from referrals import leavers
from referrals.actions import leaving
from referrals.leavers import Piece


class MoveRow(Shape):
    reference = Text(required=True, max_length=30)
    to = Text(required=True, max_length=254, help_text="The e-mail address of a colleague.")


class LeavingBody(Shape):
    moves = rows(MoveRow, 500, required=True)
    reason = Prose(required=True)
    retire = YesNo(help_text="Retire the account when nothing that can be moved is left.")


class PieceShown(serializers.Serializer[Any]):
    reference = serializers.CharField()
    part = serializers.ChoiceField(["lead", "beside", "owner"])
    what = serializers.CharField()
    status = serializers.CharField()
    movable = serializers.BooleanField()
    due = serializers.DateField(allow_null=True)
    visits = serializers.IntegerField(help_text="Planned visits, which go with it.")
    to = serializers.CharField(help_text="The e-mail address of who is proposed; empty when nobody fits.")
    why = serializers.CharField()


class OpenWorkShown(serializers.Serializer[Any]):
    person = serializers.CharField()
    results = PieceShown(many=True)


class OutcomeShown(serializers.Serializer[Any]):
    reference = serializers.CharField()
    moved = serializers.BooleanField()
    sentence = serializers.CharField()


class MovedShown(serializers.Serializer[Any]):
    results = OutcomeShown(many=True)
    retired = serializers.BooleanField()


def show(piece: Piece) -> Body:
    members = ("reference", "part", "what", "status", "movable", "due", "visits", "why")
    return {
        **{name: getattr(piece, name) for name in members},
        "to": piece.to.email if piece.to else "",
    }


class Leaving(View):
    """Of one person: the hub for everybody it works with, a service's lead for its own people."""

    model = User
    shape = LeavingBody()

    def person(self, pk: int) -> User:
        rows = User.objects.visible_to(self.user).filter(pk=pk, kind=User.Kind.PERSON)
        found: User | None = rows.first()
        if found is None:
            raise NotFound
        if not leavers.may_move(self.user, found):
            raise Forbidden("Your role does not allow this: move somebody’s work.")
        return found

    @extend_schema(operation_id="people_open_work", responses=OpenWorkShown, tags=["people"])
    def get(self, request: Request, person: int) -> Response:
        """All that is open with them, each piece with a colleague who could take it."""
        found = self.person(person)
        work = leavers.open_work(found, self.user, timezone.localdate())
        return Response({"person": found.name, "results": [show(piece) for piece in work.pieces]})

    @extend_schema(operation_id="people_leaving", request=LeavingBody, responses=MovedShown, tags=["people"])
    def post(self, request: Request, person: int) -> Response:
        """Move what is named, each piece by itself: one outcome each, and sent again only what is left goes."""
        found = self.person(person)
        data = read_shape(self.shape, request.data)
        plan = self.plan(data.pop("moves"))
        moved = leaving.move_all(person=found, by=self.user, plan=plan, **data)
        return Response({"results": OutcomeShown(moved.outcomes, many=True).data, "retired": moved.retired})

    def plan(self, moves: list[dict[str, str]]) -> dict[str, User]:
        """Addresses become people, in the caller's own scope; foreign and none at all are the same fault."""
        emails = {row["to"].lower() for row in moves}
        people = User.objects.visible_to(self.user).active().filter(kind=User.Kind.PERSON, email__in=emails)
        known = {person.email: person for person in people}
        faults = [
            Fault(f"/moves/{n}/to", "unknown", "Choose a colleague of theirs.")
            for n, row in enumerate(moves)
            if row["to"].lower() not in known
        ]
        if faults:
            raise Invalid(faults)
        return {row["reference"].upper(): known[row["to"].lower()] for row in moves}
