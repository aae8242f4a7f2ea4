"""The page of what drifts."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from intake.pages.acting import DeskView
from intake.pages.paging import Sort, turn_to
from intake.refusals import Forbidden
from intake.words import _
from referrals import drift

GROUPED = Sort(_("Service and assessor"), "place")
UNTOUCHED = Sort(_("Longest untouched"), "updated_at")


class DriftPage(DeskView):
    """Referrals grouped by service and assessor, or enquiries; each with why it is here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            drift.refuse_looking(self.user)
        except Forbidden as refused:
            raise PermissionDenied(refused.detail) from refused
        today = timezone.localdate()
        days, enquiries = drift.days_of(today), request.GET.get("what") == "enquiries"
        if enquiries:
            rows: Any = drift.drifting_enquiries(self.user, today, days)
            whole = rows.select_related("authority", "owner")
        else:
            rows = drift.drifting_referrals(self.user, today, days)
            whole = rows.select_related("service", "assessor", "assessment__type")
        page = turn_to(rows, UNTOUCHED if enquiries else GROUPED, request.GET, rows, whole)
        why = drift.ENQUIRY_WHY if enquiries else drift.REFERRAL_WHY
        lines = [(row, drift.reasons_of(row, why, days)) for row in page.rows]
        context = {"page": page, "lines": lines, "enquiries": enquiries}
        return render(request, "referrals/drift.html", context)
