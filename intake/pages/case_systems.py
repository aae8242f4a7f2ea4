"""An authority's case systems as pages: issued, given a new secret, retired; a secret is shown once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from intake.actions import members
from intake.lifecycle import Role
from intake.models import ApiClient
from intake.pages.forms import DeskForm, line
from intake.pages.members import KeepersView
from intake.words import _

SCOPES = {
    "enquiries:read": _("Read the enquiries of your authority"),
    "enquiries:write": _("Send, amend, answer and withdraw enquiries"),
    "referrals:read": _("Read the referrals made from them"),
    "documents:read": _("Fetch acknowledgements and reports"),
    "webhooks:write": _("Register where we tell you of changes"),
}


class ClientForm(DeskForm):
    name = line(_("What is it called?"), _("Such as the name of your case system."), max_length=120)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what it may do.")},
    )

    def facts(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "scopes": " ".join(self.cleaned_data["scopes"])}


class Clients(KeepersView):
    readers = (Role.AUTHORITY_MANAGER,)

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = ApiClient.objects.filter(organisation=self.organisation).select_related("user")
        context = {
            **self.context(),
            "clients": rows.order_by("-user__is_active", "name", "pk"),
            "scopes": SCOPES,
        }
        return render(request, "intake/members/clients.html", context)


@method_decorator(sensitive_variables("secret"), name="show_secret")
class SecretView(KeepersView):
    """Makes a secret and shows it on this very answer: in no redirect, session or log."""

    readers = (Role.AUTHORITY_MANAGER,)
    template_name = "intake/members/form.html"
    back = "api-clients"

    def show_secret(self, client: ApiClient, secret: str) -> HttpResponse:
        context = {**self.context(), "client": client, "secret": secret}
        return render(self.request, "intake/members/secret.html", context)


class IssueClient(SecretView):
    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": gettext("Add a case system"),
            "verb": gettext("Add it and show its secret"),
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(ClientForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ClientForm(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: ClientForm) -> HttpResponse:
        issued = members.issue_client(authority=self.organisation, by=self.user, **form.facts())
        return self.show_secret(*issued)


class ClientStep(SecretView):
    title = verb = means = ""

    def find(self, **kwargs: Any) -> None:
        rows = ApiClient.objects.filter(organisation=self.organisation).select_related("organisation", "user")
        found = rows.filter(pk=kwargs["client"]).first()
        if found is None:
            raise Http404
        self.client = found

    def context(self) -> dict[str, Any]:
        said = {"title": f"{self.title}: {self.client.name}", "verb": self.verb, "means": self.means}
        return {**super().context(), **said}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.answer(DeskForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.attempt(DeskForm(request.POST), self.act)

    def act(self) -> HttpResponse:
        raise NotImplementedError


class RotateClient(ClientStep):
    title, verb = _("New secret"), _("Make a new secret")
    means = _(
        "The old secret and every token fetched with it end at once. Have the new one ready to be entered."
    )

    def act(self) -> HttpResponse:
        return self.show_secret(*members.rotate_client(client=self.client, by=self.user))


class RetireClient(ClientStep):
    title, verb = _("Retire"), _("Retire it")
    means = _("It gets in no more from now on. What it sent stays.")

    def act(self) -> HttpResponse:
        members.retire_client(client=self.client, by=self.user)
        messages.success(self.request, gettext("Retired. It gets in no more."))
        return redirect("api-clients")
