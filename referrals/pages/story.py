"""All of an enquiry's history that somebody may read, the latest first, fifty lines a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from intake.models import Event
from intake.pages import facts, related
from intake.pages.acting import DeskView
from intake.pages.views import find_enquiry

SIZE = 50


class HistoryPage(DeskView):
    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        enquiry = find_enquiry(self, reference)
        rows = Event.objects.visible_to(self.user).filter(enquiry=enquiry)
        number = request.GET.get("before", "")
        if number.isdecimal() and len(number) < 10:
            rows = rows.filter(sequence__lt=int(number))
        found = facts.readable(rows, self.user, SIZE + 1)
        context = {
            "enquiry": enquiry,
            "history": found[:SIZE],
            "older": found[SIZE - 1].sequence if len(found) > SIZE else None,
            "tab": "history",
            "may_relate": related.may_look(self.user),
        }
        return render(request, "referrals/history.html", context)
