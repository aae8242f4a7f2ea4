"""A form about one referral that changes no status: found through its rule, one action, back to the referral."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from intake.pages.acting import ActingView, DeskView
from intake.pages.forms import DeskForm
from referrals.models import Referral

SHOWN = (
    "enquiry__authority",
    "enquiry__owner",
    "assessment__type",
    "service",
    "assessor__organisation",
    "co_worker",
)


def find_referral(view: DeskView, reference: str) -> Referral:
    """The referral as this person may see it; another's and none at all are the same."""
    rows = Referral.objects.visible_to(view.user).select_related(*SHOWN)
    referral = rows.filter(reference=reference).first()
    if referral is None:
        raise Http404
    return referral


class WorkPage(ActingView):
    """A form about one referral that changes no status."""

    template_name = "referrals/beside.html"
    form_class: type[DeskForm]
    title: str
    verb: str
    done: str

    def context(self) -> dict[str, Any]:
        return {"referral": self.referral, "title": self.title, "verb": self.verb}

    def find(self, reference: str) -> Referral:
        return find_referral(self, reference)

    def form(self, data: Any = None) -> DeskForm:
        return self.form_class(data)

    def get(self, request: HttpRequest, reference: str, **kwargs: int) -> HttpResponse:
        self.referral = self.find(reference)
        self.look(**kwargs)
        return self.answer(self.form())

    def post(self, request: HttpRequest, reference: str, **kwargs: int) -> HttpResponse:
        self.referral = self.find(reference)
        self.look(**kwargs)
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.finish(form, **kwargs))

    def look(self, **kwargs: int) -> None:
        """Find what else the address names."""

    def finish(self, form: DeskForm, **kwargs: int) -> HttpResponse:
        self.act(form, **kwargs)
        messages.success(self.request, self.done)
        return redirect("referral", self.referral.reference)

    def act(self, form: DeskForm, **kwargs: int) -> None:
        raise NotImplementedError
