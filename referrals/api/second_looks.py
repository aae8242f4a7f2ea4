"""The API's view of a decision that waits for a second person."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, answered, read_shape, seen
from intake.api.schema import list_of
from intake.api.serializers import EnquiryShown, show_enquiry
from intake.api.transitions import IF_MATCH
from intake.models import Enquiry, Organisation
from intake.refusals import NotFound
from intake.shape import Choice, Prose, Shape
from referrals.actions import second_looks
from referrals.models import SecondLook


class SecondLookBody(Shape):
    answer = Choice(choices=["confirm", "return"], required=True)
    reason = Prose(help_text="Needed to return it.")


class SecondLookShown(serializers.Serializer[Any]):
    decision = serializers.CharField(source="transition")
    facts = serializers.JSONField()
    disagreements = serializers.ListField(child=serializers.CharField(), source="reasons")
    proposed_by = serializers.CharField(source="proposed_by.name")
    proposed_at = serializers.DateTimeField()
    outcome = serializers.CharField()
    reason = serializers.CharField()
    answered_by = serializers.CharField(source="answered_by.name", allow_null=True, default=None)
    answered_at = serializers.DateTimeField(allow_null=True)


class SecondLooks(View):
    """For the hub: what waits first, then what came of those before."""

    model = Enquiry
    shape = SecondLookBody()

    def enquiry(self, reference: str) -> Enquiry:
        if self.user.organisation.kind != Organisation.Kind.HUB:
            raise NotFound
        row: Enquiry = self.find(reference, "authority", "owner")
        return row

    @extend_schema(
        operation_id="enquiries_second_look",
        responses=list_of(SecondLookShown),
        tags=["enquiry"],
    )
    def get(self, request: Request, reference: str) -> Response:
        rows = SecondLook.objects.visible_to(self.user).filter(enquiry=self.enquiry(reference))
        found = rows.select_related("proposed_by", "answered_by").order_by("-proposed_at", "-id")
        return Response({"results": SecondLookShown(found, many=True).data})

    @extend_schema(
        operation_id="enquiries_take_second_look",
        parameters=[IF_MATCH],
        request=SecondLookBody,
        responses=EnquiryShown,
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Confirm: the decision is made as proposed, by you and them. Return: it is decided anew."""
        row = seen(request, self.enquiry(reference))
        data = read_shape(self.shape, request.data)
        said = data.get("reason", "")
        if data["answer"] == "confirm":
            second_looks.confirm(enquiry=row, by=self.user, note=said)
        else:
            second_looks.send_back(enquiry=row, by=self.user, reason=said)
        fresh = self.find(reference, "authority", "owner")
        return answered(fresh, show_enquiry(fresh, self.user))
