"""One's own account: who one is here, and where everything about signing in is."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from intake.lifecycle import Role
from intake.pages import sessions
from intake.pages.acting import DeskView


class AccountPage(DeskView):
    def get(self, request: HttpRequest) -> HttpResponse:
        roles = [Role(row.role).label for row in self.user.role_grants.all()]
        return render(request, "account/account.html", {"roles": roles})

class SessionPage(DeskView):
    """Asked by an open page: how long it is still signed in; sent to stay so."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(sessions.standing(request, timezone.now()))

    def post(self, request: HttpRequest) -> HttpResponse:
        sessions.act(request, timezone.now())
        return self.get(request)
