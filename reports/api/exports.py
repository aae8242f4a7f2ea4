"""Exports over the API: asked for, agreed to, followed, cancelled, fetched; and the log of all."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse, QueryDict
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.api.paging import PAGING, Pages
from intake.api.schema import page_of
from intake.bodies import Body
from intake.checks import Fault
from intake.models import SavedView
from intake.refusals import Invalid, NotFound
from intake.shape import Choice, Number, Prose, Shape, Text
from referrals.selection import ENQUIRIES
from reports import files
from reports.actions import agreeing, export_making, exports
from reports.actions.exports import Wanted
from reports.api.agreeing import AgreementBody
from reports.models import Export

URL = "/api/v1/exports/{}/"


class Words(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        super().__init__(child=Text(required=True, max_length=40), required=False, **options)


class ExportBody(Shape):
    kind = Choice(choices=Export.Kind.choices, required=True)
    form = Choice(
        choices=Export.Form.choices, required=False, help_text="Left out, CSV; of the census a zip."
    )
    reason = Prose(help_text="Needed for children, statistical and census; it stands in each history.")
    query = Text(
        max_length=4_000,
        help_text="The query string of the list or of the figures; empty for all. Of the census, leave it out.",
    )
    references = Words(help_text="Of enquiries or referrals, in the place of a query.")
    view = Number(max_value=2**53, help_text="The number of a saved view: all that are in it.")
    figures = Words(help_text="Of the figures, their codes; all, unless you say.")
    authority = Text(max_length=10, help_text="Of the census, the DfE code.")
    year = Number(max_value=9999, help_text="Of the census, the year in which it ends.")
    id = serializers.UUIDField(
        required=False, help_text="Your name for it: sent again, it is the same export."
    )


class ExportShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField()
    kind = serializers.ChoiceField(Export.Kind.choices)
    form = serializers.ChoiceField(Export.Form.choices)
    state = serializers.ChoiceField(Export.State.choices)
    of = serializers.CharField(help_text="The filters, in words.")
    reason = serializers.CharField()
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()
    total = serializers.IntegerField(help_text="Rows, when it was asked for.")
    done = serializers.IntegerField(help_text="Rows that are taken into it so far.")
    rows = serializers.IntegerField(help_text="Rows in the file.")
    people = serializers.IntegerField(help_text="Children in it by name.")
    dropped = serializers.IntegerField(
        help_text="Of a statistical extract, rows left out; null: from 1 to 5.", allow_null=True
    )
    needs_second = serializers.BooleanField()
    agree_by = serializers.DateTimeField(allow_null=True)
    agreed_by = serializers.CharField(allow_null=True, help_text="Who answered, with yes or no.")
    answer = serializers.CharField(help_text="What they said with it; of a no, why.")
    stopped = serializers.CharField(help_text="Why it was not made; mostly empty.")
    sha256 = serializers.CharField()
    file = serializers.CharField(
        help_text="The address of the file, for whoever asked for it, while it is kept."
    )
    kept_until = serializers.DateTimeField(allow_null=True)
    fetched = serializers.ListField(child=serializers.DateTimeField())


PAGE = page_of(ExportShown)


def show(export: Export, view: View) -> Body:
    url, state = URL.format(export.uid), export.state_at(timezone.now())
    ready = state == Export.State.READY
    own = export.made_by_id == view.user.pk
    return {
        "id": export.uid,
        "url": url,
        "kind": export.kind,
        "form": export.form,
        "state": state,
        "of": export.in_words,
        "reason": export.reason,
        "made_by": export.made_by.name,
        "made_at": export.made_at,
        "total": export.total,
        "done": export.chosen,
        "rows": export.rows,
        "people": export.people,
        "dropped": None if 0 < export.dropped < 6 else export.dropped,
        "needs_second": export.needs_second,
        "agree_by": export.agree_by if state == Export.State.WAITING else None,
        "agreed_by": export.agreed_by.name if export.agreed_by else None,
        "answer": export.answer_reason,
        "stopped": export.why_given_up,
        "sha256": export.sha256,
        "file": f"{url}file/" if ready and own else "",
        "kept_until": export.kept_until if ready else None,
        "fetched": [fetch.at for fetch in export.fetches.all()],
    }


WITH = ("made_by", "agreed_by")


class ExportView(View):
    model = Export
    reading_scope = "documents:read"
    writing_scope = "documents:read"

    def found(self, export: UUID) -> Export:
        exports.check_may_export(self.user)
        return self.one(self.visible(), export)

    def one(self, rows: Any, export: UUID) -> Export:
        row: Export | None = rows.select_related(*WITH).filter(uid=export).first()
        if row is None:
            raise NotFound
        return row


class Exports(ExportView):
    parameters: ClassVar = PAGING
    shape = ExportBody()

    @extend_schema(operation_id="exports_list", responses=PAGE, tags=["exports"])
    def get(self, request: Request) -> Response:
        """One's own exports, newest first."""
        exports.check_may_export(self.user)
        pages = Pages(request, "-made_at")
        rows = pages.rows(self.visible().select_related(*WITH).prefetch_related("fetches"))
        return pages.answer([show(row, self) for row in rows])

    @extend_schema(
        operation_id="exports_create", request=ExportBody, responses={201: ExportShown}, tags=["exports"]
    )
    def post(self, request: Request) -> Response:
        """A table of a list, of children, of figures: made at once, by the worker, or after a second person's word."""
        exports.check_may_export(self.user)
        given = read_shape(self.shape, request.data)
        kind = given["kind"]
        export = exports.ask(
            by=self.user,
            wanted=Wanted(
                kind=kind,
                form=given.get("form")
                or (Export.Form.ZIP if kind == Export.Kind.CENSUS else Export.Form.CSV),
                of=ENQUIRIES,
                query=self.query(given),
                references=given.get("references", ()),
                reason=given.get("reason", ""),
                figures=given.get("figures", ()),
            ),
            uid=given.get("id"),
        )
        export = export_making.begin(export)
        return Response(show(export, self), status=201, headers={"Location": URL.format(export.uid)})

    def query(self, given: dict[str, Any]) -> str:
        if given["kind"] == Export.Kind.CENSUS:
            asked = QueryDict(mutable=True)
            asked.update({"authority": given.get("authority", ""), "year": given.get("year", "")})
            return str(asked.urlencode())
        if "view" in given:
            view = SavedView.objects.visible_to(self.user).filter(pk=given["view"]).first()
            if view is None:
                raise Invalid([Fault("/view", "unknown", "There is no such saved view.")])
            return str(view.query)
        return str(given.get("query", ""))


class ExportLog(ExportView):
    parameters: ClassVar = PAGING

    @extend_schema(operation_id="exports_log", responses=PAGE, tags=["exports"])
    def get(self, request: Request) -> Response:
        """Everything that was asked for, by whomever, newest first."""
        agreeing.check_may_agree(self.user)
        pages = Pages(request, "-made_at")
        rows = Export.objects.log_for(self.user).select_related(*WITH).prefetch_related("fetches")
        return pages.answer([show(row, self) for row in pages.rows(rows)])


class ExportDetail(ExportView):
    @extend_schema(operation_id="exports_retrieve", responses=ExportShown, tags=["exports"])
    def get(self, request: Request, export: UUID) -> Response:
        """How far it is, and how much is in it."""
        return Response(show(self.found(export), self))


class ExportAgreement(ExportView):
    shape = AgreementBody()

    @extend_schema(
        operation_id="exports_agree", request=AgreementBody, responses={202: ExportShown}, tags=["exports"]
    )
    def post(self, request: Request, export: UUID) -> Response:
        """A second person's word: another manager's or auditor's than whoever asked."""
        agreeing.check_may_agree(self.user)
        given = read_shape(self.shape, request.data)
        found = self.one(Export.objects.log_for(self.user).filter(needs_second=True), export)
        done = export_making.begin(agreeing.answer(asked=found, by=self.user, **given))
        return Response(show(done, self), status=202)


class ExportCancel(ExportView):
    @extend_schema(operation_id="exports_cancel", request=None, responses=ExportShown, tags=["exports"])
    def post(self, request: Request, export: UUID) -> Response:
        """There will be no file."""
        return Response(show(exports.cancel(export=self.found(export), by=self.user), self))


class ExportFile(ExportView):
    @extend_schema(
        operation_id="exports_file",
        responses={
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, files.EXPORTS[Export.Form.XLSX]): OpenApiTypes.BINARY,
            (200, "application/zip"): OpenApiTypes.BINARY,
        },
        tags=["exports"],
    )
    def get(self, request: Request, export: UUID) -> FileResponse:
        """The file, for a day, while all of it is the caller's to see; each fetch is on record."""
        found = self.found(export)
        return files.download_export(found, exports.open_file(export=found, by=self.user))
