"""Printing many over the API: previewed, begun, agreed to, followed, cancelled, taken up again, fetched."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
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
from intake.shape import Choice, Number, Prose, Shape, Text, YesNo
from intake.words import Language
from referrals.selection import ENQUIRIES, REFERRALS
from reports import files, recipients
from reports.actions import agreeing, print_runs
from reports.api.agreeing import AgreementBody
from reports.models import Document, PrintRow, PrintRun
from reports.summaries.shelf import SHELVES

URL = "/api/v1/print-runs/{}/"
WHOLE = [(kind.value, kind.label) for kind, shelf in SHELVES.items() if not shelf.about]


class References(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        super().__init__(child=Text(required=True, max_length=30), required=False, **options)


class PrintRunBody(Shape):
    kind = Choice(choices=WHOLE, required=True)
    audience = Choice(choices=Document.Audience.choices, required=True)
    form = Choice(choices=PrintRun.Form.choices, required=False, help_text="Left out, it is one PDF.")
    language = Choice(
        choices=Language.choices, required=False, help_text="Left out, each is in that of its enquiry."
    )
    reason = Prose(
        help_text="Needed of a manager and an auditor, and where a second person has to agree; it stands in each "
        "history."
    )
    references = References(
        help_text="Of enquiries or referrals; or leave it out and give `query` or `view`."
    )
    query = Text(max_length=4_000, help_text="The query string of the list: all that match.")
    of = Choice(choices=[ENQUIRIES, REFERRALS], required=False, help_text="Which list the query is of.")
    view = Number(max_value=2**53, help_text="The number of a saved view: all that are in it.")
    id = serializers.UUIDField(required=False, help_text="Your name for it: sent again, it is the same run.")
    preview = YesNo(
        help_text="Only say what would be printed; false begins it at once. Left out, it is true."
    )


class RecipientShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    papers = serializers.IntegerField()


class PrintRowShown(serializers.Serializer[Any]):
    reference = serializers.CharField()
    outcome = serializers.ChoiceField(PrintRow.Outcome.choices)
    says = serializers.CharField()
    version = serializers.IntegerField(allow_null=True, help_text="Of the paper that was printed.")
    sha256 = serializers.CharField(allow_null=True)


class PrintRunAsked(serializers.Serializer[Any]):
    """As those see it who answer for what leaves: how much, for whom and why, and nobody of any family."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    kind = serializers.ChoiceField(Document.Kind.choices)
    audience = serializers.ChoiceField(Document.Audience.choices)
    form = serializers.ChoiceField(PrintRun.Form.choices)
    language = serializers.ChoiceField(
        Language.choices, allow_blank=True, help_text="Empty: each in that of its enquiry."
    )
    state = serializers.ChoiceField(PrintRun.State.choices)
    reason = serializers.CharField()
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()
    people = serializers.IntegerField(help_text="Children in its papers.")
    agree_by = serializers.DateTimeField(allow_null=True)
    agreed_by = serializers.CharField(allow_null=True, help_text="Who answered, with yes or no.")
    answer = serializers.CharField(help_text="What they said with it; of a no, why.")


class PrintRunInShort(PrintRunAsked):
    needs_second = serializers.BooleanField(help_text="More than 50 children are in its papers.")
    stopped = serializers.CharField(help_text="Why it ended before its last row; mostly empty.")
    total = serializers.IntegerField(help_text="Without those left out.")
    ready = serializers.IntegerField(help_text="Still to be printed.")
    printed = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Left out: each row says why.")
    forbidden = serializers.IntegerField()
    gone = serializers.IntegerField()
    failed = serializers.IntegerField()
    file = serializers.CharField(help_text="The address of the file while it is kept; otherwise empty.")
    kept_until = serializers.DateTimeField(allow_null=True)


class PrintRunShown(PrintRunInShort):
    recipients = RecipientShown(many=True)
    rows = PrintRowShown(many=True)


WITH = ("made_by", "agreed_by")


def asked(run: PrintRun) -> Body:
    state = run.state
    return {
        "id": run.uid,
        "url": URL.format(run.uid),
        "kind": run.kind,
        "audience": run.audience,
        "form": run.form,
        "language": run.language,
        "state": state,
        "reason": run.reason,
        "made_by": run.made_by.name,
        "made_at": run.made_at,
        "people": run.people,
        "agree_by": run.agree_by if state == PrintRun.State.WAITING else None,
        "agreed_by": run.agreed_by.name if run.agreed_by else None,
        "answer": run.answer_reason,
    }


def in_short(run: PrintRun, counts: dict[str, int]) -> Body:
    url, ready = URL.format(run.uid), run.state == PrintRun.State.READY
    return {
        **asked(run),
        "needs_second": run.needs_second,
        "stopped": run.why_given_up,
        **counts,
        "file": f"{url}file/" if ready else "",
        "kept_until": run.kept_until if ready else None,
    }


def show(run: PrintRun, view: View) -> Body:
    rows = run.rows_for(view.user).values_list(
        "reference", "outcome", "says", "document__version", "document__sha256"
    )
    return {
        **in_short(run, print_runs.counts_of(run, view.user)),
        "recipients": [vars(one) for one in recipients.recipients_of(run, view.user)],
        "rows": [dict(zip(PrintRowShown().fields, row, strict=True)) for row in rows],
    }


class PrintRunView(View):
    model = PrintRun
    reading_scope = "documents:read"
    writing_scope = "documents:read"

    def found(self, run: UUID) -> PrintRun:
        print_runs.check_may_print_many(self.user)
        return self.one(self.visible(), run)

    def one(self, rows: Any, run: UUID) -> PrintRun:
        row: PrintRun | None = rows.select_related(*WITH).filter(uid=run).first()
        if row is None:
            raise NotFound
        return row


class PrintRuns(PrintRunView):
    parameters: ClassVar = PAGING
    shape = PrintRunBody()

    @extend_schema(operation_id="print_runs_list", responses=page_of(PrintRunInShort), tags=["print"])
    def get(self, request: Request) -> Response:
        """One's own runs, newest first."""
        print_runs.check_may_print_many(self.user)
        pages = Pages(request, "-made_at")
        runs = pages.rows(self.visible().select_related(*WITH))
        counts = print_runs.counted(runs, self.user)
        return pages.answer([in_short(run, counts[run.pk]) for run in runs])

    @extend_schema(
        operation_id="print_runs_create", request=PrintRunBody, responses={201: PrintRunShown}, tags=["print"]
    )
    def post(self, request: Request) -> Response:
        """A paper of many enquiries: what would be printed; with preview=false, the worker begins."""
        print_runs.check_may_print_many(self.user)
        given = read_shape(self.shape, request.data)
        run = print_runs.preview(
            by=self.user,
            kind=given["kind"],
            audience=given["audience"],
            form=given.get("form", PrintRun.Form.ONE_PDF),
            language=given.get("language", ""),
            reason=given.get("reason", ""),
            chosen=self.chosen(given),
            uid=given.get("id"),
        )
        if not given.get("preview", True):
            run = print_runs.start(run=run, by=self.user)
        return Response(show(run, self), status=201, headers={"Location": URL.format(run.uid)})

    def chosen(self, given: dict[str, Any]) -> print_runs.Choice:
        if "view" in given:
            view = SavedView.objects.visible_to(self.user).filter(pk=given["view"]).first()
            if view is None:
                raise Invalid([Fault("/view", "unknown", "There is no such saved view.")])
            return print_runs.Choice.of_view(view)
        return print_runs.Choice(given.get("references", ()), given.get("query"), given.get("of", ENQUIRIES))


class PrintRunLog(PrintRunView):
    parameters: ClassVar = PAGING

    @extend_schema(operation_id="print_runs_log", responses=page_of(PrintRunAsked), tags=["print"])
    def get(self, request: Request) -> Response:
        """Those that needed a second person's word, by whomever, newest first."""
        agreeing.check_may_agree(self.user)
        pages = Pages(request, "-made_at")
        rows = PrintRun.objects.log_for(self.user).select_related(*WITH)
        return pages.answer([asked(run) for run in pages.rows(rows)])


class PrintRunAgreement(PrintRunView):
    shape = AgreementBody()

    @extend_schema(
        operation_id="print_runs_agree",
        request=AgreementBody,
        responses={202: PrintRunAsked},
        tags=["print"],
    )
    def post(self, request: Request, run: UUID) -> Response:
        """A second person's word: another manager's or auditor's than whoever asked."""
        agreeing.check_may_agree(self.user)
        given = read_shape(self.shape, request.data)
        found = self.one(PrintRun.objects.log_for(self.user), run)
        return Response(asked(agreeing.answer(asked=found, by=self.user, **given)), status=202)


class PrintRunDetail(PrintRunView):
    @extend_schema(operation_id="print_runs_retrieve", responses=PrintRunShown, tags=["print"])
    def get(self, request: Request, run: UUID) -> Response:
        """How far it is, and what became of each row."""
        return Response(show(self.found(run), self))


class PrintRunStart(PrintRunView):
    @extend_schema(
        operation_id="print_runs_start", request=None, responses={202: PrintRunShown}, tags=["print"]
    )
    def post(self, request: Request, run: UUID) -> Response:
        """Begin, or have it wait for a second person; a second time changes nothing."""
        return Response(show(print_runs.start(run=self.found(run), by=self.user), self), status=202)


class PrintRunCancel(PrintRunView):
    @extend_schema(operation_id="print_runs_cancel", request=None, responses=PrintRunShown, tags=["print"])
    def post(self, request: Request, run: UUID) -> Response:
        """Print no more; what is printed stays printed."""
        return Response(show(print_runs.cancel(run=self.found(run), by=self.user), self))


class PrintRunResume(PrintRunView):
    @extend_schema(
        operation_id="print_runs_resume", request=None, responses={202: PrintRunShown}, tags=["print"]
    )
    def post(self, request: Request, run: UUID) -> Response:
        """Go on within a day: what is not printed, what failed, and the file anew. Nothing is printed twice."""
        return Response(show(print_runs.resume(run=self.found(run), by=self.user), self), status=202)


class PrintRunFile(PrintRunView):
    @extend_schema(
        operation_id="print_runs_file",
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "application/zip"): OpenApiTypes.BINARY,
        },
        tags=["print"],
    )
    def get(self, request: Request, run: UUID) -> FileResponse:
        """The papers together, for a day, while all of them are the caller's to see."""
        found = self.found(run)
        return files.download(found, print_runs.open_file(run=found, by=self.user))
