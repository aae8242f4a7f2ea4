"""One's own account: who one is here, and where everything about signing in is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions import choosing
from intake.lifecycle import Role
from intake.models import LetterChoice, User
from intake.pages import kept, sessions
from intake.pages.acting import ActingView, DeskView
from intake.pages.forms import DeskForm, language_choice
from intake.topics import topics_for


class AccountPage(DeskView):
    def get(self, request: HttpRequest) -> HttpResponse:
        roles = [Role(row.role).label for row in self.user.role_grants.all()]
        return render(request, "account/account.html", {"roles": roles})


class LettersForm(DeskForm):
    """The language, and a menu for each kind of letter that is one's own to choose."""

    language = language_choice()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = user.language
        self.fields["language"].optional_mark = False  # type: ignore[attr-defined]
        chosen = dict(LetterChoice.objects.visible_to(user).values_list("topic", "how"))
        for row in topics_for(user.organisation.kind):
            if not row.always:
                self.fields[row.name] = forms.ChoiceField(
                    label=row.label,
                    choices=LetterChoice.How.choices,
                    initial=chosen.get(row.name),
                    error_messages={"required": gettext("Choose when: “{letter}”").format(letter=row.label)},
                )
                self.fields[row.name].optional_mark = False  # type: ignore[attr-defined]


class LettersPage(ActingView):
    """Which letters come at once, together, or not at all; and which always do."""

    template_name = "account/letters.html"

    def context(self) -> dict[str, Any]:
        return {"always": [row for row in topics_for(self.user.organisation.kind) if row.always]}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(LettersForm(user=self.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LettersForm(request.POST, user=self.user)
        return self.attempt(form, lambda: self.choose(form))

    def choose(self, form: LettersForm) -> HttpResponse:
        choices = dict(form.cleaned_data)
        language = choices.pop("language")
        choosing.choose_letters(by=self.user, choices=choices, language=language)
        messages.success(self.request, gettext("Saved: your letters come as you have chosen."))
        return redirect("account")


class SessionPage(DeskView):
    """Asked by an open page: how long it is still signed in; sent to stay so."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(sessions.standing(request, timezone.now()))

    def post(self, request: HttpRequest) -> HttpResponse:
        sessions.act(request, timezone.now())
        return self.get(request)


class KeepPage(DeskView):
    """Sent by an open page whose session is about to end: what is typed in its form; no act of anybody's."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        kept.keep_open(request, self.user)
        return HttpResponse(status=204)
