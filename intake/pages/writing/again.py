"""Going on from an earlier enquiry: continued, sent again, changed circumstances, step-up from early help."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from intake.actions import continuing
from intake.models import Organisation
from intake.pages.acting import ActingView
from intake.pages.views import find_enquiry
from intake.pages.writing.asks import TYPED, Ask
from intake.pages.writing.forms import Again
from intake.refusals import Refused


class AgainPage(ActingView):
    """A new draft with everything of the earlier one that may be carried over; only what is new is asked."""

    template_name = "intake/writing/again.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.enquiry = find_enquiry(self, kwargs["reference"])

    def context(self) -> dict[str, Any]:
        return {"enquiry": self.enquiry}

    def form(self, data: Any = None) -> Again:
        form = Again(data)
        offered = TYPED["code"].field(Ask("prompted_by", "", codes="prompted_by"))
        form.fields["prompted_by"].choices = [pair for pair in offered.choices if pair[0] != "first"]  # type: ignore[attr-defined]
        if self.user.organisation.kind != Organisation.Kind.HUB:
            del form.fields["on_behalf_reason"]
        return form

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.unless_refused(self.form(), self.answer)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form(request.POST)
        return self.unless_refused(form, lambda form: self.attempt(form, lambda: self.begin(form)))

    def unless_refused(self, form: Again, go_on: Callable[[Again], HttpResponse]) -> HttpResponse:
        """Who may not, or not now, is told that first, whatever they sent."""
        try:
            continuing.refuse_continuing(self.enquiry, self.user)
        except Refused as refused:
            return self.refuse(form, refused)
        return go_on(form)

    def begin(self, form: Again) -> HttpResponse:
        draft = continuing.begin(enquiry=self.enquiry, by=self.user, **form.cleaned_data)
        return redirect("write", draft.reference)
