"""The priority of one enquiry, with its reasons and why the one before it stands before it; set and taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from intake import explaining, ranking
from intake.actions import rank
from intake.bodies import Body
from intake.models import Enquiry, Organisation, User
from intake.pages.acting import DeskView
from intake.pages.forms import DeskForm, words
from intake.pages.views import BesidePage, find_enquiry
from intake.priority import Priority
from intake.refusals import Refused
from intake.weights import BANDS
from intake.words import _


class SetPriority(DeskForm):
    band = forms.ChoiceField(
        label=_("What is it to be?"),
        choices=list(BANDS.items())[::-1],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a band."), "invalid_choice": _("Choose one of the bands.")},
    )
    reason = words(_("Why?"), _("It stays in the history, which only we read."), rows=3)


class PriorityPage(BesidePage):
    """For the hub; who may set it finds the form below the reasons."""

    template_name = "intake/priority.html"
    form_class = SetPriority
    title = _("Priority")
    verb = _("Set the priority")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and self.user.organisation.kind != Organisation.Kind.HUB:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        found = explaining.standing(self.enquiry, self.user)
        may_set = bool(found) and self.user.has(*rank.SETTING)
        return {**super().context(), "standing": found, "may_set": may_set}

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        if not self.user.has(*rank.SETTING):
            raise PermissionDenied
        return super().post(request, reference)

    def act(self, form: SetPriority) -> HttpResponse:
        set_to = rank.override(enquiry=self.enquiry, by=self.user, **form.cleaned_data)
        messages.success(
            self.request,
            gettext("Priority set to {band_label}: {reference}.").format(
                band_label=set_to.band_label.lower(), reference=set_to.reference
            ),
        )
        return redirect("enquiry", self.enquiry.reference)


class LiftPriority(DeskView):
    """One press: the points say the band again."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        enquiry = find_enquiry(self, reference)
        if not self.user.has(*rank.SETTING):
            raise PermissionDenied
        try:
            lifted = rank.lift(enquiry=enquiry, by=self.user)
        except Refused as refused:
            messages.error(request, refused.detail)
        else:
            messages.success(
                request,
                gettext("By its points again: {band_label}, {reference}.").format(
                    band_label=lifted.band_label.lower(), reference=lifted.reference
                ),
            )
        return redirect("enquiry", enquiry.reference)


def shown(enquiry: Enquiry, user: User, body: Body) -> Priority | None:
    """For the enquiry's own page, from what it has read already: for the hub, while it is open."""
    if user.organisation.kind != Organisation.Kind.HUB or not ranking.is_ranked(enquiry):
        return None
    return ranking.of_body(enquiry, body)
