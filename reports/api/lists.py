"""The two lists on paper over the API: the filters of the lists, and the orders of their pages."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from intake.api.base import View
from intake.api.problems import BadRequest
from intake.api.views import flat_parameters
from intake.filters import EnquiryFilter
from intake.models import Enquiry
from intake.pages.worklist import WorklistForm
from intake.sorts import SORTS
from referrals.filters import ReferralFilter
from referrals.models import Referral
from referrals.pages.listing import ReferralsForm
from referrals.pages.work_page import SHOWN
from referrals.viewing import REFERRAL_SORTS
from reports import pdf
from reports.actions import listing
from reports.actions.listing import Asked
from reports.api.views import PDF, READERS_LANGUAGE, language_in
from reports.languages import speaking


def offered(filters: Any, sorts: Any) -> list[OpenApiParameter]:
    """What may be asked for, as the description of the API says it."""
    return [
        *(OpenApiParameter(name, str, many=True) for name in filters.base_filters),
        OpenApiParameter("sort", str, enum=list(sorts)),
        READERS_LANGUAGE,
    ]


class ListOnPaper(View):
    reading_scope = "documents:read"
    writing_scope = None

    def narrowed(self, filters: Any, request: Request) -> Any:
        chosen = filters(request.query_params, self.visible(), request=request)
        if not chosen.is_valid():
            raise BadRequest(flat_parameters(chosen.errors))
        return chosen.qs

    def asked(self, title: str, heading: str, form: Any, sorts: Any) -> Asked:
        return Asked(title, heading, listing.in_words(form, form.data), sorts[form.sort_name()])


class WorklistPaper(ListOnPaper):
    """The enquiries that fit, two hundred at most; each has a line of history for it."""

    model = Enquiry
    parameters: ClassVar = frozenset(EnquiryFilter.base_filters) | {"sort", "language"}

    @extend_schema(operation_id="worklist_paper", responses=PDF, parameters=offered(EnquiryFilter, SORTS))
    def get(self, request: Request) -> HttpResponse:
        rows = self.narrowed(EnquiryFilter, request)
        with speaking(language_in(request) or self.user.language):
            form = WorklistForm(request._request.GET, self.user)
            asked = self.asked(gettext("Worklist"), gettext("Enquiries"), form, SORTS)
            made = listing.print_enquiries(rows=rows, asked=asked, by=self.user)
        return pdf.saved(made, f"enquiries-{timezone.localtime():%Y-%m-%d-%H%M}.pdf")


class ReferralsPaper(ListOnPaper):
    """The referrals that fit, two hundred at most."""

    model = Referral
    parameters: ClassVar = frozenset(ReferralFilter.base_filters) | {"sort", "language"}

    @extend_schema(
        operation_id="referrals_paper", responses=PDF, parameters=offered(ReferralFilter, REFERRAL_SORTS)
    )
    def get(self, request: Request) -> HttpResponse:
        rows = self.narrowed(ReferralFilter, request).select_related(*SHOWN)
        with speaking(language_in(request) or self.user.language):
            form = ReferralsForm(request._request.GET, self.user)
            asked = self.asked(gettext("List of referrals"), gettext("Referrals"), form, REFERRAL_SORTS)
            made = listing.print_referrals(rows=rows, asked=asked, by=self.user)
        return pdf.saved(made, f"referrals-{timezone.localtime():%Y-%m-%d-%H%M}.pdf")
