"""The referrals' page: named lists with their numbers, filters, rows; a service's caseload, the hub's whole work."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from intake.lifecycle import ENQUIRY, Transition
from intake.models import Organisation
from intake.models.saved_view import VIEWERS
from intake.pages import looks
from intake.pages.acting import DeskView
from intake.pages.enquiry_list import Tab, address, nothing_more
from intake.pages.paging import asked, turn_to
from intake.words import _
from intake.worklists import NamedList
from referrals import worklists
from referrals.filters import ReferralFilter
from referrals.models import Referral
from referrals.pages.listing import ReferralsForm
from referrals.pages.work_page import SHOWN
from referrals.viewing import REFERRAL_SORTS

EMPTY = {
    "to_place": (
        _("Every accepted assessment has a service, or an offer."),
        _("One that comes back appears here."),
    ),
    "offered": (_("No offer waits for its answer."), ""),
    "late": (_("No report is late."), ""),
    "mine": (_("No open referral is of an enquiry of yours."), ""),
    "my_assessments": (
        _("No open referral is yours."),
        _("One appears here when its offer is accepted for you."),
    ),
}
BULK = (("offer", _("Offer")),)


class Referrals(DeskView):
    """The referrals this person may see, filtered, fifty a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.form = ReferralsForm(request.GET, self.user)
        valid = self.form.is_valid()
        sort = REFERRAL_SORTS[self.form.sort_name()]
        visible = Referral.objects.visible_to(self.user)
        rows = ReferralFilter(self.form.data, visible, request=request).qs if valid else visible.none()
        page = turn_to(rows, sort, request.GET, visible, visible.select_related(*SHOWN))
        look = looks.look(request)
        context = {"form": self.form, "page": page, "sort": sort, **self.around(), **look.context}
        return look.remembered(render(request, "referrals/list.html", context, status=200 if valid else 400))

    def around(self) -> dict[str, Any]:
        """What stands around the rows: lists, chips, what can be done."""
        query, organisation = self.request.GET, self.user.organisation
        worked = self.user.has(*VIEWERS) or organisation.kind == Organisation.Kind.SERVICE
        lists = worklists.lists_for(self.user) if worked else {}
        numbers = worklists.counts(self.user) if worked else {}
        here = next((name for name, row in lists.items() if fits(row, query)), "")
        in_service = organisation.kind == Organisation.Kind.SERVICE
        may_offer = ENQUIRY.allowed(Transition.CLAIM, self.user.roles)
        return {
            "heading": lists[here].label if here else heading(organisation, in_service),
            "heading_number": str(numbers[here]) if here else "",
            "tabs": [
                *(
                    Tab(row.label, list_href(row), str(numbers[name]), name == here)
                    for name, row in lists.items()
                ),
                *([Tab(gettext("All"), reverse("referrals"), "", not here)] if lists else []),
            ],
            "chosen": self.form.chosen(query),
            "clear": list_href(lists[here]) if here else reverse("referrals"),
            "empty": EMPTY.get(lists[here].name) if here and nothing_more(lists[here], query) else None,
            "query": asked(query).removeprefix("?"),
            "save": f"{reverse('saved-view-save')}{asked(query, {'of': 'referrals'})}"
            if self.user.has(*VIEWERS)
            else "",
            "on_paper": f"{address('referrals-pdf')}{asked(query)}",
            # Whoever may not act on many may print them.
            "bulk": address("bulk" if may_offer else "print-many"),
            "bulk_of": "referrals",
            "acts": BULK if may_offer else (),
        }


def heading(organisation: Organisation, in_service: bool) -> str:
    return (
        gettext("Referrals with {organisation}").format(organisation=organisation.name)
        if in_service
        else gettext("Referrals")
    )


def fits(row: NamedList, query: QueryDict) -> bool:
    """Whether all the filters of a list are in a query."""
    return all(set(query.getlist(name)) == set(values) for name, values in row.query.items())


def list_href(row: NamedList) -> str:
    return f"{reverse('referrals')}?{row.as_query().urlencode()}"
