"""The front door's pages: home, worklist, the enquiry, and what is done beside its lifecycle."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from intake import questions
from intake.actions import attachments, continuing, enquiries, restricting, sharing
from intake.lifecycle import Role
from intake.models import Enquiry, Organisation, User
from intake.pages import facts, files
from intake.pages.acting import ActingView, DeskView
from intake.pages.forms import DeskForm, Disclose, OpenWithReason
from intake.refusals import Refused
from intake.words import _


def find_enquiry(view: DeskView, reference: str) -> Enquiry:
    """The enquiry as this person may see it; another's and none at all are the same."""
    rows = Enquiry.objects.visible_to(view.user).select_related("authority", "owner")
    enquiry = rows.filter(reference=reference).first()
    if enquiry is None:
        raise Http404
    return enquiry


class EnquiryView(DeskView):
    """Everything about one enquiry; the floor above adds what became of it."""

    template_name = "intake/enquiry.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.enquiry = find_enquiry(self, reference)
        return render(request, self.template_name, self.context())

    def context(self) -> dict[str, Any]:
        return {
            "enquiry": self.enquiry,
            **facts.history(self.enquiry, self.user),
            "requests": questions.asked_of(self.enquiry, self.user)[::-1],
            **facts.talk(self.enquiry, self.user),
            "files": files.lines(self.enquiry, self.user, may_remove=may_attach(self.enquiry, self.user)),
            "may_attach": may_attach(self.enquiry, self.user),
            "may_write": is_let(enquiries.refuse_amending, self.enquiry, self.user),
            "may_go_on": is_let(continuing.refuse_continuing, self.enquiry, self.user),
            "may_disclose": self.user.has(Role.COORDINATOR),
            "may_keep_access": self.user.has(Role.MANAGER, Role.AUDITOR),
            "may_ask_access": bool(self.enquiry.received_at) and self.user.has(*restricting.ASKING),
            "may_declare": self.user.organisation.kind != Organisation.Kind.AUTHORITY,
            **facts.facts(self.enquiry, self.user),
        }


def may_attach(enquiry: Enquiry, user: User) -> bool:
    return is_let(attachments.refuse_attaching, enquiry, user)


def is_let(refuse: Callable[[Enquiry, User], None], enquiry: Enquiry, user: User) -> bool:
    """As the action will say."""
    try:
        refuse(enquiry, user)
    except Refused:
        return False
    return True


class BesidePage(ActingView):
    """A form about one enquiry that changes no status."""

    form_class: type[DeskForm]
    template_name = "intake/beside.html"
    title: str
    verb: str

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.enquiry = find_enquiry(self, kwargs["reference"])

    def context(self) -> dict[str, Any]:
        return {"enquiry": self.enquiry, "title": self.title, "verb": self.verb}

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.answer(self.form_class())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError


class DisclosePage(BesidePage):
    """The withheld address, shown on the page that the reason opens; never in a redirect or the session."""

    form_class = Disclose
    title = _("Show the withheld address")
    verb = _("Show the address")

    def act(self, form: Disclose) -> HttpResponse:
        body = sharing.disclose(enquiry=self.enquiry, by=self.user, **form.facts())
        context = {**self.context(), "adults": body.get("adults", [])}
        return render(self.request, "intake/disclosed.html", context)


class OpenPage(ActingView):
    """The auditor opens an enquiry for eight hours, with a reason."""

    template_name = "intake/open.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(OpenWithReason())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OpenWithReason(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: OpenWithReason) -> HttpResponse:
        enquiry = sharing.open_with_reason(by=self.user, **form.facts())
        messages.success(
            self.request,
            gettext("{reference} is open to you for eight hours.").format(reference=enquiry.reference),
        )
        return redirect("enquiry", enquiry.reference)
