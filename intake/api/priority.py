"""The priority of an enquiry: its band with the reasons, set by hand and taken back. For the hub."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import ranking
from intake.actions import rank
from intake.api.base import View, read_shape
from intake.bodies import Body
from intake.models import Enquiry, Organisation, User
from intake.priority import Priority
from intake.shape import Choice, Prose, Shape
from intake.weights import BANDS

FOR_THE_HUB = "For the hub, while the enquiry is open."


class PriorityReasonShown(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Which factor.")
    text = serializers.CharField()
    points = serializers.IntegerField()


class PriorityShown(serializers.Serializer[Any]):
    """Today's band with its reasons; the points are the sum of the reasons'."""

    band = serializers.ChoiceField(choices=list(BANDS.items()))
    points = serializers.IntegerField()
    reasons = PriorityReasonShown(many=True)
    sentence = serializers.CharField()
    overridden = serializers.BooleanField(help_text="Somebody has set the band.")
    override_reason = serializers.CharField()


class SetPriorityBody(Shape):
    band = Choice(choices=list(BANDS))
    reason = Prose(required=True)


class EnquiryPriority(View):
    model = Enquiry
    shape = SetPriorityBody()

    @extend_schema(
        operation_id="enquiries_set_priority",
        request=SetPriorityBody,
        responses=PriorityShown,
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Set the band with a reason, whatever the points say; it stands until it is taken back."""
        enquiry = self.find(reference)
        rank.refuse_setting(self.user)
        given = read_shape(self.shape, request.data)
        enquiry = rank.override(enquiry=enquiry, by=self.user, **given)
        return Response(show_priority(enquiry, ranking.enquiry_priority(enquiry)))

    @extend_schema(operation_id="enquiries_lift_priority", responses=PriorityShown, tags=["enquiry"])
    def delete(self, request: Request, reference: str) -> Response:
        """Take the band back: the points say it again."""
        enquiry = rank.lift(enquiry=self.find(reference), by=self.user)
        return Response(show_priority(enquiry, ranking.enquiry_priority(enquiry)))


def show_priority(enquiry: Enquiry, found: Priority) -> Body:
    return {
        "band": found.band,
        "points": found.points,
        "reasons": [{"code": row.code, "text": row.text, "points": row.points} for row in found.reasons],
        "sentence": found.sentence,
        "overridden": found.overridden,
        "override_reason": enquiry.override_reason,
    }


def priority_for(enquiry: Enquiry, user: User, body: Body) -> Body:
    """The member of an enquiry with the whole body at hand; how the hub orders its work is nobody else's."""
    if user.organisation.kind != Organisation.Kind.HUB or not ranking.is_ranked(enquiry):
        return {}
    return {"priority": show_priority(enquiry, ranking.of_body(enquiry, body))}
