"""The two lists on paper, with the filters that their pages have, in the language of whoever prints, or the other."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from intake import worklists
from intake.filters import EnquiryFilter
from intake.models import Enquiry, Organisation, SavedView, User
from intake.models.saved_view import VIEWERS
from intake.pages.acting import DeskView
from intake.pages.paging import PLACES
from intake.pages.worklist import BESIDE, WorklistForm, without_blanks
from intake.refusals import Refused
from intake.sorts import SORTS
from referrals import worklists as referral_lists
from referrals.filters import ReferralFilter
from referrals.models import Referral
from referrals.pages.listing import ReferralsForm
from referrals.pages.referral_list import fits
from referrals.pages.work_page import SHOWN
from referrals.viewing import REFERRAL_SORTS
from reports import pdf
from reports.actions import listing
from reports.actions.listing import Asked
from reports.languages import asked_for, known, speaking
from reports.pages.views import refusal


class ListOnPaper(DeskView):
    """A GET, as every print is: what it says is what the page with the same query says."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            with speaking(asked_for(request.GET.getlist("language")) or self.user.language):
                made = self.printed()
        except Refused as refused:
            return refusal(request, refused)
        return pdf.saved(made, f"{self.name}-{timezone.localtime():%Y-%m-%d-%H%M}.pdf")

    name = ""
    of = ""

    def printed(self) -> bytes:
        raise NotImplementedError

    def words(self, form: Any) -> list[str]:
        """The filters, after the name of the view that has the very same ones."""
        query = self.request.GET
        mine = filters_of(query)
        views = SavedView.objects.visible_to(self.user).filter(of=self.of)
        names = [view.name for view in views if filters_of(QueryDict(view.query)) == mine]
        return [*names[:1], *listing.in_words(form, query)]


def filters_of(query: QueryDict) -> dict[str, list[str]]:
    beside = {*BESIDE, *PLACES, "language"}
    return {name: sorted(values) for name, values in without_blanks(query).lists() if name not in beside}


class WorklistPaper(ListOnPaper):
    name, of = "enquiries", SavedView.Of.ENQUIRIES

    def printed(self) -> bytes:
        form, visible = WorklistForm(self.request.GET, self.user), Enquiry.objects.visible_to(self.user)
        rows = (
            EnquiryFilter(form.data, visible, request=self.request).qs if form.is_valid() else visible.none()
        )
        in_hub = self.user.organisation.kind == Organisation.Kind.HUB
        here = worklists.matching(self.request.GET) if in_hub else None
        heading = known(here.label) if here else gettext("Enquiries")
        asked = Asked(gettext("Worklist"), heading, self.words(form), SORTS[form.sort_name()])
        return listing.print_enquiries(rows=rows, asked=asked, by=self.user)


class ReferralsPaper(ListOnPaper):
    name, of = "referrals", SavedView.Of.REFERRALS

    def printed(self) -> bytes:
        form, visible = ReferralsForm(self.request.GET, self.user), Referral.objects.visible_to(self.user)
        rows = (
            ReferralFilter(form.data, visible, request=self.request).qs if form.is_valid() else visible.none()
        )
        lists = referral_lists.lists_for(self.user).values() if in_office(self.user) else ()
        here = next((known(row.label) for row in lists if fits(row, self.request.GET)), gettext("Referrals"))
        asked = Asked(gettext("List of referrals"), here, self.words(form), REFERRAL_SORTS[form.sort_name()])
        return listing.print_referrals(rows=rows.select_related(*SHOWN), asked=asked, by=self.user)


def in_office(user: User) -> bool:
    """Whoever has the named lists of referrals."""
    return user.has(*VIEWERS) or user.organisation.kind == Organisation.Kind.SERVICE
