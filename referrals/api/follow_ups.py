"""The API of follow-ups: what became of it, three and six months after the end."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.api.schema import list_of
from intake.refusals import NotFound
from intake.shape import Choice, Prose, Shape, Text
from referrals.actions import follow_ups
from referrals.models import FollowUp, Referral


class FollowUpBody(Shape):
    outcome_code = Text(required=True, max_length=40, help_text="Of the code list follow_up_outcome.")
    followed = Choice(choices=FollowUp.Followed.choices, required=False, help_text="The recommendation.")
    lives = Choice(choices=FollowUp.Lives.choices, required=False, help_text="Where the child lives now.")
    text = Prose()


class FollowUpShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    months = serializers.IntegerField()
    due_on = serializers.DateField()
    asked_at = serializers.DateTimeField(allow_null=True)
    outcome_code = serializers.CharField()
    followed = serializers.CharField()
    lives = serializers.CharField()
    text = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True)


class FollowUps(View):
    model = Referral
    reading_scope = "referrals:read"

    @extend_schema(operation_id="referrals_follow_ups", responses=list_of(FollowUpShown), tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        """Each question, its day, and its answer."""
        found = self.find(reference).followup_rows.all()
        return Response({"results": FollowUpShown(found, many=True).data})


class FollowUpAnswer(View):
    model = Referral
    shape = FollowUpBody()

    @extend_schema(
        operation_id="referrals_answer_follow_up",
        request=FollowUpBody,
        responses=FollowUpShown,
        tags=["referral"],
    )
    def post(self, request: Request, reference: str, number: int) -> Response:
        """Once, by the authority or by the hub for them; before its day too."""
        rows = FollowUp.objects.visible_to(self.user).filter(referral=self.find(reference), number=number)
        row = rows.select_related("referral__enquiry").first()
        if row is None:
            raise NotFound
        data = read_shape(self.shape, request.data)
        return Response(FollowUpShown(follow_ups.answer(follow_up=row, by=self.user, **data)).data)
