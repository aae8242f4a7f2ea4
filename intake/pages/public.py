"""The public door: make an enquiry and contact us, without signing in and without JavaScript."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache

from intake.actions import public
from intake.limits import Purpose
from intake.models.allowance import caller_at, spend
from intake.pages.public_forms import ContactForm, Council, Danger, EnquiryForm
from intake.pages.worklist import authorities
from intake.refusals import Invalid, Refused, Unavailable

SENT = "intake.public.sent"
SHOWN_FOR = 30 * 24 * 60 * 60


@method_decorator(never_cache, name="dispatch")
class PublicPage(View):
    """A page for anybody, with the way out at its top."""

    def show(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        context["exit"] = settings.EXIT_PAGE
        return render(self.request, f"public/{name}.html", context, status=status)


class StartPage(PublicPage):
    """Danger first: nothing is typed before that is answered."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if "asked" not in request.GET:
            return self.show("start", form=Danger())
        form = Danger(request.GET)
        if not form.is_valid():
            return self.show("start", 422, form=form)
        return redirect("immediate-danger" if form.cleaned_data["danger"] == "yes" else "enquiry-details")


class DangerPage(PublicPage):
    """Where to turn at once: 999, and the front door of the council."""

    def get(self, request: HttpRequest) -> HttpResponse:
        councils = authorities()
        form = Council(request.GET if "council" in request.GET else None, councils)
        chosen = dict(councils).get(request.GET.get("council", ""), "")
        return self.show("danger", form=form, council=chosen)


class AskingPage(PublicPage):
    """A form that becomes an enquiry."""

    form_class: type[ContactForm]
    template: str

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.template, form=self.form_class())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.show(self.template, 422, form=form)
        spent = spend(Purpose.PUBLIC, caller_at(request))
        if spent is None:
            return self.refuse(
                form, Unavailable(gettext("We cannot take this here just now. Please ring us.")), 503
            )
        if spent.refused:
            sentence = gettext(
                "A lot was sent from where you are in a short time. Try again later, or ring us."
            )
            response = self.refuse(form, Unavailable(sentence), 429)
            response["Retry-After"] = str(spent.wait)
            return response
        return self.take(form)

    def take(self, form: ContactForm) -> HttpResponse:
        try:
            reference = public.ask(asked=form.asked(), by=public.door())
        except Refused as refused:
            form.refuse(refused)
            return (
                self.refuse(form, None, 422)
                if isinstance(refused, Invalid)
                else self.refuse(form, refused, 503)
            )
        return redirect(f"{reverse('enquiry-sent')}?sent={signing.dumps(reference, salt=SENT)}")

    def refuse(self, form: ContactForm, refused: Refused | None, status: int) -> HttpResponse:
        """With everything that was typed."""
        return self.show(self.template, status, form=form, refused=refused)


class DetailsPage(AskingPage):
    form_class = EnquiryForm
    template = "details"


class ContactPage(AskingPage):
    form_class = ContactForm
    template = "contact"


class SentPage(PublicPage):
    """The reference, for whoever has the address of this page; nothing of what was written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            reference = signing.loads(request.GET.get("sent", ""), salt=SENT, max_age=SHOWN_FOR)
        except signing.BadSignature:
            return redirect("make-enquiry")
        return self.show("sent", reference=str(reference))
