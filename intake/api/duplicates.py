"""Enquiries that look like one another: offered with their reasons, answered, and taken back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import duplicates
from intake.actions import likeness
from intake.api.base import View, read_shape
from intake.api.serializers import URL, AuthorityShown
from intake.bodies import Body
from intake.models import Enquiry, Likeness, Organisation, User
from intake.shape import Choice, Prose, Shape, Text


class PointShown(serializers.Serializer[Any]):
    points = serializers.IntegerField()
    words = serializers.CharField()


class AlikeShown(serializers.Serializer[Any]):
    """An enquiry beside another: no names."""

    reference = serializers.CharField()
    url = serializers.CharField()
    authority = AuthorityShown()
    status = serializers.CharField()
    received_at = serializers.DateTimeField(allow_null=True)


class PossibleShown(AlikeShown):
    band = serializers.ChoiceField(choices=["strong", "possible"])
    points = serializers.IntegerField(help_text="The sum of the lines.")
    reasons = serializers.CharField(help_text="What speaks for it, in words.")
    lines = PointShown(many=True)


class LikenessShown(AlikeShown):
    answer = serializers.ChoiceField(choices=Likeness.Answer.choices)
    at = serializers.DateTimeField()
    by = serializers.CharField(required=False, help_text="For the hub.")
    reason = serializers.CharField(required=False, help_text="For the hub.")


class RelatedShown(serializers.Serializer[Any]):
    results = PossibleShown(many=True)
    linked = LikenessShown(many=True)
    not_the_same = LikenessShown(many=True)


class AnswerLikenessBody(Shape):
    other = Text(required=True, max_length=30, help_text="The reference of the other enquiry.")
    answer = Choice(choices=Likeness.Answer.values)
    reason = Prose(required=True)


class UndoLikenessBody(Shape):
    other = Text(required=True, max_length=30, help_text="The reference of the other enquiry.")
    reason = Prose()


class PossibleDuplicates(View):
    """What looks like this enquiry, among those the caller may see."""

    model = Enquiry
    shape = AnswerLikenessBody()

    @extend_schema(operation_id="enquiries_possible_duplicates", responses=RelatedShown, tags=["enquiry"])
    def get(self, request: Request, reference: str) -> Response:
        """Possible duplicates with the reasons and points; those linked, and those said not to be the same."""
        enquiry = self.find(reference)
        likeness.refuse_looking(self.user)
        answered = likeness.answers(enquiry, self.user)
        return Response(
            {
                "results": [show_match(match) for match in duplicates.of(enquiry, self.user)],
                **{
                    name: [show_likeness(row, enquiry, self.user) for row in answered if row.answer == name]
                    for name in Likeness.Answer.values
                },
            }
        )

    @extend_schema(
        operation_id="enquiries_answer_likeness",
        request=AnswerLikenessBody,
        responses=LikenessShown,
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Say that two enquiries are about the same family, or that they are not; it can be undone."""
        enquiry = self.find(reference)
        likeness.refuse_answering(self.user)
        given = likeness.answer(enquiry=enquiry, by=self.user, **read_shape(self.shape, request.data))
        return Response(show_likeness(given, enquiry, self.user))


class UndoLikeness(View):
    model = Enquiry
    shape = UndoLikenessBody()

    @extend_schema(
        operation_id="enquiries_undo_likeness",
        request=UndoLikenessBody,
        responses=LikenessShown,
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """Take back what was said of the two: they are offered again if they still look alike."""
        enquiry = self.find(reference)
        likeness.refuse_answering(self.user)
        undone = likeness.undo(enquiry=enquiry, by=self.user, **read_shape(self.shape, request.data))
        return Response(show_likeness(undone, enquiry, self.user))


def show_enquiry(enquiry: Enquiry) -> Body:
    return {
        "reference": enquiry.reference,
        "url": URL.format(enquiry.reference),
        "authority": {"code": enquiry.authority.code, "name": enquiry.authority.name},
        "status": enquiry.status,
        "received_at": enquiry.received_at,
    }


def show_match(match: duplicates.Match) -> Body:
    return {
        **show_enquiry(match.enquiry),
        "band": match.score.band,
        "points": match.score.total,
        "reasons": match.score.sentence,
        "lines": [{"points": line.points, "words": line.words} for line in match.score.points],
    }


def show_likeness(row: Likeness, enquiry: Enquiry, user: User) -> Body:
    """Who said it and why stays in the hub."""
    shown: Body = {**show_enquiry(row.beside(enquiry)), "answer": row.answer, "at": row.at}
    if user.organisation.kind == Organisation.Kind.HUB:
        shown |= {"by": row.by.name, "reason": row.reason}
    return shown
