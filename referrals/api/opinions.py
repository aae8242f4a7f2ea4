"""The API's views of second opinions on a risk: asked of a colleague, given with what speaks for and against."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import read_shape
from intake.api.schema import list_of
from intake.models import Enquiry
from intake.refusals import NotFound
from intake.shape import Choice, Prose, Shape, Text
from referrals.actions import opinions
from referrals.api.oversight import OverseenView
from referrals.models import RiskOpinion


class AskOpinionBody(Shape):
    about = Choice(choices=["child", "worker", "contact"], required=True)
    of = Text(required=True, max_length=254, help_text="The e-mail address of a colleague.")
    question = Prose(required=True)


class GiveOpinionBody(Shape):
    level = Text(required=True, max_length=20)
    evidence_for = Prose(required=True)
    evidence_against = Prose(required=True)
    confidence = Choice(choices=RiskOpinion.Confidence.values, required=True)


class OpinionShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    about = serializers.CharField()
    first_level = serializers.CharField()
    question = serializers.CharField()
    asked_by = serializers.CharField(source="asked_by.name")
    asked_of = serializers.CharField(source="asked_of.name")
    asked_at = serializers.DateTimeField()
    level = serializers.CharField()
    evidence_for = serializers.CharField()
    evidence_against = serializers.CharField()
    confidence = serializers.CharField()
    differs = serializers.BooleanField()
    given_at = serializers.DateTimeField(allow_null=True)


class RiskOpinions(OverseenView):
    model = Enquiry
    shape = AskOpinionBody()

    @extend_schema(operation_id="enquiries_risk_opinions", responses=list_of(OpinionShown), tags=["enquiry"])
    def get(self, request: Request, reference: str) -> Response:
        rows = RiskOpinion.objects.visible_to(self.user).filter(enquiry=self.subject(reference))
        found = rows.select_related("asked_by", "asked_of")
        return Response({"results": OpinionShown(found, many=True).data})

    @extend_schema(
        operation_id="enquiries_ask_risk_opinion",
        request=AskOpinionBody,
        responses={201: OpinionShown},
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Ask a colleague to rate a risk afresh, beside the first rating."""
        row = self.subject(reference)
        opinions.refuse_asking(self.user)
        data = read_shape(self.shape, request.data)
        data["of"] = self.colleague(data["of"], "/of")
        opinion = opinions.ask_opinion(enquiry=row, by=self.user, **data)
        return Response(OpinionShown(opinion).data, status=201)


class RiskOpinionGiven(OverseenView):
    model = Enquiry
    shape = GiveOpinionBody()

    @extend_schema(
        operation_id="enquiries_give_risk_opinion",
        request=GiveOpinionBody,
        responses=OpinionShown,
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str, pk: int) -> Response:
        """The rating with what speaks for and against it; by who was asked, once."""
        rows = RiskOpinion.objects.visible_to(self.user).filter(enquiry=self.subject(reference), pk=pk)
        opinion = rows.first()
        if opinion is None:
            raise NotFound
        data = read_shape(self.shape, request.data)
        return Response(OpinionShown(opinions.give_opinion(opinion=opinion, by=self.user, **data)).data)
