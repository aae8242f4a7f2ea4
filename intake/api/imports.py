"""Files of enquiries over the API: sent, followed, applied, answered row by row."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from intake.actions import imports
from intake.api.base import View
from intake.api.paging import PAGING, Pages
from intake.api.schema import page_of
from intake.api.views import find_authority
from intake.checks import Fault
from intake.importing import columns, files, replies
from intake.models import Import
from intake.refusals import Forbidden, Invalid, NotFound
from intake.shape import escape, flat

URL = "/api/v1/enquiries/imports/{}/"


class ImportBody(serializers.Serializer[Any]):
    file = serializers.FileField(
        allow_empty_file=True, help_text="CSV in UTF-8 or JSON Lines; up to 10 MB and 5,000 rows of 1 MB."
    )
    dry_run = serializers.BooleanField(
        default=True, help_text="Only check; nothing is sent before it is applied."
    )
    format = serializers.ChoiceField(
        choices=["csv", "jsonl"], required=False, help_text="Told from the file when it is left out."
    )
    authority = serializers.CharField(
        max_length=3, required=False, help_text="The hub, on behalf: the authority's DfE code."
    )
    on_behalf_reason = serializers.CharField(max_length=5_000, required=False)


class ImportShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField()
    authority = serializers.CharField()
    state = serializers.ChoiceField(choices=Import.State.values)
    dry_run = serializers.BooleanField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()
    finished_at = serializers.DateTimeField(allow_null=True)
    kept_until = serializers.DateTimeField(allow_null=True)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    ready = serializers.IntegerField()
    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    refused = serializers.IntegerField()
    reply = serializers.CharField()


def show(row: Any) -> dict[str, Any]:
    url = URL.format(row.uid)
    return {
        "id": row.uid,
        "url": url,
        "authority": row.authority.code,
        "state": row.state,
        "dry_run": row.asked_at is None,
        "made_at": row.made_at,
        "made_by": row.made_by.name,
        "finished_at": row.finished_at,
        "kept_until": row.kept_until if row.file else None,
        "total": row.total,
        "done": row.done,
        "ready": row.ready,
        "accepted": row.accepted,
        "duplicates": row.duplicate,
        "refused": row.refused,
        "reply": f"{url}reply.csv",
    }


class ImportView(View):
    model = Import

    def rows(self) -> Any:
        return self.visible().select_related("authority", "made_by").counted()

    def found(self, import_id: UUID) -> Any:
        row = self.rows().filter(uid=import_id).first()
        if row is None:
            raise NotFound
        return row


class Imports(ImportView):
    parameters: ClassVar = PAGING
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="imports_list", responses=page_of(ImportShown), tags=["import"])
    def get(self, request: Request) -> Response:
        """The files that the caller may see, newest first."""
        pages = Pages(request, "-made_at")
        return pages.answer([show(row) for row in pages.rows(self.rows())])

    @extend_schema(
        operation_id="imports_create",
        request={"multipart/form-data": ImportBody},
        responses={202: ImportShown},
        tags=["import"],
    )
    def post(self, request: Request) -> Response:
        """Send a file of enquiries, to be checked first; with dry_run=false its rows are sent at once."""
        if not imports.may_import(self.user):
            raise Forbidden("Your role does not allow this: import enquiries.")
        sent = read(request)
        file = sent.pop("file")
        sent["authority"] = find_authority(sent.get("authority", ""))
        bulk = imports.take_in(
            content=file.read(files.LARGEST + 1),
            name=file.name,
            kind=sent.pop("format", ""),
            by=self.user,
            **sent,
        )
        return answered(self, bulk)


def read(request: Request) -> dict[str, Any]:
    """The members of the form; every fault at once."""
    body = ImportBody(data=request.data)
    faults = [
        Fault(f"/{escape(name)}", "unknown_member", "There is no such member.")
        for name in request.data
        if name not in body.fields
    ]
    if not body.is_valid() or faults:
        raise Invalid([*faults, *flat(body.errors, "")])
    return dict(body.validated_data)


def answered(view: ImportView, bulk: Import) -> Response:
    shown = show(view.found(bulk.uid))
    return Response(shown, status=202, headers={"Location": shown["url"]})


class ImportDetail(ImportView):
    @extend_schema(operation_id="imports_retrieve", responses=ImportShown, tags=["import"])
    def get(self, request: Request, import_id: UUID) -> Response:
        """How far it is."""
        return Response(show(self.found(import_id)))


class Apply(ImportView):
    @extend_schema(operation_id="imports_apply", request=None, responses={202: ImportShown}, tags=["import"])
    def post(self, request: Request, import_id: UUID) -> Response:
        """Send the rows of a file that was checked; a second time changes nothing."""
        return answered(self, imports.apply(bulk=self.found(import_id), by=self.user))


class ReplyAsCSV(ImportView):
    kind = "csv"

    @extend_schema(
        operation_id="imports_reply_csv", responses={(200, "text/csv"): OpenApiTypes.BINARY}, tags=["import"]
    )
    def get(self, request: Request, import_id: UUID) -> HttpResponse:
        """What became of each row so far: accepted and its reference, what it repeats, or every fault."""
        bulk = self.found(import_id)
        return download(replies.reply(bulk, self.user, self.kind), self.kind, f"import-{bulk.uid}-reply")


class ReplyAsLines(ReplyAsCSV):
    kind = "jsonl"

    @extend_schema(
        operation_id="imports_reply_jsonl",
        responses={(200, "application/jsonl"): OpenApiTypes.BINARY},
        tags=["import"],
    )
    def get(self, request: Request, import_id: UUID) -> HttpResponse:
        """The same, one JSON object a line."""
        return super().get(request, import_id)


class Template(View):
    @extend_schema(
        operation_id="imports_template", responses={(200, "text/csv"): OpenApiTypes.BINARY}, tags=["import"]
    )
    def get(self, request: Request) -> HttpResponse:
        """A CSV file with the columns most often needed, and no row."""
        return download(replies.header_only(columns.template()), "csv", "enquiries-template")


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(content, content_type=replies.KINDS[kind], headers=headers)
