"""The hub's flags on an enquiry: those that stand, raised and lifted. For nobody else they exist."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.actions import flags
from intake.api.base import View, read_shape
from intake.api.schema import list_of
from intake.models import Enquiry, Flag, Organisation
from intake.refusals import NotFound
from intake.shape import Day, Prose, Shape, Text


class FlagBody(Shape):
    code = Text(required=True, max_length=40, help_text="Of codes/flag/.")
    reason = Prose(required=True)
    review_on = Day(required=True, help_text="When it is looked at again.")


class LiftBody(Shape):
    reason = Prose()


class FlagShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField()
    review_on = serializers.DateField()
    raised_by = serializers.CharField()
    raised_at = serializers.DateTimeField()


class FlagView(View):
    model = Enquiry

    def of(self, reference: str) -> Enquiry:
        """For the hub only: elsewhere there is nothing of the kind."""
        if self.user.organisation.kind != Organisation.Kind.HUB:
            raise NotFound
        enquiry: Enquiry = self.find(reference)
        return enquiry

    def standing(self, enquiry: Enquiry) -> Any:
        return (
            Flag.objects.visible_to(self.user).standing().filter(enquiry=enquiry).select_related("raised_by")
        )


class Flags(FlagView):
    shape = FlagBody()

    @extend_schema(operation_id="enquiries_flags", responses=list_of(FlagShown), tags=["enquiry"])
    def get(self, request: Request, reference: str) -> Response:
        """Those that stand."""
        rows = self.standing(self.of(reference))
        return Response({"results": FlagShown(rows, many=True).data})

    @extend_schema(
        operation_id="enquiries_flag", request=FlagBody, responses={201: FlagShown}, tags=["enquiry"]
    )
    def post(self, request: Request, reference: str) -> Response:
        """Put a flag on it; one of a code at a time."""
        enquiry = self.of(reference)
        flags.refuse_flagging(self.user)
        data = read_shape(self.shape, request.data)
        raised = flags.raise_flag(enquiry=enquiry, by=self.user, **data)
        return Response(FlagShown(raised).data, status=201)


class FlagDetail(FlagView):
    shape = LiftBody()

    @extend_schema(
        operation_id="enquiries_lift_flag", request=LiftBody, responses={204: None}, tags=["enquiry"]
    )
    def delete(self, request: Request, reference: str, flag: int) -> Response:
        """Take it off; it stays on record."""
        row = self.standing(self.of(reference)).select_related("enquiry").filter(pk=flag).first()
        if row is None:
            raise NotFound
        data = read_shape(self.shape, request.data)
        flags.lift_flag(flag=row, by=self.user, **data)
        return Response(status=204)
