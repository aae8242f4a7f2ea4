"""The API of an assessment's visits: planned, moved, made with whom one met, or cancelled."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.api.schema import list_of
from intake.bodies import Body
from intake.models import Organisation, Person, User
from intake.refusals import NotFound
from intake.shape import Day, Number, Prose, Shape, Text, YesNo, rows
from referrals.actions import visits
from referrals.models import Referral, Visit


class Moment(serializers.DateTimeField):
    """A moment with its zone: 2027-01-11T10:30:00Z."""

    default_error_messages = {"invalid": "Give a moment such as 2027-01-11T10:30:00Z."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not 17 <= len(value) <= 35:
            self.fail("invalid", format="")
        moment = super().to_internal_value(value)
        if not 1900 <= moment.year <= 2200:
            self.fail("invalid", format="")
        return moment


class ChildMetRow(Shape):
    child = Number(required=True, max_value=99, help_text="The child's place in the enquiry, from 0.")
    alone = YesNo(help_text="Seen without a parent or carer.")
    views = Prose(required=True, allow_blank=True, help_text="What the child said, or how they showed it.")


class AdultMetRow(Shape):
    adult = Number(required=True, max_value=99, help_text="The adult's place in the enquiry, from 0.")
    alone = YesNo()


class PlanVisitBody(Shape):
    kind = Text(required=True, max_length=40, help_text="Of the code list visit_kind.")
    planned_at = Moment(required=True)
    note = Prose()


class ChangeVisitBody(Shape):
    """`cancelled_why` cancels it, `done_on` writes it up, anything else moves it."""

    kind = Text(required=False, max_length=40, allow_blank=False)
    planned_at = Moment()
    note = Prose()
    done_on = Day()
    minutes = Number(max_value=1440, help_text="How long it was, with the way there and back.")
    children = rows(ChildMetRow, 30)
    adults = rows(AdultMetRow, 30)
    cancelled_why = Prose(allow_blank=False)


class ChildMetShown(serializers.Serializer[Any]):
    child = serializers.IntegerField()
    alone = serializers.BooleanField(allow_null=True)
    views = serializers.CharField()


class AdultMetShown(serializers.Serializer[Any]):
    adult = serializers.IntegerField()
    alone = serializers.BooleanField(allow_null=True)


class VisitShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(["planned", "done", "cancelled"])
    planned_at = serializers.DateTimeField()
    done_on = serializers.DateField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    cancelled_why = serializers.CharField()
    children = ChildMetShown(many=True)
    adults = AdultMetShown(many=True)


def show(visit: Visit, user: User) -> Body:
    """The note is between the hub and the service."""
    members = ("number", "kind", "state", "planned_at", "done_on", "minutes", "cancelled_why")
    met = list(visit.met_rows.all())
    return {
        **{name: getattr(visit, name) for name in members},
        "note": "" if user.organisation.kind == Organisation.Kind.AUTHORITY else visit.note,
        "children": [
            {"child": row.person.position, "alone": row.alone, "views": row.views}
            for row in met
            if row.person.part == Person.Part.CHILD
        ],
        "adults": [
            {"adult": row.person.position, "alone": row.alone}
            for row in met
            if row.person.part == Person.Part.ADULT
        ],
    }


class Visits(View):
    """All visits of one referral, in the order of their days."""

    model = Referral
    reading_scope = "referrals:read"
    shape = PlanVisitBody()

    @extend_schema(operation_id="referrals_visits", responses=list_of(VisitShown), tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        """Planned, done and cancelled."""
        found = self.find(reference).visit_rows.prefetch_related("met_rows__person")
        return Response({"results": [VisitShown(show(row, self.user)).data for row in found]})

    @extend_schema(
        operation_id="referrals_plan_visit",
        request=PlanVisitBody,
        responses={201: VisitShown},
        tags=["referral"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Plan one; one that was made already is planned first and then written up."""
        row = self.find(reference)
        made = visits.plan(referral=row, by=self.user, **read_shape(self.shape, request.data))
        return Response(VisitShown(show(made, self.user)).data, status=201)


class VisitDetail(View):
    """One visit, by its number in the referral."""

    model = Referral
    reading_scope = "referrals:read"
    shape = ChangeVisitBody()

    def one(self, reference: str, number: int) -> Visit:
        found = Visit.objects.visible_to(self.user).filter(referral=self.find(reference), number=number)
        visit = found.select_related("referral").prefetch_related("met_rows__person").first()
        if visit is None:
            raise NotFound
        return visit

    @extend_schema(operation_id="referrals_visit", responses=VisitShown, tags=["referral"])
    def get(self, request: Request, reference: str, number: int) -> Response:
        """When, how, and whom one met."""
        return Response(VisitShown(show(self.one(reference, number), self.user)).data)

    @extend_schema(
        operation_id="referrals_change_visit",
        request=ChangeVisitBody,
        responses=VisitShown,
        tags=["referral"],
    )
    def patch(self, request: Request, reference: str, number: int) -> Response:
        """Move it, write it up, or cancel it; what was written up or cancelled stands."""
        visit = self.one(reference, number)
        visits.change(visit=visit, by=self.user, **read_shape(self.shape, request.data))
        return Response(VisitShown(show(self.one(reference, number), self.user)).data)
