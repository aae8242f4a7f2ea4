"""What is said on top of every page: put up for a while, looked at beforehand, taken down."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions import banners
from intake.models.banner import Banner
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, a_day
from intake.refusals import Forbidden
from intake.words import _

SHOWN = 20


class BannerForm(DeskForm):
    text = forms.CharField(
        label=_("What is to be said?"),
        help_text=_("One or two sentences, at most 300 characters. Name nobody."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tone = forms.ChoiceField(
        label=_("What is it?"),
        choices=Banner.Tone.choices,
        initial=Banner.Tone.NOTICE,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label=_("Who is to read it?"),
        choices=Banner.Audience.choices,
        initial=Banner.Audience.EVERYBODY,
        widget=forms.RadioSelect,
    )
    since = a_day(_("From which day?"), _("Leave it empty for now."), required=False)
    until = a_day(_("Until which day?"), _("It is taken down at the end of that day."))

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        begins = at(given["since"], time.min) if given["since"] else timezone.now()
        return {**given, "since": begins, "until": at(given["until"], time.max)}


def at(day: Any, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))


class SpeakingView(ActingView):
    """For a manager or an administrator; to everybody else it says so."""

    template_name = "intake/banners.html"

    def context(self) -> dict[str, Any]:
        rows = Banner.objects.select_related("put_up_by", "taken_down_by")
        return {"banners": rows[:SHOWN], "now": timezone.now(), "may": self.user.has(*banners.MAY)}


class BannersPage(SpeakingView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.attempt_to(BannerForm(), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BannerForm(request.POST)
        return self.attempt_to(form, lambda: self.act(form))

    def attempt_to(self, form: BannerForm, act: Any) -> HttpResponse:
        try:
            banners.refuse_speaking(self.user)
        except Forbidden as refused:
            return self.refuse(form, refused)
        return self.attempt(form, act) if act else self.answer(form)

    def act(self, form: BannerForm) -> HttpResponse:
        banners.put_up(by=self.user, **form.facts())
        messages.success(
            self.request,
            gettext("Put up. Everybody whom it is for sees it within a minute of its beginning."),
        )
        return redirect("banners")


class TakeDown(SpeakingView):
    def post(self, request: HttpRequest, banner: int) -> HttpResponse:
        row = get_object_or_404(Banner, pk=banner)
        form = BannerForm()
        try:
            banners.take_down(banner=row, by=self.user)
        except Forbidden as refused:
            return self.refuse(form, refused)
        messages.success(request, gettext("Taken down."))
        return redirect("banners")
