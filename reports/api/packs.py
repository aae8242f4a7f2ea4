"""An authority's monthly packs over the API: printed anew, and found again as they were issued."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View
from intake.api.paging import PAGING, Pages
from intake.api.problems import BadRequest
from intake.api.schema import page_of
from intake.checks import Fault
from intake.models import book
from intake.refusals import Forbidden
from intake.words import Language
from reports import pdf
from reports.actions import packs
from reports.api.figures import question
from reports.api.views import PDF, READERS_LANGUAGE, language_in
from reports.models import Fact, Pack
from reports.models.pack import READERS


class PackShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    url = serializers.SerializerMethodField()
    authority = serializers.CharField(source="authority.code")
    month = serializers.DateField(format="%Y-%m")
    language = serializers.ChoiceField(Language.choices)
    version = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(source="made_by.name")
    sha256 = serializers.CharField()

    def get_url(self, pack: Pack) -> str:
        return f"/api/v1/packs/{pack.pk}/pack.pdf"


class MonthlyPack(View):
    """An authority's monthly pack as it stands now; an authority's manager needs to give the month only.

    It is kept: the same caller gets an unchanged one again on the same day, otherwise the next version.
    """

    model = Fact
    reading_scope = "documents:read"
    writing_scope = None
    parameters: ClassVar = frozenset({"period", "authority", "language"})
    single: ClassVar = View.single | {"period", "authority"}

    @extend_schema(
        operation_id="monthly_pack",
        responses=PDF,
        parameters=[
            OpenApiParameter("period", str, required=True, description="A month, such as 2026-11."),
            OpenApiParameter("authority", str, description="Its code, for the hub."),
            READERS_LANGUAGE,
        ],
        tags=["figures"],
    )
    def get(self, request: Request) -> HttpResponse:
        asked, language = question(request, self.user), language_in(request)
        try:
            return pdf.download(packs.print_pack(asked=asked, language=language))
        except packs.NoPack as wrong:
            raise BadRequest([Fault("period", "invalid", wrong.sentence)]) from wrong


class Packs(View):
    """Those that were issued of one's authority, or for the hub of all; newest first."""

    model = Pack
    reading_scope = "documents:read"
    writing_scope = None
    parameters: ClassVar = PAGING | {"authority"}
    single: ClassVar = View.single | {"authority"}

    @extend_schema(
        operation_id="packs_list",
        parameters=[
            OpenApiParameter("authority", str, description="Its code."),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(PackShown),
        tags=["figures"],
    )
    def get(self, request: Request) -> Response:
        if not self.user.has(*READERS):
            raise Forbidden("Your role does not allow this: read the monthly packs.")
        rows = self.visible().select_related("authority", "made_by").defer("pdf")
        if code := request.query_params.get("authority"):
            rows = rows.filter(authority=authority_at(code))
        pages = Pages(request, "-made_at")
        return pages.answer(list(PackShown(pages.rows(rows), many=True).data))


def authority_at(code: str) -> int:
    found = next((row.pk for row in book().askers if row.code == code), None)
    if found is None:
        raise BadRequest([Fault("authority", "unknown", "There is no such authority.")])
    return found


class KeptPack(View):
    """One of them, as it was issued; who has it stands in the history of each enquiry that it names."""

    model = Pack
    reading_scope = "documents:read"
    writing_scope = None

    @extend_schema(operation_id="packs_kept", responses=PDF, tags=["figures"])
    def get(self, request: Request, pack: int) -> HttpResponse:
        return pdf.download(packs.fetch_pack(pack=pack, by=self.user))
