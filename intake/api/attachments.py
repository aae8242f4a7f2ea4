"""Files over the API: listed with what is taken, added, fetched once they are clean, taken off a draft."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db.models import Model, QuerySet
from django.http import FileResponse
from django.utils.datastructures import MultiValueDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from intake import uploads
from intake.actions import attachments
from intake.api.base import View
from intake.api.schema import described, list_of
from intake.bodies import Body
from intake.checks import Fault
from intake.downloads import download
from intake.models import Attachment, Enquiry, Organisation, User
from intake.refusals import Invalid, NotFound
from intake.shape import flat

BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
MEMBERS = frozenset({"role", "file"})
# The two members beside the file, and what stands between the parts.
AROUND = 64 * 1024


class AttachmentBody(serializers.Serializer[Any]):
    role = serializers.CharField(max_length=40)
    file = serializers.FileField(allow_empty_file=True, max_length=None)


class AttachmentShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    subject = serializers.CharField()
    role = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    size = serializers.IntegerField()
    pages = serializers.IntegerField(allow_null=True, help_text="Of a PDF.")
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(choices=Attachment.State.values)
    url = serializers.CharField(allow_null=True, help_text="Where its bytes are; null until it is clean.")
    warnings = serializers.ListField(child=serializers.CharField())
    added_at = serializers.DateTimeField()
    scanned_at = serializers.DateTimeField(allow_null=True)
    signature = serializers.CharField(required=False, help_text="What the scanner found; for the hub.")


LIMITS_SHOWN = described(
    "AttachmentLimits",
    largest=serializers.IntegerField(help_text="Bytes of one file."),
    files=serializers.IntegerField(help_text="Files of an enquiry."),
    together=serializers.IntegerField(help_text="Bytes of an enquiry's files together."),
    kinds=serializers.ListField(child=serializers.CharField(), help_text="Extensions."),
)
LIMITS = {
    "largest": uploads.LARGEST,
    "files": uploads.MOST,
    "together": uploads.LARGEST_TOGETHER,
    "kinds": list(uploads.TAKEN),
}


def show_attachment(row: Attachment, user: User) -> Body:
    where = "referrals" if row.subject.startswith("REF-") else "enquiries"
    shown = {
        "id": row.pk,
        "subject": row.subject,
        "role": row.role,
        "name": row.name,
        "kind": row.kind,
        "size": row.size,
        "pages": row.pages,
        "sha256": row.sha256,
        "state": row.state,
        "url": f"/api/v1/{where}/{row.subject}/attachments/{row.pk}/" if row.is_clean else None,
        "warnings": row.warnings,
        "added_at": row.added_at,
        "scanned_at": row.scanned_at,
    }
    in_hub = user.organisation.kind == Organisation.Kind.HUB
    return shown | ({"signature": row.signature} if in_hub else {})


class OfSubject(View):
    """Files of an enquiry, or of a referral one floor up."""

    model: type[Model] = Enquiry

    def enquiry_of(self, row: Any) -> Enquiry:
        return row  # type: ignore[no-any-return]

    def rows(self, row: Any) -> QuerySet[Attachment]:
        visible = Attachment.objects.visible_to(self.user)
        return visible.filter(enquiry=self.enquiry_of(row), subject=row.reference)


class Attachments(OfSubject):
    """Files listed, and added."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="enquiries_attachments",
        responses=list_of(AttachmentShown, limits=LIMITS_SHOWN),
        tags=["enquiry"],
    )
    def get(self, request: Request, reference: str) -> Response:
        """With what is taken: how large, how many, which kinds."""
        rows = self.rows(self.find(reference))
        return Response({"limits": LIMITS, "results": [show_attachment(row, self.user) for row in rows]})

    @extend_schema(
        operation_id="enquiries_attach",
        request={"multipart/form-data": AttachmentBody},
        responses={200: AttachmentShown, 201: AttachmentShown},
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """201; 200 with the file there is when the same bytes are there in the same role."""
        row = self.find(reference)
        refuse_too_long(request)
        attachment = attachments.attach(
            enquiry=self.enquiry_of(row), by=self.user, subject=row.reference, **sent(request)
        )
        return Response(show_attachment(attachment, self.user), status=200 if attachment.known else 201)


def refuse_too_long(request: Request) -> None:
    """Before any of it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > uploads.LARGEST + AROUND:
        raise RequestDataTooBig


def sent(request: Request) -> dict[str, Any]:
    """A role and one file, and nothing beside them."""
    # Of an empty body, DRF makes a plain dictionary.
    data = request.data if isinstance(request.data, MultiValueDict) else MultiValueDict()
    faults = [
        Fault(f"/{name[:60]}", "unknown_member", "There is no such member.")
        for name in sorted(set(data) - MEMBERS)[:20]
    ]
    faults += [
        Fault(f"/{name}", "too_many", "Send this once.")
        for name in sorted(MEMBERS)
        if len(data.getlist(name)) > 1
    ]
    body = AttachmentBody(data=data)
    if not body.is_valid():
        faults += flat(body.errors, "")
    if faults:
        raise Invalid(faults)
    return dict(body.validated_data)


class AttachmentBytes(OfSubject):
    """One file: its bytes."""

    def attachment(self, reference: str, pk: int) -> Attachment:
        rows = self.rows(self.find(reference)).select_related("enquiry")
        # No id is larger than what a database can count to.
        found = rows.filter(pk=pk).first() if pk < 2**63 else None
        if found is None:
            raise NotFound
        return found

    @extend_schema(operation_id="enquiries_attachment", responses=BYTES, tags=["enquiry"])
    def get(self, request: Request, reference: str, pk: int) -> FileResponse:
        """As a download, once the scanner has found it clean; 409 with its state before."""
        attachment = self.attachment(reference, pk)
        return download(attachment, attachments.open_file(attachment=attachment, by=self.user))


class EnquiryAttachment(AttachmentBytes):
    @extend_schema(operation_id="enquiries_remove_attachment", responses={204: None}, tags=["enquiry"])
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        """Off a draft; once it was sent, a file stays."""
        attachments.remove(attachment=self.attachment(reference, pk), by=self.user)
        return Response(status=204)
