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
from intake.checks import Fault
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
from reports.actions import listing, packs
from reports.actions.listing import Asked
from reports.api.figures import question
from reports.api.views import PDF
from reports.models import Fact


def offered(filters: Any, sorts: Any) -> list[OpenApiParameter]:
    """What may be asked for, as the description of the API says it."""
    return [
        *(OpenApiParameter(name, str, many=True) for name in filters.base_filters),
        OpenApiParameter("sort", str, enum=list(sorts)),
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
        words = [one.words for one in form.chosen(form.data)]
        return Asked(title, heading, words, sorts[form.sort_name()])


class WorklistPaper(ListOnPaper):
    """The enquiries that fit, two hundred at most; each has a line of history for it."""

    model = Enquiry
    parameters: ClassVar = frozenset(EnquiryFilter.base_filters) | {"sort"}

    @extend_schema(operation_id="worklist_paper", responses=PDF, parameters=offered(EnquiryFilter, SORTS))
    def get(self, request: Request) -> HttpResponse:
        form = WorklistForm(request._request.GET, self.user)
        asked = self.asked(gettext("Worklist"), gettext("Enquiries"), form, SORTS)
        made = listing.print_enquiries(rows=self.narrowed(EnquiryFilter, request), asked=asked, by=self.user)
        return pdf.saved(made, f"enquiries-{timezone.localtime():%Y-%m-%d-%H%M}.pdf")


class ReferralsPaper(ListOnPaper):
    """The referrals that fit, two hundred at most."""

    model = Referral
    parameters: ClassVar = frozenset(ReferralFilter.base_filters) | {"sort"}

    @extend_schema(
        operation_id="referrals_paper", responses=PDF, parameters=offered(ReferralFilter, REFERRAL_SORTS)
    )
    def get(self, request: Request) -> HttpResponse:
        form = ReferralsForm(request._request.GET, self.user)
        asked = self.asked(gettext("List of referrals"), gettext("Referrals"), form, REFERRAL_SORTS)
        rows = self.narrowed(ReferralFilter, request).select_related(*SHOWN)
        made = listing.print_referrals(rows=rows, asked=asked, by=self.user)
        return pdf.saved(made, f"referrals-{timezone.localtime():%Y-%m-%d-%H%M}.pdf")


class Pack(View):
    """An authority's monthly pack; an authority's manager needs to give the month only."""

    model = Fact
    reading_scope = "documents:read"
    writing_scope = None
    parameters: ClassVar = frozenset({"period", "authority"})
    single: ClassVar = View.single | parameters

    @extend_schema(
        operation_id="monthly_pack",
        responses=PDF,
        parameters=[
            OpenApiParameter("period", str, required=True, description="A month, such as 2026-11."),
            OpenApiParameter("authority", str, description="Its code, for the hub."),
        ],
        tags=["figures"],
    )
    def get(self, request: Request) -> HttpResponse:
        asked = question(request, self.user)
        try:
            made = packs.print_pack(asked=asked)
        except packs.NoPack as wrong:
            raise BadRequest([Fault("period", "invalid", wrong.sentence)]) from wrong
        assert asked.authority is not None
        return pdf.saved(made, f"pack-{asked.authority.code}-{asked.period.name}.pdf")
