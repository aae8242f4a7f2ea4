"""The worklist's page: named lists with their numbers, filters, rows with why they stand where they do."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from intake import worklists
from intake.actions.imports import may_import
from intake.filters import EnquiryFilter
from intake.lifecycle import ENQUIRY, Role, Transition
from intake.models import Enquiry, Organisation
from intake.models.saved_view import VIEWERS
from intake.pages import lines, looks, worklist
from intake.pages.acting import DeskView
from intake.pages.paging import PLACES, asked, turn_to
from intake.sorts import PRESSING, SORTS
from intake.words import _

# What there is to say where a list is empty: that it is, and what that means.
EMPTY = {
    "to_triage": (_("Nothing waits for triage."), _("New enquiries appear here as soon as they are sent.")),
    "unallocated": (_("Somebody has every enquiry."), _("One that is sent, or put back, appears here.")),
    "mine": (_("You have claimed nothing."), _("Take one with “Next enquiry”.")),
    "with_authority": (
        _("No authority owes us an answer."),
        _("An enquiry is here while our questions are open."),
    ),
    "late": (_("No decision is overdue."), ""),
    "restricted": (_("No restricted enquiry that you may see waits for its decision."), ""),
}
BULK = (("assign", _("Assign")), ("flag", _("Flag")))


class Tab(NamedTuple):
    """A named list as a link."""

    label: str
    href: str
    number: str
    current: bool


class Worklist(DeskView):
    """The enquiries this person may see, filtered, fifty a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.form = worklist.WorklistForm(request.GET, self.user)
        valid = self.form.is_valid()
        self.sort = SORTS[self.form.sort_name()]
        visible = Enquiry.objects.visible_to(self.user)
        rows = EnquiryFilter(self.form.data, visible, request=request).qs if valid else visible.none()
        page = turn_to(lines.plain(rows), self.sort, request.GET, visible)
        look = looks.look(request)
        shown = lines.lines(page.rows, self.user)
        context = {
            "form": self.form,
            "page": page,
            "lines": shown,
            "sort": self.sort,
            **self.around(),
            **look.context,
        }
        return look.remembered(render(request, "intake/worklist.html", context, status=200 if valid else 400))

    def around(self) -> dict[str, Any]:
        """What stands around the rows: lists, chips, what can be done."""
        query, in_hub = self.request.GET, self.user.organisation.kind == Organisation.Kind.HUB
        views = self.user.has(*VIEWERS)
        here = worklists.matching(query) if in_hub else None
        numbers = worklists.counts(self.user, since=False) if views else {}
        may_claim = in_hub and ENQUIRY.allowed(Transition.CLAIM, self.user.roles)
        return {
            "heading": self.heading(here),
            "heading_number": numbers.get(here.name, "") if here else "",
            "tabs": tabs(here, numbers),
            "chosen": self.form.chosen(query),
            "clear": list_href(here) if here else reverse("worklist"),
            "empty": EMPTY.get(here.name) if here and nothing_more(here, query) else None,
            "query": asked(query).removeprefix("?"),
            "may_claim": may_claim,
            "save": f"{address('saved-view-save')}{asked(query, {'of': 'enquiries'})}" if views else "",
            "on_paper": f"{address('worklist-pdf')}{asked(query)}",
            # Whoever may not act on many may print them.
            "bulk": address("bulk" if may_claim else "print-many"),
            "bulk_of": "enquiries",
            "acts": BULK if may_claim else (),
            "auditor": self.user.has(Role.AUDITOR),
            "may_import": may_import(self.user),
        }

    def heading(self, here: worklists.NamedList | None) -> str:
        if here:
            return here.label
        organisation = self.user.organisation
        own = organisation.kind == Organisation.Kind.AUTHORITY
        return (
            gettext("Enquiries of {organisation}").format(organisation=organisation.name)
            if own
            else gettext("Enquiries")
        )


def nothing_more(row: worklists.NamedList, query: QueryDict) -> bool:
    """Whether only the filters of the list itself are on."""
    return set(worklist.without_blanks(query)) <= {*row.query, *worklist.BESIDE, *PLACES}


def address(name: str) -> str:
    """Of a page of a floor above, where it is mounted."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def list_href(row: worklists.NamedList) -> str:
    query = row.as_query()
    if row.sort != PRESSING:
        query["sort"] = row.sort
    return f"{reverse('worklist')}?{query.urlencode()}"


def tabs(here: worklists.NamedList | None, numbers: dict[str, worklists.Count]) -> list[Tab]:
    """All, and each named list; what is restricted only where there is some."""
    if not numbers:
        return []
    rows = [
        Tab(row.label, list_href(row), str(numbers[row.name]), here is row)
        for row in worklists.LISTS.values()
        if row.name != "restricted" or numbers[row.name].number
    ]
    return [*rows, Tab(gettext("All"), reverse("worklist"), "", here is None)]
