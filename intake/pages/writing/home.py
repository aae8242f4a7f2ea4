"""An authority's home: what needs its people first, then where the rest stands."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from intake.lifecycle import Role, Status
from intake.models import Enquiry, User

DECIDED = (Status.ACCEPTED, Status.DECLINED, Status.REDIRECTED, Status.LAPSED, Status.DUPLICATE)
SHOWN = 8


def show_home(request: HttpRequest, user: User) -> HttpResponse:
    """Questions that are open, drafts and how long they are kept, what was decided lately."""
    visible = Enquiry.objects.visible_to(user)
    context: dict[str, Any] = {
        "asked": lines(visible.filter(status=Status.INFORMATION_REQUESTED).order_by("updated_at")),
        "drafts": lines(visible.filter(status=Status.DRAFT).order_by("updated_at")),
        "decided": lines(visible.filter(status__in=DECIDED).order_by("-updated_at")),
        "may_write": user.has(Role.REFERRER, Role.AUTHORITY_MANAGER),
    }
    return render(request, "intake/home.html", context)


def lines(rows: QuerySet[Enquiry]) -> list[Enquiry]:
    """One more than are shown, so that the page can say that there are more."""
    return list(rows.prefetch_related("assessment_rows__type")[: SHOWN + 1])
