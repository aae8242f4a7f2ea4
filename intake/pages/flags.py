"""Flags on an enquiry, as pages: those that stand, one put on, one taken off."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from intake.actions import flags
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Flag, Organisation, User
from intake.pages.forms import Coded, DeskForm, a_day, words
from intake.pages.views import BesidePage
from intake.words import _


def of_enquiry(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """What the enquiry's page says of them: for the hub, that of anybody else has none."""
    if user.organisation.kind != Organisation.Kind.HUB or enquiry.status == Status.DRAFT:
        return {}
    standing = Flag.objects.visible_to(user).standing().filter(enquiry=enquiry).select_related("raised_by")
    return {"flags": list(standing), "may_flag": user.has(Role.COORDINATOR, Role.MANAGER)}


class FlagForm(DeskForm):
    code = Coded("flag", _("Which flag?"))
    reason = words(_("Why?"), _("Only the hub reads it."), rows=2)
    review_on = a_day(_("When is it looked at again?"))


class LiftForm(DeskForm):
    reason = words(_("Why is it taken off?"), _("Only the hub reads it."), required=False, rows=2)


class HubPage(BesidePage):
    """For the hub only: for everybody else there is nothing here."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and self.user.organisation.kind != Organisation.Kind.HUB:
            raise Http404


class FlagPage(HubPage):
    form_class = FlagForm
    title, verb = _("Put a flag on it"), _("Put the flag on")

    def act(self, form: DeskForm) -> HttpResponse:
        raised = flags.raise_flag(enquiry=self.enquiry, by=self.user, **form.cleaned_data)
        messages.success(self.request, gettext("Flag put on: {raised}.").format(raised=raised.label))
        return redirect("enquiry", self.enquiry.reference)


class LiftPage(HubPage):
    form_class = LiftForm
    verb = _("Take it off")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Flag.objects.visible_to(self.user).standing().filter(enquiry=self.enquiry)
            found = rows.select_related("enquiry").filter(pk=kwargs["flag"]).first()
            if found is None:
                raise Http404
            self.flag = found

    @property
    def title(self) -> str:  # type: ignore[override]
        return gettext("Take off the flag “{flag}”").format(flag=self.flag.label)

    def get(self, request: HttpRequest, reference: str, flag: int) -> HttpResponse:  # type: ignore[override]
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, flag: int) -> HttpResponse:  # type: ignore[override]
        return super().post(request, reference)

    def act(self, form: DeskForm) -> HttpResponse:
        flags.lift_flag(flag=self.flag, by=self.user, **form.cleaned_data)
        messages.success(self.request, gettext("Flag taken off: {flag}.").format(flag=self.flag.label))
        return redirect("enquiry", self.enquiry.reference)
