"""What was destroyed, over the API, and its certificates."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View
from intake.api.paging import PAGING, Pages
from intake.api.schema import page_of
from intake.models import Disposal
from intake.models.disposal import answers_for_it
from intake.refusals import Forbidden, NotFound
from reports import pdf
from reports.actions import certificates
from reports.api.views import PDF, READERS_LANGUAGE, language_in


class DisposalShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    authority = serializers.CharField(source="authority.code")
    record = serializers.CharField()
    reference = serializers.CharField()
    rule = serializers.CharField()
    by = serializers.CharField(source="by.name", default=None, allow_null=True)
    told_at = serializers.DateTimeField(allow_null=True)
    disposed_at = serializers.DateTimeField()
    files = serializers.IntegerField()
    digest = serializers.CharField()


class DisposalView(View):
    model = Disposal
    reading_scope = "documents:read"
    writing_scope = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not answers_for_it(self.user):
            raise Forbidden("Your role does not allow this: read what was destroyed.")


class Disposals(DisposalView):
    """Of one's authority, or of all; newest first."""

    parameters: ClassVar = PAGING

    @extend_schema(
        operation_id="disposals_list",
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)],
        responses=page_of(DisposalShown),
        tags=["disposals"],
    )
    def get(self, request: Request) -> Response:
        pages = Pages(request, "-disposed_at")
        rows = pages.rows(self.visible().select_related("authority", "by"))
        return pages.answer(list(DisposalShown(rows, many=True).data))


class Certificate(DisposalView):
    parameters: ClassVar = frozenset({"language"})

    @extend_schema(
        operation_id="disposals_certificate",
        responses=PDF,
        parameters=[READERS_LANGUAGE],
        tags=["disposals"],
    )
    def get(self, request: Request, disposal: int) -> HttpResponse:
        found = self.visible().select_related("authority", "by").filter(pk=disposal).first()
        if found is None:
            raise NotFound
        language = language_in(request)
        made = certificates.print_certificate(disposal=found, by=self.user, language=language)
        return pdf.saved(made, f"certificate-{found.number}.pdf")
