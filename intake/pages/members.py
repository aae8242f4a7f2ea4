"""An organisation looks after itself: its people, and who has access."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from intake.actions import members
from intake.lifecycle import Role
from intake.models import AccountEvent, ApiClient, Organisation, User, book
from intake.models.account_event import KEEPERS
from intake.models.organisation import ROLES_OF
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, language_choice, line
from intake.words import Language, _

LINES_SHOWN = 100


def roles_offered(organisation: Organisation) -> list[tuple[str, str]]:
    """The roles that a person of this organisation can have."""
    never = {Role.API_CLIENT, Role.SYSTEM}
    return [
        (role, role.label) for role in Role if role in ROLES_OF[Organisation.Kind(organisation.kind)] - never
    ]


class RolesForm(DeskForm):
    roles = forms.MultipleChoiceField(
        label=_("What may they do?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    team = line(_("Team"), _("People of one team share their drafts."), required=False, max_length=120)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = roles_offered(organisation)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "roles": {Role(role) for role in self.cleaned_data["roles"]}}


class InviteForm(RolesForm):
    name = line(_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_("They get a link there to set a password."),
        max_length=254,
        error_messages={"invalid": _("Enter an e-mail address, like name@authority.gov.uk.")},
    )
    language = language_choice()
    field_order = ("name", "email", "roles", "team", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = Language.ENGLISH
        self.fields["language"].optional_mark = False  # type: ignore[attr-defined]


class KeepersView(ActingView):
    """For who keeps the people of an organisation: their own."""

    readers: tuple[Role, ...] = KEEPERS
    back = "people"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            if not self.user.has(*self.readers):
                raise PermissionDenied
            self.organisation = self.user.organisation
            self.find(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def find(self, **kwargs: Any) -> None:
        """What the address names, of this organisation; another's and none at all are the same."""

    def context(self) -> dict[str, Any]:
        return {"organisation": self.organisation, "back": reverse(self.back)}


class People(KeepersView):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = listed(people_of(self.organisation, self.user))
        return render(request, "intake/members/people.html", {**self.context(), "people": rows})


def people_of(organisation: Organisation, user: User) -> QuerySet[User]:
    """Everybody of it with an account, as far as this person knows of them."""
    rows: QuerySet[User] = User.objects.visible_to(user)
    return rows.filter(organisation=organisation, kind=User.Kind.PERSON)


def listed(rows: QuerySet[User]) -> QuerySet[User]:
    """Those who are retired last; whether each has a second factor."""
    second = Authenticator.objects.filter(user=OuterRef("pk"))
    told = rows.annotate(second_factor=Exists(second)).prefetch_related("role_grants__granted_by")
    return told.order_by("-is_active", "name", "pk")


class Invite(KeepersView):
    template_name = "intake/members/form.html"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": gettext("Invite somebody"),
            "verb": gettext("Send the invitation"),
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(InviteForm(organisation=self.organisation))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST, organisation=self.organisation)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: InviteForm) -> HttpResponse:
        members.invite(organisation=self.organisation, by=self.user, **form.facts())
        messages.success(self.request, gettext("Invited. They get an e-mail with a link to set a password."))
        if book().codes.email_kind(form.cleaned_data["email"]) == "other":
            messages.warning(
                self.request,
                gettext("This address is not of a public body that we know. Check that it is right."),
            )
        return redirect("people")


class PersonPage(KeepersView):
    """One person: other roles, another team."""

    template_name = "intake/members/person.html"

    def find(self, **kwargs: Any) -> None:
        rows = people_of(self.organisation, self.user)
        found = rows.filter(pk=kwargs["person"]).select_related("organisation").first()
        if found is None:
            raise Http404
        self.person = found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "person": self.person, "myself": self.person.pk == self.user.pk}

    def form(self, data: Any = None) -> RolesForm:
        initial = {"roles": sorted(g.role for g in self.person.role_grants.all()), "team": self.person.team}
        return RolesForm(data, organisation=self.organisation, initial=initial)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: RolesForm) -> HttpResponse:
        members.change(user=self.person, by=self.user, **form.facts())
        return self.said(gettext("Saved: {person}.").format(person=self.person.name))

    def said(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect("people")


class PersonStep(PersonPage):
    """Retire, bring back, invite again: a page that says what will happen, and a button."""

    template_name = "intake/members/form.html"
    title = verb = means = done = ""

    def context(self) -> dict[str, Any]:
        return {**super().context(), "title": self.title, "verb": self.verb, "means": self.means}

    def form(self, data: Any = None) -> Any:
        return DeskForm(data)

    def act(self, form: Any) -> HttpResponse:
        self.step()
        return self.said(self.done)

    def step(self) -> None:
        raise NotImplementedError


class Retire(PersonStep):
    title, verb, done = _("Retire this person"), _("Retire"), _("Retired. They can do nothing from now on.")
    means = _(
        "They are signed out and can do nothing from the next click on. What they did stays theirs. "
        "Their open enquiries stay your organisation’s."
    )

    def step(self) -> None:
        members.retire(user=self.person, by=self.user)


class BringBack(PersonStep):
    title, verb, done = _("Bring this person back"), _("Bring back"), _("They can sign in again.")
    means = _("They get back the roles that they had.")

    def step(self) -> None:
        members.bring_back(user=self.person, by=self.user)


class InviteAgain(PersonStep):
    title, verb, done = _("Send another link"), _("Send another link"), _("Another link is on its way.")
    means = _("They get an e-mail with a link to set a password.")

    def step(self) -> None:
        members.invite_again(user=self.person, by=self.user)


class Access(KeepersView):
    """Who has access, since when and through whom; and what was changed."""

    readers = (*KEEPERS, Role.AUDITOR, Role.ADMINISTRATOR)

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = AccountEvent.objects.visible_to(self.user).select_related("organisation")
        own = self.organisation
        context = {
            **self.context(),
            "people": listed(people_of(own, self.user).filter(is_active=True)),
            "clients": ApiClient.objects.filter(organisation=own, user__is_active=True).order_by("name"),
            "lines": lines[:LINES_SHOWN],
            "several": self.user.has(Role.AUDITOR, Role.ADMINISTRATOR),
        }
        return render(request, "intake/members/access.html", context)
