"""One act on many, over the API: previewed, followed, applied."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.bodies import Body
from intake.refusals import Forbidden, NotFound
from intake.shape import Choice, Day, Number, Prose, Shape, Text, YesNo
from referrals.actions import bulk
from referrals.models import BulkRow, BulkRun
from referrals.models.running import may_run
from referrals.selection import ENQUIRIES, REFERRALS

URL = "/api/v1/enquiries/bulk/{}/"
NO_ROLE = "Your role does not allow this: act on many enquiries at once."


class ArgumentsBody(Shape):
    """Of assign: `to`, `reason`. Of offer: `service`, `reply_by`, `note`. Of flag: `code`, `reason`, `review_on`."""

    to = Number(max_value=2**53, help_text="The number of a colleague of the hub.")
    reason = Prose()
    service = Text(max_length=40, help_text="The code of an assessment service.")
    reply_by = Day()
    note = Prose()
    code = Text(max_length=40, help_text="Of codes/flag/.")
    review_on = Day()


class References(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        super().__init__(child=Text(required=True, max_length=30), required=False, **options)


class BulkBody(Shape):
    act = Choice(choices=BulkRun.Act.values, required=True)
    references = References(help_text="Of enquiries or referrals; or leave it out and give `query`.")
    query = Text(max_length=4_000, help_text="The query string of the list: all that match.")
    of = Choice(choices=[ENQUIRIES, REFERRALS], required=False, help_text="Which list the query is of.")
    arguments = ArgumentsBody(required=False)
    id = serializers.UUIDField(required=False, help_text="Your name for it: sent again, it is the same run.")
    preview = YesNo(help_text="Only say what would happen; false does it at once. Left out, it is true.")


class BulkRowShown(serializers.Serializer[Any]):
    reference = serializers.CharField()
    outcome = serializers.ChoiceField(BulkRow.Outcome.choices)
    says = serializers.CharField()


class BulkShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField()
    act = serializers.ChoiceField(BulkRun.Act.choices)
    asked = serializers.BooleanField(help_text="Somebody said: do it.")
    running = serializers.BooleanField()
    stopped = serializers.CharField(help_text="Why it ended before its last row; mostly empty.")
    total = serializers.IntegerField()
    ready = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Left out: each row says why.")
    done = serializers.IntegerField()
    refused = serializers.IntegerField(help_text="Changed meanwhile: each row says how.")
    rows = BulkRowShown(many=True)


def show(run: BulkRun, view: View) -> Body:
    url, counts = URL.format(run.uid), run.counts()
    rows = BulkRow.objects.visible_to(view.user).filter(run=run).values("reference", "outcome", "says")
    return {
        "id": run.uid,
        "url": url,
        "act": run.act,
        "asked": run.asked_at is not None,
        "running": run.running,
        "stopped": run.why_given_up,
        "total": sum(counts.values()),
        **counts,
        "rows": list(rows.order_by("number")),
    }


class BulkView(View):
    model = BulkRun

    def found(self, run: UUID) -> BulkRun:
        if not may_run(self.user):
            raise Forbidden(NO_ROLE)
        row: BulkRun | None = self.visible().filter(uid=run).first()
        if row is None:
            raise NotFound
        return row


class Bulk(BulkView):
    shape = BulkBody()

    @extend_schema(operation_id="bulk_create", request=BulkBody, responses={201: BulkShown}, tags=["bulk"])
    def post(self, request: Request) -> Response:
        """Assign, offer or flag many at once: what would become of each; with preview=false, what did."""
        if not may_run(self.user):
            raise Forbidden(NO_ROLE)
        given = read_shape(self.shape, request.data)
        run = bulk.preview(
            by=self.user,
            act=given["act"],
            arguments=given.get("arguments", {}),
            references=given.get("references", ()),
            query=given.get("query"),
            of=given.get("of", ENQUIRIES),
            uid=given.get("id"),
        )
        if not given.get("preview", True):
            run = bulk.begin(bulk.apply(run=run, by=self.user))
        return Response(show(run, self), status=201, headers={"Location": URL.format(run.uid)})


class BulkDetail(BulkView):
    @extend_schema(operation_id="bulk_retrieve", responses=BulkShown, tags=["bulk"])
    def get(self, request: Request, run: UUID) -> Response:
        """How far it is, and what became of each row."""
        return Response(show(self.found(run), self))


class BulkApply(BulkView):
    @extend_schema(operation_id="bulk_apply", request=None, responses={202: BulkShown}, tags=["bulk"])
    def post(self, request: Request, run: UUID) -> Response:
        """Do it to the rows that are ready; a second time changes nothing."""
        done = bulk.begin(bulk.apply(run=self.found(run), by=self.user))
        return Response(show(done, self), status=202)
