"""Webhooks as pages: which there are, what was sent to each, and what their manager does about it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from intake.actions import webhooks
from intake.models import User, Webhook, WebhookDelivery
from intake.models.webhook import KEEPERS
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, line
from intake.pages.paging import Sort, turn_to
from intake.refusals import Forbidden
from intake.words import _

NEWEST = Sort(_("Newest"), "created_at", backwards=True)
ABOUT = [
    ("enquiry.*", _("Enquiries: sent, taken up, questions, decided, amended")),
    ("referral.*", _("The assessments made from them: placed, begun, delivered")),
    ("information.*", _("Questions that were answered in part")),
    ("message.*", _("Messages")),
    ("attachment.*", _("Files")),
]


class AddForm(DeskForm):
    url = line(
        _("Where should we send it?"), _("An https address of your system, reachable from the internet.")
    )
    purpose = line(
        _("What is it for?"), _("For your own list, such as “Case system”."), required=False, max_length=120
    )
    kinds = forms.MultipleChoiceField(
        label=_("What should it be told of?"),
        help_text=_("Choose none to be told of everything."),
        choices=ABOUT,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class HookView(ActingView):
    """For who may know of webhooks; another organisation's and none at all are the same."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            try:
                webhooks.check_may_look(self.user)
            except Forbidden as refused:
                raise PermissionDenied from refused
            if "webhook" in kwargs:
                self.webhook = self.find(kwargs["webhook"])
        return super().dispatch(request, *args, **kwargs)

    def find(self, webhook: UUID) -> Webhook:
        rows = Webhook.objects.visible_to(self.user).select_related("organisation")
        found = rows.filter(pk=webhook).first()
        if found is None:
            raise Http404
        found.url = found.url_for(self.user)
        return found

    def answer_secret(self, webhook: Webhook, secret: str) -> HttpResponse:
        """On the page that made it; never in a redirect or the session."""
        context = {"webhook": webhook, "secret": secret}
        return render(self.request, "intake/webhooks/secret.html", context)


def keeps(user: User, webhook: Webhook) -> bool:
    return user.has(*KEEPERS) and user.organisation_id == webhook.organisation_id


class WebhooksPage(HookView):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(Webhook.objects.visible_to(self.user).select_related("organisation"))
        for row in rows:
            row.url = row.url_for(self.user)
        context = {"webhooks": rows, "may_add": self.user.has(*KEEPERS)}
        return render(request, "intake/webhooks/list.html", context)


class AddPage(HookView):
    template_name = "intake/webhooks/add.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.user.has(*KEEPERS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(AddForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddForm(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: AddForm) -> HttpResponse:
        return self.answer_secret(*webhooks.subscribe(by=self.user, **form.cleaned_data))


class WebhookPage(HookView):
    """One webhook and its log."""

    def get(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        rows = WebhookDelivery.objects.visible_to(self.user).filter(webhook=self.webhook)
        rows = rows.select_related("webhook")
        context = {
            "webhook": self.webhook,
            "about": [dict(ABOUT).get(kind, kind) for kind in self.webhook.kinds],
            "page": turn_to(rows, NEWEST, request.GET, rows),
            "reads_log": webhooks.may_read_log(self.user),
            "keeps": keeps(self.user, self.webhook),
            "may_switch_off": keeps(self.user, self.webhook) or webhooks.may_switch_off(self.user),
        }
        return render(request, "intake/webhooks/webhook.html", context)


class ConfirmPage(HookView):
    """A step that is asked about once more."""

    template_name = "intake/webhooks/confirm.html"
    title: str
    means: str
    grave = True

    def context(self) -> dict[str, Any]:
        return {"webhook": self.webhook, "title": self.title, "means": self.means, "grave": self.grave}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.is_allowed():
            raise PermissionDenied
        return self.answer(DeskForm())

    def is_allowed(self) -> bool:
        return keeps(self.user, self.webhook)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.attempt(DeskForm(request.POST), self.act)

    def act(self) -> HttpResponse:
        raise NotImplementedError

    def done(self, says: str) -> HttpResponse:
        messages.success(self.request, says)
        return redirect("webhook", self.webhook.pk)


class RotatePage(ConfirmPage):
    title = _("Make a new secret")
    means = _(
        "You see it once. For 24 hours every call is signed with the old one too, so that nothing is missed."
    )
    grave = False

    def act(self) -> HttpResponse:
        return self.answer_secret(*webhooks.rotate(webhook=self.webhook, by=self.user))


class SwitchOffPage(ConfirmPage):
    title = _("Switch the webhook off")
    means = _(
        "Nothing is sent until it is switched on again. What happens in the meantime is not told later."
    )

    def is_allowed(self) -> bool:
        return super().is_allowed() or webhooks.may_switch_off(self.user)

    def act(self) -> HttpResponse:
        webhooks.switch_off(webhook=self.webhook, by=self.user)
        return self.done(gettext("The webhook is off."))


class RemovePage(ConfirmPage):
    title = _("Remove the webhook")
    means = _("It goes with its secret and its log. It cannot be brought back.")

    def act(self) -> HttpResponse:
        webhooks.remove(webhook=self.webhook, by=self.user)
        messages.success(self.request, gettext("The webhook is removed."))
        return redirect("webhooks")


class SwitchOnPage(ConfirmPage):
    title = _("Switch the webhook on")
    means = _("What still waited is sent first.")
    grave = False

    def act(self) -> HttpResponse:
        webhooks.switch_on(webhook=self.webhook, by=self.user)
        return self.done(gettext("The webhook is on. What still waited is sent first."))


class ReplayPage(ConfirmPage):
    title = _("Send it once more")
    means = _("It goes out now, under its old number, so that a receiver that has it already can tell.")
    grave = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.message = kwargs["delivery"]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.find_delivery()
        return super().get(request)

    def find_delivery(self) -> WebhookDelivery:
        rows = WebhookDelivery.objects.visible_to(self.user).filter(webhook=self.webhook)
        found = rows.select_related("webhook__organisation").filter(message=self.message).first()
        if found is None:
            raise Http404
        return found

    def act(self) -> HttpResponse:
        webhooks.replay(delivery=self.find_delivery(), by=self.user)
        return self.done(gettext("It is sent once more."))
