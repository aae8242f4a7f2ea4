"""The API of quality reviews and addenda, and of the co-worker beside the lead."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, answered, read_shape
from intake.api.schema import list_of
from intake.checks import Fault
from intake.models import User
from intake.refusals import Invalid, NotFound
from intake.shape import Prose, Shape, Text
from referrals.actions import coworking
from referrals.api.serializers import ReferralShown, show_referral
from referrals.models import Defect, Referral, Review


class FindingShown(serializers.Serializer[Any]):
    criterion = serializers.CharField()
    verdict = serializers.CharField()
    comment = serializers.CharField()


class DefectShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    text = serializers.CharField()
    mended = serializers.BooleanField(allow_null=True)


class ReviewShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    outcome = serializers.CharField()
    grade = serializers.CharField()
    missed_why = serializers.CharField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()
    findings = FindingShown(many=True)
    defects = DefectShown(many=True)


class AddendumShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    questions = serializers.ListField(child=serializers.CharField())
    needed_by = serializers.DateField()
    asked_at = serializers.DateTimeField()
    adds_to = serializers.IntegerField(source="adds_to_id", allow_null=True)
    report = serializers.IntegerField(source="report_id", allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    met = serializers.BooleanField(allow_null=True)


class CoWorkerBody(Shape):
    assessor = Text(
        required=True, max_length=254, help_text="The e-mail address of an assessor of the service."
    )
    reason = Prose()


class Reviews(View):
    """Between the hub and the service: an authority reads the report itself."""

    model = Referral
    reading_scope = "referrals:read"

    @extend_schema(operation_id="referrals_reviews", responses=list_of(ReviewShown), tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        """Each reading: what was judged, what was found, whether it was mended."""
        row = self.find(reference)
        if self.user.organisation_id == row.enquiry.authority_id:
            raise NotFound
        defects = Prefetch("defects", Defect.objects.visible_to(self.user))
        found = Review.objects.visible_to(self.user).filter(referral=row).select_related("by")
        shown = ReviewShown(found.prefetch_related("findings", defects), many=True)
        return Response({"results": shown.data})


class Addenda(View):
    model = Referral
    reading_scope = "referrals:read"

    @extend_schema(operation_id="referrals_addenda", responses=list_of(AddendumShown), tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        """The questions after the report; each names the report it adds to, and its own once it is delivered."""
        found = self.find(reference).addendum_rows.all()
        return Response({"results": AddendumShown(found, many=True).data})


class CoWorker(View):
    model = Referral
    shape = CoWorkerBody()

    @extend_schema(
        operation_id="referrals_co_worker",
        request=CoWorkerBody,
        responses=ReferralShown,
        tags=["referral"],
    )
    def put(self, request: Request, reference: str) -> Response:
        """Somebody beside the lead, in the place of whoever was."""
        row = self.find(reference)
        # Who may not, or not now, is told that first, whatever they sent.
        coworking.check_can(row, self.user)
        data = read_shape(self.shape, request.data)
        people = User.objects.visible_to(self.user).active().filter(kind=User.Kind.PERSON)
        assessor = people.filter(email=data.pop("assessor").lower()).first()
        if assessor is None:
            raise Invalid([Fault("/assessor", "unknown", "Choose an assessor of this service.")])
        return self.shown(coworking.add(referral=row, by=self.user, assessor=assessor, **data))

    @extend_schema(operation_id="referrals_end_co_work", responses=ReferralShown, tags=["referral"])
    def delete(self, request: Request, reference: str) -> Response:
        """The lead goes on alone."""
        return self.shown(coworking.end(referral=self.find(reference), by=self.user))

    def shown(self, row: Referral) -> Response:
        row = self.find(
            row.reference, "enquiry__authority", "assessment__type", "service", "assessor", "co_worker"
        )
        return answered(row, show_referral(row, self.user))
