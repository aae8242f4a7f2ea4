"""The page of messages and notes: whom it is for is chosen first, and said again beside the box and on the button."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext

from intake.actions import messages
from intake.lifecycle import Role, Transition
from intake.models import Enquiry, Message, Organisation, User
from intake.models.message import Audience
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, words
from intake.pages.related import may_look
from intake.pages.views import find_enquiry
from intake.refusals import Forbidden
from intake.words import _

SIZE = 50
ASSESSOR_TOO = _("So will the assessor, once one is named.")


@dataclass(frozen=True)
class Writing:
    """To whom one is about to write, in words."""

    audience: str
    tab: str
    readers: str
    button: str


def writing(enquiry: Enquiry, user: User, audience: str) -> Writing:
    """The words for this writer: the authority is called by its name, the hub the triage team."""
    name, side = enquiry.authority.name, user.organisation.kind
    if audience == Audience.HUB:
        return Writing(
            audience,
            gettext("Note for the hub"),
            gettext("Only the hub will read this."),
            gettext("Keep for the hub"),
        )
    if side == Organisation.Kind.AUTHORITY:
        readers = gettext("The triage team will read this. {ASSESSOR_TOO}").format(ASSESSOR_TOO=ASSESSOR_TOO)
        return Writing(
            audience, gettext("Message the triage team"), readers, gettext("Send to the triage team")
        )
    if side == Organisation.Kind.SERVICE:
        both = gettext("{name} and the triage team").format(name=name)
        return Writing(
            audience,
            gettext("Message {both}").format(both=both),
            gettext("{both} will read this.").format(both=both),
            gettext("Send to {both}").format(both=both),
        )
    return Writing(
        audience,
        gettext("Message {name}").format(name=name),
        gettext("{name} will read this. {ASSESSOR_TOO}").format(name=name, ASSESSOR_TOO=ASSESSOR_TOO),
        gettext("Send to {name}").format(name=name),
    )


class WriteForm(DeskForm):
    """The audience travels with the text, so that it cannot change between typing and sending."""

    audience = forms.ChoiceField(choices=Audience.choices, widget=forms.HiddenInput, required=False)
    text = words(_("Message"), rows=8)

    def __init__(self, *args: Any, to: Writing | None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"audience": to.audience if to else ""}, **kwargs})
        note = to is not None and to.audience == Audience.HUB
        self.fields["text"].label = gettext("Note") if note else gettext("Message")
        self.fields["text"].help_text = to.readers if to else ""
        self.fields["text"].error_messages["required"] = gettext("Write the {message}.").format(
            message="note" if note else "message"
        )


class MessagesPage(ActingView):
    """What was said, latest first, and a box for more."""

    template_name = "intake/messages.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.enquiry = find_enquiry(self, kwargs["reference"])
            self.doors = [writing(self.enquiry, self.user, one) for one in self.open_audiences()]
            self.to = self.chosen()

    def open_audiences(self) -> list[str]:
        return messages.audiences_for(self.enquiry, self.user) if self.enquiry.received_at else []

    def chosen(self) -> Writing | None:
        """As the form or the link says; otherwise the innermost."""
        return self.door_for(self.request.POST.get("audience") or self.request.GET.get("to", ""))

    def door_for(self, audience: str) -> Writing | None:
        return next((door for door in self.doors if door.audience == audience), next(iter(self.doors), None))

    def typed_again(self, form: forms.Form, typed: QueryDict) -> forms.Form:
        """Words that come back keep their audience, whichever page they come back to."""
        self.to = self.door_for(typed.get("audience", ""))
        return super().typed_again(WriteForm(to=self.to), typed)

    def context(self) -> dict[str, Any]:
        rows = Message.objects.visible_to(self.user).filter(enquiry=self.enquiry)
        found = list(before(rows, self.request).select_related("organisation").order_by("-pk")[: SIZE + 1])
        return {
            "enquiry": self.enquiry,
            "doors": self.doors,
            "to": self.to,
            "rows": found[:SIZE],
            "older": found[SIZE - 1].pk if len(found) > SIZE else None,
            "unread": set(rows.unread_by(self.user).values_list("pk", flat=True)),
            "asked_at": asked_at(self.enquiry, self.user),
            "may_relate": may_look(self.user),
        }

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = WriteForm(to=self.to)
        if not messages.readable_for(self.enquiry, self.user):
            return self.refuse(form, Forbidden(gettext("Your role does not allow this: read the messages.")))
        page = self.answer(form)
        messages.mark_seen(enquiry=self.enquiry, by=self.user)
        return page

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = WriteForm(request.POST, to=self.to)
        if not messages.audiences_for(self.enquiry, self.user):
            return self.refuse(form, Forbidden(gettext("Your role does not allow this: write a message.")))
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: WriteForm) -> HttpResponse:
        message = messages.write(enquiry=self.enquiry, by=self.user, **form.cleaned_data)
        said.success(self.request, gettext("Kept for the hub.") if message.is_note else gettext("Sent."))
        return redirect(f"{self.request.path}?to={message.audience}")


def before(rows: Any, request: HttpRequest) -> Any:
    """Those before the one that a link names."""
    number = request.GET.get("before", "")
    return rows.filter(pk__lt=int(number)) if number.isdecimal() and len(number) < 19 else rows


def asked_at(enquiry: Enquiry, user: User) -> datetime | None:
    """Since when a message of the authority's may be the answer that this person of the hub could record."""
    if not user.has(Role.COORDINATOR, Role.MANAGER) or Transition.ANSWER not in enquiry.transitions_for(user):
        return None
    return enquiry.information_requests.open().values_list("asked_at", flat=True).first()
