"""The pages about what somebody asked for, exports and print runs alike: their own, and those of a second person."""

from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import User
from intake.pages.acting import ActingView, status_of
from intake.pages.forms import DeskForm, words
from intake.refusals import Forbidden, Refused
from intake.words import _
from reports.actions import agreeing
from reports.models import Agreed, Export, PrintRun

LISTED = 100


class AskedView(ActingView):
    """For whoever may ask for such a thing at all; another's is as if there were none."""

    model: ClassVar[Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            try:
                self.check()
            except Forbidden as refused:
                raise PermissionDenied(refused.detail) from refused
        return super().dispatch(request, *args, **kwargs)

    def check(self) -> None:
        """Raises Forbidden for whoever has none of it."""
        raise NotImplementedError

    def found(self, uid: UUID) -> Any:
        asked = self.model.objects.visible_to(self.user).filter(uid=uid).first()
        if asked is None:
            raise Http404
        return asked

    def show(self, asked: Any, /, status: int = 200, **more: Any) -> HttpResponse:
        raise NotImplementedError

    def refused(self, asked: Any, refused: Refused) -> HttpResponse:
        """As it stands now, with why not on top."""
        return self.show(self.found(asked.uid), status_of(refused), refused=refused)


class SecondView(AskedView):
    """For those who answer for what leaves the house."""

    def check(self) -> None:
        agreeing.check_may_agree(self.user)


class Waits(NamedTuple):
    """Something that waits for a second person, and the page on which to answer."""

    asked: Agreed
    address: str


def waiting_for(user: User, now: datetime) -> list[Waits]:
    """What others asked for and this person may agree to: exports, then print runs."""
    found: list[Waits] = []
    for model, address in ((Export, "export-agree"), (PrintRun, "print-run-agree")):
        rows = model.objects.log_for(user).to_agree(now).exclude(made_by=user)
        found += [Waits(row, address) for row in rows.select_related("made_by")[:LISTED]]
    return found


class AgreeForm(DeskForm):
    answer = forms.ChoiceField(
        label=_("Do you agree?"),
        choices=(("yes", _("Yes: it may be made")), ("no", _("No: it may not"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you agree.")},
    )
    reason = words(
        _("Why?"),
        _("Needed for a no. Whoever asked reads it, and it stands in the log."),
        required=False,
        rows=2,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].optional_mark = False  # type: ignore[attr-defined]


class AgreePage(SecondView):
    """Who asks, why, of what and how many people: never whom."""

    template_name = "reports/agreeing/agree.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # {export} or {run}, as the address calls it.
        (self.uid,) = kwargs.values()

    def other(self) -> Any:
        rows = self.model.objects.log_for(self.user).filter(needs_second=True)
        found = rows.select_related("made_by__organisation", "agreed_by").filter(uid=self.uid).first()
        if found is None:
            raise Http404
        return found

    def context(self) -> dict[str, Any]:
        asked = self.other()
        return {
            "asked": asked,
            "state": asked.state_at(timezone.now()),
            "own": asked.made_by_id == self.user.pk,
            **self.facts(asked),
        }

    def facts(self, asked: Any) -> dict[str, Any]:
        """What there is to read of it, and the template that shows it."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **names: UUID) -> HttpResponse:
        self.other()
        return self.answer(AgreeForm())

    def post(self, request: HttpRequest, **names: UUID) -> HttpResponse:
        form, other = AgreeForm(request.POST), self.other()
        return self.attempt(form, lambda: self.agree(other, form))

    def agree(self, other: Any, form: AgreeForm) -> HttpResponse:
        given = form.cleaned_data
        done = agreeing.answer(
            asked=other, by=self.user, agreed=given["answer"] == "yes", reason=given["reason"]
        )
        self.answered(done)
        messages.success(self.request, gettext("Your answer is on record."))
        return redirect("exports")

    def answered(self, asked: Any) -> None:
        """What is done at once."""
