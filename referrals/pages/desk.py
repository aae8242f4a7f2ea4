"""The desk: how many wait and how long, what needs somebody now, their claims and their views."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from intake import worklists
from intake.lifecycle import ENQUIRY, Transition
from intake.models import SavedView
from intake.models.saved_view import VIEWERS
from intake.pages.acting import DeskView
from referrals import desk

VIEWS_SHOWN = 12
CLAIMS_SHOWN = 12


class DeskPage(DeskView):
    """The hub's home; whoever works elsewhere is sent there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.user.has(*VIEWERS):
            return redirect("home")
        return render(request, "referrals/desk.html", self.context())

    def context(self) -> dict[str, Any]:
        now, user = timezone.now(), self.user
        mine = desk.my_claims(user, now)
        views = list(SavedView.objects.visible_to(user).select_related("owner")[: VIEWS_SHOWN + 1])
        return {
            "tallies": desk.tallies(user, now),
            "needs": desk.needs(user, mine, now),
            "mine": mine[:CLAIMS_SHOWN],
            "more_claims": len(mine) > CLAIMS_SHOWN,
            "views": sorted(views[:VIEWS_SHOWN], key=lambda view: view.owner_id != user.pk),
            "triage_query": worklists.LISTS["to_triage"].as_query().urlencode(),
            "mine_query": worklists.LISTS["mine"].as_query().urlencode(),
            "may_claim": ENQUIRY.allowed(Transition.CLAIM, user.roles),
            "now": now,
        }
