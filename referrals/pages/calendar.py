"""Calendar feeds as pages, made and ended; and the feed itself, which a calendar program fetches without a session."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.debug import sensitive_variables

from intake.limits import Purpose
from intake.models import User
from intake.models.allowance import caller_at, spend
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm
from intake.words import _
from referrals import diary, ics
from referrals.actions import feeds
from referrals.models import Feed

TYPE = "text/calendar; charset=utf-8"


class MakeForm(DeskForm):
    whose = forms.ChoiceField(
        label=_("What should it show?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it should show.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(whose.value, whose.label) for whose in feeds.may_have(user)]
        self.fields["whose"].choices = offered  # type: ignore[attr-defined]
        self.fields["whose"].initial = offered[0][0] if len(offered) == 1 else None


class FeedView(ActingView):
    """For people of a service; another's feed and none at all are the same."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            if not feeds.may_have(self.user):
                raise PermissionDenied
            if "feed" in kwargs:
                self.feed = self.find(kwargs["feed"])
        return super().dispatch(request, *args, **kwargs)

    def find(self, uid: UUID) -> Feed:
        rows = Feed.objects.visible_to(self.user).select_related("owner")
        found = rows.filter(uid=uid).first()
        if found is None:
            raise Http404
        return found


@method_decorator(sensitive_variables("secret"), name="act")
class FeedsPage(FeedView):
    """The live ones, and a new one: its secret stands on the answer that made it, in no redirect or session."""

    template_name = "referrals/calendar.html"

    def context(self) -> dict[str, Any]:
        live = Feed.objects.visible_to(self.user).live().select_related("owner")
        return {"feeds": list(live)}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(MakeForm(user=self.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MakeForm(request.POST, user=self.user)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: MakeForm) -> HttpResponse:
        feed, secret = feeds.make(by=self.user, **form.cleaned_data)
        signed = reverse("calendar-signed", args=[feed.uid, feeds.key_of(secret)])
        context = {
            "feed": feed,
            "secret": secret,
            "signed": f"{settings.PUBLIC_URL}{signed}",
            "plain": f"{settings.PUBLIC_URL}{reverse('calendar', args=[feed.uid])}",
        }
        return render(self.request, "referrals/calendar_made.html", context)


class RevokePage(FeedView):
    template_name = "referrals/calendar_revoke.html"

    def context(self) -> dict[str, Any]:
        return {"feed": self.feed}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.answer(DeskForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.attempt(DeskForm(request.POST), self.act)

    def act(self) -> HttpResponse:
        feeds.revoke(feed=self.feed, by=self.user)
        messages.success(self.request, gettext("The calendar feed has ended."))
        return redirect("calendar-feeds")


@method_decorator(sensitive_variables("key", "secret"), name="get")
class FeedFile(View):
    """The feed, by its secret in the Authorization header or by the key in its address.

    A wrong secret, an ended feed, a role that was taken away and no feed at all are one answer. Nothing of it is
    written to a log: the address opens it.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, feed: UUID, key: str = "") -> HttpResponseBase:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        secret = secret.strip() if scheme.lower() == "bearer" and not key else ""
        found = Feed.objects.live().select_related("owner__organisation").filter(uid=feed).first()
        if found is None or not (secret or key) or not feeds.opens(found, secret=secret, key=key):
            return miss(request)
        spent = spend(Purpose.READING, f"feed:{found.pk}")
        if spent is not None and spent.refused:
            return wait(spent.headers)
        return answer(request, found)


def answer(request: HttpRequest, feed: Feed) -> HttpResponseBase:
    now = timezone.now()
    entries = diary.entries_of(feed, timezone.localdate(now))
    feeds.note_fetch(feed, now)
    name, tag = (
        gettext("Referral Desk: {get_whose_display}").format(
            get_whose_display=feed.get_whose_display().lower()
        ),
        ics.etag(feed.whose, entries),
    )
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        response: HttpResponseBase = unchanged
    else:
        response = HttpResponse(ics.write(name, entries), content_type=TYPE)
        response["Content-Disposition"] = 'attachment; filename="referral-desk.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def miss(request: HttpRequest) -> HttpResponse:
    """Not here, in few words; who tries too often waits."""
    spent = spend(Purpose.LOOKUP, caller_at(request))
    if spent is not None and spent.refused:
        return wait(spent.headers)
    response = HttpResponse(
        gettext("There is no such calendar.\n"), content_type="text/plain; charset=utf-8", status=404
    )
    response["Cache-Control"] = "no-store"
    return response


def wait(headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(
        gettext("Come again later.\n"), content_type="text/plain; charset=utf-8", status=429
    )
    for name, value in headers.items():
        response[name] = value
    return response
