"""Figures over the API: what there is, what each says, and the cases behind it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View
from intake.api.paging import PAGING, Pages
from intake.api.problems import BadRequest
from intake.api.schema import list_of, page_of
from intake.models import Organisation
from intake.refusals import Forbidden, NotFound
from reports.figures import overview
from reports.figures.answers import Answer, Table, Value
from reports.figures.asked import PARAMETERS, Asked, Unreadable, read
from reports.figures.catalogue import FIGURES
from reports.models import Fact


class FigureShown(serializers.Serializer[Any]):
    figure = serializers.CharField()
    url = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    meaning = serializers.CharField()
    now = serializers.BooleanField(help_text="Of this moment, whatever the period.")
    quality = serializers.ListField(
        child=serializers.CharField(), help_text="The figures to be looked at beside it."
    )


class RowShown(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    part = serializers.CharField(allow_blank=True, help_text="By which its cases are asked for.")
    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)
    values = serializers.DictField(
        child=serializers.FloatField(allow_null=True),
        help_text="By column. Null: nothing to measure, or a number from 1 to 7 of which you may not open the cases.",
    )


class TableShown(serializers.Serializer[Any]):
    title = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField(), help_text="What each column is called.")
    rows = RowShown(many=True)


class AnswerShown(FigureShown):
    first = serializers.DateField()
    last = serializers.DateField()
    counted_until = serializers.DateTimeField(help_text="What happened later is not in it yet.")
    sentence = serializers.CharField()
    total = serializers.IntegerField(allow_null=True, help_text="Null: from 1 to 7, not shown.")
    table = TableShown()
    more = TableShown(many=True)
    cases = serializers.CharField(allow_null=True)


class CaseShown(serializers.Serializer[Any]):
    reference = serializers.CharField()
    url = serializers.CharField()
    authority = serializers.CharField()
    service = serializers.CharField(allow_null=True)
    assessment_types = serializers.ListField(child=serializers.CharField())
    day = serializers.DateField()
    reason = serializers.CharField(allow_blank=True)
    value = serializers.IntegerField(allow_null=True, help_text="Working days, or how many workers.")


ASKING = [
    OpenApiParameter("period", str, description="2026-10, 2026-Q4 or 2026; this month, unless you say."),
    OpenApiParameter("first", str, description="With last, two days in the place of a period."),
    OpenApiParameter("last", str),
    OpenApiParameter("compare", str, enum=["true", "false"], description="With the period before."),
    OpenApiParameter("authority", str, description="The DfE code."),
    OpenApiParameter("service", str, description="Of figures that are kept by service."),
    OpenApiParameter("assessment_type", str),
    OpenApiParameter("nation", str, enum=list(Organisation.Nation.values)),
    OpenApiParameter("region", str),
]


class Figures(View):
    """Every figure that the caller reads, with its meaning."""

    model = Fact
    writing_scope = None

    @extend_schema(operation_id="figures", responses=list_of(FigureShown), tags=["figures"])
    def get(self, request: Request) -> Response:
        asked = question(request, self.user)
        return Response({"results": [shown(code) for code in overview.readable(asked)]})


class OneFigure(View):
    """What a figure says: the same numbers as on its page."""

    model = Fact
    writing_scope = None
    parameters: ClassVar = PARAMETERS
    single: ClassVar = View.single | PARAMETERS

    @extend_schema(operation_id="figure", responses=AnswerShown, parameters=ASKING, tags=["figures"])
    def get(self, request: Request, figure: str) -> Response:
        asked = question(request, self.user)
        known(asked, figure)
        return Response(said(asked, overview.read(asked, [figure])[figure]))


class Cases(View):
    """The cases behind a figure, or a part of it, as many as its number says."""

    model = Fact
    writing_scope = None
    parameters: ClassVar = PARAMETERS | PAGING | {"part"}
    single: ClassVar = View.single | PARAMETERS | {"part"}

    @extend_schema(
        operation_id="figure_cases",
        parameters=[
            *ASKING,
            OpenApiParameter("part", str, description="Of a row of the table; all, unless you say."),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(CaseShown),
        tags=["figures"],
    )
    def get(self, request: Request, figure: str) -> Response:
        asked = question(request, self.user)
        known(asked, figure)
        if not asked.opens_cases:
            raise Forbidden("Your role does not allow this: open the cases behind a figure.")
        rows = cases(asked, figure, request.query_params.get("part", ""))
        if rows.model is Fact:
            pages = Pages(request, "-day")
            found = pages.rows(rows.select_related("enquiry", "referral", "authority", "service"))
            return pages.answer([fact(row, figure) for row in found])
        pages = Pages(request, "created_at")
        found = pages.rows(rows.select_related("enquiry__authority", "assessment__type", "service"))
        return pages.answer([standing(row) for row in found])


def question(request: Request, user: Any) -> Asked:
    query = request._request.GET.copy()
    for name in set(query) - PARAMETERS:
        del query[name]
    try:
        return read(query, user)
    except Unreadable as wrong:
        raise BadRequest(wrong.faults) from None


def known(asked: Asked, figure: str) -> None:
    if figure not in overview.readable(asked):
        raise NotFound


def cases(asked: Asked, figure: str, part: str) -> "QuerySet[Any]":
    try:
        return overview.cases(asked, figure, part)
    except Unreadable as wrong:
        raise BadRequest(wrong.faults) from None


def shown(code: str) -> dict[str, Any]:
    row = overview.ALL[code]
    return {
        "figure": code,
        "url": f"/api/v1/figures/{code}/",
        "label": row.label,
        "meaning": row.meaning,
        "now": code not in FIGURES,
        "quality": list(FIGURES[code].quality) if code in FIGURES else [],
    }


def said(asked: Asked, answer: Answer) -> dict[str, Any]:
    until = overview.counted_until()
    more = {"cases": f"/api/v1/figures/{answer.code}/cases/?{asked.query()}" if asked.opens_cases else None}
    return {
        **shown(answer.code),
        "first": asked.period.first,
        "last": asked.period.last,
        "counted_until": until or timezone.now(),
        "sentence": answer.sentence,
        "total": number(answer.total),
        "table": tabled(answer.table),
        "more": [tabled(table) for table in answer.more],
        **more,
    }


def tabled(table: Table) -> dict[str, Any]:
    codes = [column.code for column in table.columns]
    rows = [
        {
            "label": row.label,
            "part": row.code,
            "first": row.span.first if row.span else None,
            "last": row.span.last if row.span else None,
            "values": dict(zip(codes, map(number, row.values), strict=True)),
        }
        for row in table.rows
    ]
    return {"title": table.title, "columns": {row.code: row.label for row in table.columns}, "rows": rows}


def number(value: Value) -> float | None:
    return value.number


def fact(row: Fact, figure: str) -> dict[str, Any]:
    subject: Any = row.referral or row.enquiry
    kind = "referrals" if row.referral else "enquiries"
    has_value = FIGURES[figure].timed or figure == "workers"
    return {
        "reference": subject.reference,
        "url": f"/api/v1/{kind}/{subject.reference}/",
        "authority": row.authority.code,
        "service": row.service.code if row.service else None,
        "assessment_types": row.types.split(),
        "day": row.day,
        "reason": row.reason,
        "value": row.value if has_value else None,
    }


def standing(row: Any) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "url": f"/api/v1/referrals/{row.reference}/",
        "authority": row.enquiry.authority.code,
        "service": row.service.code if row.service else None,
        "assessment_types": [row.assessment.type.code],
        "day": timezone.localdate(row.created_at),
        "reason": row.status,
        "value": None,
    }
