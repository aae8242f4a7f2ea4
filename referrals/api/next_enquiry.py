"""The next enquiry of a view, claimed."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake import filters
from intake.api.base import View, answered, read_shape
from intake.api.problems import BadRequest
from intake.api.serializers import EnquiryShown, show_enquiry
from intake.api.transitions import Nothing
from intake.api.views import KEY, SHOWN_WITH, flat_parameters, key_of
from intake.models import Enquiry, SavedView
from intake.refusals import NotPossible
from intake.sorts import SORTS
from referrals import viewing
from referrals.actions import claims

NOTHING = Nothing()


class NextEnquiry(View):
    """Literal, beside the references: no reference is called next."""

    model = Enquiry
    parameters: ClassVar = frozenset(filters.EnquiryFilter.base_filters) | {viewing.SORT}

    @extend_schema(
        operation_id="enquiries_claim_next",
        parameters=[
            KEY,
            *(
                OpenApiParameter(name, str, many=True, description=str(found.label or ""))
                for name, found in filters.EnquiryFilter.base_filters.items()
            ),
            OpenApiParameter(viewing.SORT, str, enum=list(SORTS)),
        ],
        request=None,
        responses=EnquiryShown,
        tags=["enquiry"],
    )
    def post(self, request: Request) -> Response:
        """Claim the first that nobody has, of those that fit the filters. 409 when nothing is left.

        With a key, a repeat is answered with the enquiry that the first call claimed.
        """
        read_shape(NOTHING, request.data)
        query = request.query_params
        chosen = viewing.filtering(SavedView.Of.ENQUIRIES, query, self.user)
        if not chosen.is_valid():
            raise BadRequest(flat_parameters(chosen.errors))
        rows = viewing.enquiries(query, self.user)
        found, again = claims.claim_next_once(
            by=self.user, rows=rows, view=viewing.named(query), key=key_of(request), asked=query.urlencode()
        )
        if found is None:
            raise NotPossible("Nothing that nobody has is left in this view.", status="")
        row = self.find(found.reference, *SHOWN_WITH)
        headers = {"Idempotent-Replayed": "true"} if again else {}
        return answered(row, show_enquiry(row, self.user), 200, **headers)
