"""Pages that act: a form gives the shape, one action does it, a line says so; refusals become pages here."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from intake.actions import keeping
from intake.models import User
from intake.models.moving import Moving
from intake.pages import conflicts, kept, sessions
from intake.pages.conflicts import Change
from intake.pages.forms import DeskForm, MoveForm, Nothing, unjudged
from intake.refusals import Forbidden, Invalid, NotFound, NotPossible, Refused, Stale, Unavailable

STATUS: Mapping[type[Refused], int] = {
    Forbidden: 403, NotFound: 404, NotPossible: 409, Stale: 412, Invalid: 422, Unavailable: 503,
}  # fmt: skip


def status_of(refused: Refused) -> int:
    """With which a page answers that says why not."""
    return next((code for kind, code in STATUS.items() if isinstance(refused, kind)), 422)


@method_decorator(never_cache, name="dispatch")
class DeskView(LoginRequiredMixin, View):
    """A page for somebody who has signed in; kept in no cache."""

    @property
    def user(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user


def mark_of_page(request: HttpRequest) -> str:
    """One and the same for each press of a button on a page as it was drawn; nothing where none was drawn.

    The form's token against forgery is masked anew each time; only its hash is kept.
    """
    drawn = request.POST.get("csrfmiddlewaretoken", "")
    return hashlib.sha256(drawn.encode()).hexdigest() if drawn else ""


@dataclass(frozen=True)
class Door:
    """How a transition looks as a page: the form that asks, the action that does, what it means beforehand."""

    form: type[MoveForm]
    act: Callable[..., Any]
    means: str = ""
    grave: bool = False
    # Off the usual way: never the button that stands out.
    aside: bool = False

    @property
    def asks(self) -> bool:
        """Whether there is a page before it; otherwise one press of its button does it."""
        return self.grave or self.form is not Nothing


@dataclass(frozen=True)
class Button:
    """A transition that is open to somebody."""

    transition: str
    label: str
    asks: bool
    grave: bool
    aside: bool


def buttons(subject: Moving, user: User, doors: Mapping[str, Door]) -> list[Button]:
    """What the lifecycle offers this person, most likely first: in the order of the doors."""
    offered = subject.transitions_for(user)
    return [
        Button(name, subject.label_of(name), door.asks, door.grave, door.grave or door.aside)
        for name, door in doors.items()
        if name in offered
    ]


class ActingView(DeskView):
    """Shows a form, gives it to an action, shows what was refused with everything that was typed."""

    template_name: str

    def context(self) -> dict[str, Any]:
        return {}

    def handle_no_permission(self) -> Any:
        """Signed out meanwhile: what was typed comes back after signing in again."""
        return kept.to_sign_in(self.request, super().handle_no_permission)

    def given_back(self) -> QueryDict | None:
        """What this person typed here before their session ended."""
        return kept.given_back(self.request, self.user)

    def typed_again(self, form: forms.Form, typed: QueryDict) -> forms.Form:
        """The form as it was left."""
        form.data, form.is_bound = typed, True
        unjudged(form)
        return form

    def answer(self, form: forms.Form, status: int = 200, **more: Any) -> HttpResponse:
        if not form.is_bound and (typed := self.given_back()):
            form = self.typed_again(form, typed)
        if not form.is_bound:
            more |= kept.waiting(self.request, self.user)
        until = sessions.standing(self.request, timezone.now())
        context = {"form": form, "who": kept.seal(self.user), "session": until, **self.context(), **more}
        return render(self.request, self.template_name, context, status=status)

    def attempt(self, form: DeskForm, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Do it, or answer with the reasons why not."""
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            done = act()
        except Refused as refused:
            return self.refuse(form, refused)
        if kept.MARK in self.request.POST:
            keeping.drop(by=self.user, path=self.request.path)
        return done

    def refuse(self, form: DeskForm, refused: Refused, **more: Any) -> HttpResponse:
        form.refuse(refused)
        return self.answer(
            form, status_of(refused), refused=None if isinstance(refused, Invalid) else refused, **more
        )

    def changed(self, form: DeskForm, refused: Refused, now: Moving) -> list[Change]:
        """What others did since the form was read; sent again, the form is against what is there now."""
        if not form.is_bound:
            return []
        data: Any = form.data
        seen, form.data = data.get("version", ""), data.copy()
        form.data["version"] = str(now.version)  # type: ignore[index]
        if not isinstance(refused, Stale | NotPossible) or not seen.isdecimal():
            return []
        return conflicts.since(now, int(seen), self.user)


class MovePage(ActingView):
    """The page of one transition, whichever it is: the table says what it needs and who may."""

    doors: ClassVar[Mapping[str, Door]]
    subject_word: ClassVar[str]
    list_name: ClassVar[str]

    def find(self, reference: str) -> Moving:
        """The subject as this person may see it, or nothing here."""
        raise NotImplementedError

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.transition = kwargs["transition"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            if self.transition not in self.doors:
                raise Http404
            self.door = self.doors[self.transition]
            self.subject = self.find(kwargs["reference"])
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            self.subject_word: self.subject,
            "door": self.door,
            "verb": self.subject.label_of(self.transition),
            "offered": self.transition in self.subject.transitions_for(self.user),
        }

    def form(self, data: Any = None, files: Any = None) -> MoveForm:
        # What a link fills in beforehand stands in its query.
        initial = {**self.request.GET.dict(), "version": self.subject.version}
        return self.door.form(data, files, subject=self.subject, user=self.user, initial=initial)

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        form = self.form()
        try:
            self.subject.check_can(self.transition, self.user)
        except Refused as refused:
            return self.refuse(form, refused)
        return self.answer(form)

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        try:
            # Who may not, or not now, is told that first, whatever they sent.
            self.subject.check_can(self.transition, self.user)
        except Refused as refused:
            return self.refuse(form, refused)
        return self.attempt(form, lambda: self.move(form))

    def move(self, form: MoveForm) -> HttpResponse:
        self.subject.version = form.cleaned_data["version"]
        moved = self.door.act(**{self.subject_word: self.subject}, by=self.user, **form.facts())
        messages.success(self.request, f"{self.said_of(form, moved)}: {self.subject.reference}.")
        return redirect(self.after())

    def said_of(self, form: MoveForm, moved: Any) -> str:
        """What the line on top says of what was done."""
        return form.said or self.subject.lifecycle[self.transition].says

    def after(self) -> str:
        """Back to the subject, or to the list when it is not theirs to see any more."""
        mine = type(self.subject)._default_manager.visible_to(self.user)  # type: ignore[attr-defined]
        if mine.filter(reference=self.subject.reference).exists():
            return reverse(self.subject_word, args=(self.subject.reference,))
        return reverse(self.list_name)

    def refuse(self, form: DeskForm, refused: Refused, **more: Any) -> HttpResponse:
        """As it stands now on top, what was typed below it, and beside it what was changed meanwhile."""
        self.subject = self.find(self.subject.reference)
        if (
            isinstance(refused, NotPossible)
            and form.is_bound
            and form.data.get("version") != str(self.subject.version)
        ):
            refused.changed_by, refused.changed_at = self.subject.changed_last()
        return super().refuse(form, refused, changed=self.changed(form, refused, self.subject), **more)
