"""One's own account: who one is here, and where everything about signing in is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from intake.lifecycle import Role
from intake.pages.acting import DeskView


class AccountPage(DeskView):
    def get(self, request: HttpRequest) -> HttpResponse:
        roles = [Role(row.role).label for row in self.user.role_grants.all()]
        return render(request, "account/account.html", {"roles": roles})
