"""Beginning an enquiry from pages: the question that comes first, then which kind and what is asked for."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from intake import shapes
from intake.actions import enquiries
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Organisation
from intake.pages.acting import ActingView
from intake.pages.writing.forms import Start, What
from intake.refusals import Forbidden, Invalid

WRITERS = (Role.REFERRER, Role.AUTHORITY_MANAGER, Role.COORDINATOR, Role.MANAGER)


class Beginning(ActingView):
    """For those who may send an enquiry; the hub for an authority, with a reason."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.user.has(*WRITERS):
            refused = Forbidden(gettext("Your role does not allow this: send an enquiry."))
            return render(request, "intake/writing/refused.html", {"refused": refused}, status=403)
        return super().dispatch(request, *args, **kwargs)


class StartPage(Beginning):
    """A child in danger now is no matter for a form: nothing is kept, and the page says whom to ring."""

    template_name = "intake/writing/start.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(Start())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = Start(request.POST)
        return self.attempt(form, lambda: self.go_on(form))

    def go_on(self, form: Start) -> HttpResponse:
        if form.cleaned_data["danger"] == "yes":
            return render(self.request, "intake/writing/stop.html")
        return redirect("write-what")


class WhatPage(Beginning):
    """Kind, own reference and types: from here on it is a draft."""

    template_name = "intake/writing/what.html"

    @property
    def in_hub(self) -> bool:
        return self.user.organisation.kind == Organisation.Kind.HUB

    def form(self, data: Any = None) -> What:
        return What(data, hub=self.in_hub, initial={"token": uuid4().hex, "kind": "referral"})

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.make(form))

    def make(self, form: What) -> HttpResponse:
        """A draft; the same page sent twice makes it once."""
        given = form.cleaned_data
        authority = self.find_authority(given.get("authority", "")) if self.in_hub else None
        nation = (authority or self.user.organisation).nation
        body = shapes.validated({**self.body(given), "draft": True}, nation=nation)
        body.pop("draft")
        enquiry, _made = enquiries.save_draft(
            body=body,
            by=self.user,
            authority=authority,
            on_behalf_reason=given.get("on_behalf_reason", ""),
            key=f"page-{given['token']}",
        )
        return redirect("write", enquiry.reference)

    def body(self, given: dict[str, Any]) -> dict[str, Any]:
        """What is known by now: what they chose, and who writes."""
        me = {
            "name": self.user.name,
            "email": self.user.email,
            "role": self.user.job_title,
            "team": self.user.team,
        }
        types = ["GENERAL"] if given["kind"] == "general" else given["types"]
        return {
            "authority_reference": given["authority_reference"],
            "kind": given["kind"],
            "referrer": {} if self.in_hub else {name: value for name, value in me.items() if value},
            "urgency": {"immediate_danger": False},
            "assessments": [{"type": code} for code in types],
        }

    def find_authority(self, code: str) -> Organisation:
        found = Organisation.objects.authorities().filter(code=code.strip()).first()
        if found is None:
            raise Invalid([Fault("/authority", "unknown", gettext("Give the DfE code of an authority."))])
        return found
