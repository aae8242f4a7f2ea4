"""Webhooks of the caller's organisation: kept, rotated, switched, and what was sent to them."""

import re
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.actions import webhooks
from intake.api.base import View, read_shape
from intake.api.paging import PAGING, Pages
from intake.api.schema import list_of, page_of
from intake.models import User, Webhook, WebhookDelivery
from intake.refusals import NotFound
from intake.shape import Shape, Text, texts

MESSAGE_ID = re.compile(r"msg_([0-9a-f]{32})")


class WebhookBody(Shape):
    url = Text(required=True, max_length=2000)
    kinds = texts(60)
    purpose = Text(max_length=120)


BODY, NOTHING = WebhookBody(), Shape()


class WebhookShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organisation = serializers.CharField()
    url = serializers.CharField(help_text="Of another organisation's, no more than the host.")
    purpose = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField(), help_text="Empty: every type.")
    on = serializers.BooleanField()
    off_since = serializers.DateTimeField(allow_null=True)
    off_because = serializers.CharField(help_text="by_hand, gone or failing; empty while it is on.")
    failures = serializers.IntegerField(help_text="Calls that failed since the last one that went well.")
    last_success_at = serializers.DateTimeField(allow_null=True)
    old_secret_signs_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class WebhookWithSecret(WebhookShown):
    secret = serializers.CharField(help_text="Shown this once.")


class DeliveryShown(serializers.Serializer[Any]):
    id = serializers.CharField(source="message_id", help_text="The header webhook-id of every try.")
    type = serializers.CharField(source="kind")
    reference = serializers.CharField()
    subject = serializers.CharField()
    happened_at = serializers.DateTimeField()
    state = serializers.CharField(help_text="waiting, delivered or failed.")
    attempts = serializers.IntegerField()
    tried_at = serializers.DateTimeField(allow_null=True)
    status_code = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(help_text="What went wrong when there was no answer.")
    next_at = serializers.DateTimeField(allow_null=True, help_text="Not before; null when it is over.")


def show(webhook: Webhook, user: User, **more: Any) -> dict[str, Any]:
    return {
        "id": str(webhook.pk),
        "organisation": webhook.organisation.name,
        "url": webhook.url_for(user),
        "purpose": webhook.purpose,
        "kinds": webhook.kinds,
        "on": webhook.is_live,
        "off_since": webhook.off_since,
        "off_because": webhook.off_because,
        "failures": webhook.failures,
        "last_success_at": webhook.last_success_at,
        "old_secret_signs_until": webhook.former_secret_until,
        "created_at": webhook.created_at,
        **more,
    }


def show_delivery(row: WebhookDelivery) -> Any:
    return {**DeliveryShown(row).data, "next_at": row.next_try_at}


class WebhookView(View):
    """Role first: whose role does not know webhooks learns nothing of which there are."""

    model = Webhook
    reading_scope = "webhooks:write"
    writing_scope = "webhooks:write"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        webhooks.check_may_look(self.user)

    def find_webhook(self, webhook: UUID) -> Webhook:
        row: Webhook | None = self.visible().select_related("organisation").filter(pk=webhook).first()
        if row is None:
            raise NotFound
        return row


class Webhooks(WebhookView):
    @extend_schema(operation_id="webhooks_list", responses=list_of(WebhookShown), tags=["webhook"])
    def get(self, request: Request) -> Response:
        rows = self.visible().select_related("organisation")
        return Response({"results": [show(row, self.user) for row in rows]})

    @extend_schema(
        operation_id="webhooks_subscribe",
        request=WebhookBody,
        responses={201: WebhookWithSecret},
        tags=["webhook"],
    )
    def post(self, request: Request) -> Response:
        """Tell an https address of what happens from now on. The answer has the secret, this once."""
        data = read_shape(BODY, request.data)
        webhook, secret = webhooks.subscribe(by=self.user, **data)
        headers = {"Location": f"/api/v1/webhooks/{webhook.pk}/"}
        return Response(show(webhook, self.user, secret=secret), status=201, headers=headers)


class WebhookDetail(WebhookView):
    @extend_schema(operation_id="webhooks_retrieve", responses=WebhookShown, tags=["webhook"])
    def get(self, request: Request, webhook: UUID) -> Response:
        return Response(show(self.find_webhook(webhook), self.user))

    @extend_schema(operation_id="webhooks_remove", responses={204: None}, tags=["webhook"])
    def delete(self, request: Request, webhook: UUID) -> Response:
        """Remove it, with its log."""
        webhooks.remove(webhook=self.find_webhook(webhook), by=self.user)
        return Response(status=204)


class Rotate(WebhookView):
    @extend_schema(
        operation_id="webhooks_rotate", request=None, responses=WebhookWithSecret, tags=["webhook"]
    )
    def post(self, request: Request, webhook: UUID) -> Response:
        """A new secret, shown this once; for 24 hours every call is signed with the old one too."""
        found = self.find_webhook(webhook)
        read_shape(NOTHING, request.data)
        row, secret = webhooks.rotate(webhook=found, by=self.user)
        return Response(show(row, self.user, secret=secret))


class Enable(WebhookView):
    @extend_schema(operation_id="webhooks_enable", request=None, responses=WebhookShown, tags=["webhook"])
    def post(self, request: Request, webhook: UUID) -> Response:
        """Send again, first what still waited; what happened while it was off is not told."""
        found = self.find_webhook(webhook)
        read_shape(NOTHING, request.data)
        return Response(show(webhooks.switch_on(webhook=found, by=self.user), self.user))


class Disable(WebhookView):
    @extend_schema(operation_id="webhooks_disable", request=None, responses=WebhookShown, tags=["webhook"])
    def post(self, request: Request, webhook: UUID) -> Response:
        """Send nothing until it is enabled again."""
        found = self.find_webhook(webhook)
        read_shape(NOTHING, request.data)
        return Response(show(webhooks.switch_off(webhook=found, by=self.user), self.user))


class Deliveries(WebhookView):
    parameters: ClassVar = PAGING

    @extend_schema(
        operation_id="webhooks_deliveries",
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)],
        responses=page_of(DeliveryShown),
        tags=["webhook"],
    )
    def get(self, request: Request, webhook: UUID) -> Response:
        """What was sent, or is to be, newest first, for thirty days; nothing of what the receiver answered."""
        webhooks.check_may_read_log(self.user)
        found = self.find_webhook(webhook)
        rows = WebhookDelivery.objects.visible_to(self.user).filter(webhook=found)
        pages = Pages(request, "-created_at")
        return pages.answer([show_delivery(row) for row in pages.rows(rows.select_related("webhook"))])


class Replay(WebhookView):
    @extend_schema(
        operation_id="webhooks_replay",
        request=None,
        responses={202: DeliveryShown},
        tags=["webhook"],
    )
    def post(self, request: Request, webhook: UUID, delivery: str) -> Response:
        """Send it once more, now, under its old webhook-id."""
        found = self.find_webhook(webhook)
        webhooks.check_may_read_log(self.user)
        read_shape(NOTHING, request.data)
        named = MESSAGE_ID.fullmatch(delivery)
        rows = WebhookDelivery.objects.visible_to(self.user).filter(webhook=found)
        row = rows.select_related("webhook__organisation").filter(message=named[1]).first() if named else None
        if row is None:
            raise NotFound
        return Response(show_delivery(webhooks.replay(delivery=row, by=self.user)), status=202)
