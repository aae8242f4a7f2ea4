"""An earlier enquiry continued: POST enquiries/{reference}/continue/."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.actions import continuing
from intake.api.base import View, answered, read_shape
from intake.api.serializers import URL, EnquiryShown, show_enquiry
from intake.api.views import KEY, key_of
from intake.models import Enquiry
from intake.shape import Choice, Prose, Shape
from intake.shapes import PromptedBody


class ContinueBody(Shape):
    """As what, and why; without `prompted_by` the usual reason for how the earlier enquiry stands."""

    prompted_by = PromptedBody(required=False)
    on_behalf_reason = Prose(help_text="The hub, on behalf: why.")

    def get_fields(self) -> dict[str, Any]:
        """`as` is a word of Python's, so it cannot stand above."""
        return {"as": Choice(choices=["referral", "instruction"]), **super().get_fields()}


class Continuation(View):
    model = Enquiry
    shape = ContinueBody()

    @extend_schema(
        operation_id="enquiries_continue",
        parameters=[KEY],
        request=ContinueBody,
        responses={201: EnquiryShown},
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """A draft with all that may be carried over; it is triaged afresh once it is sent."""
        earlier = self.find(reference, "authority")
        # Who may not, or not now, is told that first, whatever they sent.
        continuing.refuse_continuing(earlier, self.user)
        data = read_shape(self.shape, request.data)
        prompted = data.get("prompted_by", {})
        draft, written = continuing.begin_once(
            enquiry=earlier,
            by=self.user,
            kind=data["as"],
            prompted_by=prompted.get("code", ""),
            reason=prompted.get("reason", ""),
            on_behalf_reason=data.get("on_behalf_reason", ""),
            key=key_of(request),
        )
        headers = {"Location": URL.format(draft.reference)}
        if written is None:
            headers["Idempotent-Replayed"] = "true"
        return answered(draft, show_enquiry(draft, self.user, written), 201, **headers)
