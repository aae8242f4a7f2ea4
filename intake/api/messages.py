"""Messages and notes of an enquiry: read by their audience, written once."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.actions import messages
from intake.api.base import View, read_shape
from intake.api.paging import PAGING, Pages
from intake.api.problems import BadRequest
from intake.api.schema import page_of
from intake.checks import Fault
from intake.models import Enquiry, Message
from intake.models.message import Audience
from intake.refusals import Forbidden
from intake.shape import Choice, Prose, Shape


class MessageBody(Shape):
    """`audience`: the hub writes notes unless it says "authority"; everybody else writes messages."""

    audience = Choice(choices=Audience.values, required=False)
    text = Prose(required=True)


class MessageShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    audience = serializers.ChoiceField(Audience.values)
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by_name")
    organisation = serializers.CharField(source="organisation.name")
    text = serializers.CharField()


class Messages(View):
    """What is said on an enquiry, as far as the caller is among its readers."""

    model = Enquiry
    parameters: ClassVar = PAGING | {"audience"}
    shape = MessageBody()

    @extend_schema(
        operation_id="enquiries_messages",
        parameters=[
            OpenApiParameter("audience", str, enum=Audience.values),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(MessageShown),
        tags=["enquiry"],
    )
    def get(self, request: Request, reference: str) -> Response:
        """Oldest first."""
        enquiry = self.find(reference)
        if not messages.readable_for(enquiry, self.user):
            raise Forbidden("Your role does not allow this: read the messages.")
        rows = Message.objects.visible_to(self.user).filter(enquiry=enquiry).select_related("organisation")
        if (audience := audience_of(request)) is not None:
            rows = rows.filter(audience=audience)
        pages = Pages(request, "at")
        return pages.answer([dict(MessageShown(row).data) for row in pages.rows(rows)])

    @extend_schema(
        operation_id="enquiries_write_message",
        request=MessageBody,
        responses={201: MessageShown},
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Write a message, or a note of the hub; neither can be changed or taken back."""
        enquiry = self.find(reference)
        if not messages.audiences_for(enquiry, self.user):
            raise Forbidden("Your role does not allow this: write a message.")
        data = read_shape(self.shape, request.data)
        message = messages.write(enquiry=enquiry, by=self.user, **data)
        return Response(MessageShown(message).data, status=201)


def audience_of(request: Request) -> str | None:
    audience = request.query_params.get("audience")
    if audience is not None and audience not in Audience.values:
        raise BadRequest([Fault("audience", "invalid", f"Give one of: {', '.join(Audience.values)}.")])
    return audience
