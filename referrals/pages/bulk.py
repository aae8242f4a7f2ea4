"""Acting on many at once: what it needs is asked, each row is previewed, one press does it."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Organisation, User
from intake.pages.acting import ActingView
from intake.pages.forms import Choices, Coded, DeskForm, a_day, words
from intake.refusals import Refused
from intake.words import _
from referrals.actions import bulk
from referrals.models import BulkRow, BulkRun
from referrals.models.running import may_run
from referrals.selection import ENQUIRIES, REFERRALS


class ActForm(DeskForm):
    """What an act asks for; what was chosen travels along unseen."""

    title = ""
    verb = _("See what will happen")

    def facts(self) -> dict[str, Any]:
        return {name: plain(value) for name, value in self.cleaned_data.items()}


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


class AssignForm(ActForm):
    title = _("Assign to a colleague")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ChoiceField(
            label=gettext("To whom?"),
            choices=colleagues(user),
            error_messages={"required": gettext("Choose a colleague.")},
        )
        self.fields["reason"] = words(
            gettext("Why?"),
            gettext("Needed for those that somebody has already; they read it."),
            required=False,
            rows=2,
        )
        self.fields["reason"].optional_mark = True  # type: ignore[attr-defined]
        self.fields["to"].optional_mark = False  # type: ignore[attr-defined]


def colleagues(user: User) -> Choices:
    """Who could claim them: the coordinators and managers at work."""
    people = User.objects.visible_to(user).active().filter(organisation=user.organisation_id)
    able = people.filter(kind=User.Kind.PERSON, role_grants__role__in=(Role.COORDINATOR, Role.MANAGER))
    return [
        ("", gettext("Choose")),
        *((str(pk), name) for pk, name in able.order_by("name").values_list("pk", "name").distinct()),
    ]


class OfferForm(ActForm):
    title = _("Offer to a service")
    reply_by = a_day(_("By when should they reply?"))
    note = words(_("Anything they should know"), _("They read it with each of them."), required=False, rows=2)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Organisation.objects.services().live(timezone.localdate()).order_by("name")
        self.fields["service"] = forms.ChoiceField(
            label=gettext("Which service?"),
            choices=[("", gettext("Choose")), *services.values_list("code", "name")],
            error_messages={"required": gettext("Choose a service.")},
        )
        self.fields["service"].optional_mark = False  # type: ignore[attr-defined]
        self.order_fields(["service"])


class FlagForm(ActForm):
    title = _("Put a flag on them")
    code = Coded("flag", _("Which flag?"))
    reason = words(_("Why?"), _("Only the hub reads it. Name nobody."), rows=2)
    review_on = a_day(_("When is it looked at again?"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


FORMS: dict[str, Any] = {"assign": AssignForm, "offer": OfferForm, "flag": FlagForm}


class BulkView(ActingView):
    """For the hub's triage."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not may_run(self.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def found(self, uid: UUID) -> BulkRun:
        run = BulkRun.objects.visible_to(self.user).filter(uid=uid).first()
        if run is None:
            raise Http404
        return run


class BulkPage(BulkView):
    """What was ticked in a list comes here with the act; then the act's own questions are answered."""

    template_name = "referrals/bulk/ask.html"

    def context(self) -> dict[str, Any]:
        chosen = self.request.POST.getlist("reference")
        return {
            "act": self.request.POST.get("act", ""),
            "references": [] if self.all else chosen,
            "count": len(set(chosen)),
            "all": self.all,
            "query": self.request.POST.get("query", ""),
            "of": self.of,
            "run": self.name or uuid4(),
        }

    @property
    def all(self) -> bool:
        return bool(self.request.POST.get("all"))

    @property
    def of(self) -> str:
        return REFERRALS if self.request.POST.get("of") == REFERRALS else ENQUIRIES

    @property
    def name(self) -> UUID | None:
        """The page's own name for what it will make: sent twice, it is one run."""
        try:
            return UUID(self.request.POST.get("run", ""))
        except ValueError:
            return None

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "referrals/bulk/nothing.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        made = FORMS.get(request.POST.get("act", ""))
        if made is None or not (self.all or request.POST.getlist("reference")):
            return render(request, "referrals/bulk/nothing.html", {"chosen_none": True}, status=422)
        if self.name is None:
            # From the list, with nothing answered yet.
            return self.answer(made(user=self.user))
        form = made(request.POST, user=self.user)
        return self.attempt(form, lambda: self.preview(form))

    def preview(self, form: ActForm) -> HttpResponse:
        run = bulk.preview(
            by=self.user,
            act=self.request.POST["act"],
            arguments=form.facts(),
            references=self.request.POST.getlist("reference"),
            query=self.request.POST.get("query", "") if self.all else None,
            of=self.of,
            uid=self.name,
        )
        return redirect("bulk-run", run.uid)


class RunPage(BulkView):
    """What will become of each row, what cannot be done and why; afterwards, what became of each."""

    template_name = "referrals/bulk/run.html"

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        return self.show(self.found(run))

    def show(self, run: BulkRun, status: int = 200, **more: Any) -> HttpResponse:
        rows = BulkRow.objects.visible_to(self.user).filter(run=run).order_by("number")
        parts: dict[str, list[BulkRow]] = {}
        for row in rows.select_related("enquiry__authority", "referral"):
            parts.setdefault(row.outcome, []).append(row)
        context = {
            "run": run,
            "counts": run.counts(),
            "title": FORMS[run.act].title,
            "parts": [(name, label, parts[name]) for name, label in ORDER if name in parts],
            "back": "referrals" if run.act == BulkRun.Act.OFFER else "worklist",
            **more,
        }
        return render(self.request, self.template_name, context, status=status)


Outcome = BulkRow.Outcome
ORDER = (
    (Outcome.REFUSED, _("Not done")),
    (Outcome.READY, _("Will be done")),
    (Outcome.DONE, _("Done")),
    (Outcome.LEFT, _("Left out")),
)


class ApplyPage(RunPage):
    """The one button of a preview."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, run: UUID) -> HttpResponse:
        found = self.found(run)
        try:
            done = bulk.begin(bulk.apply(run=found, by=self.user))
        except Refused as refused:
            return self.show(found, 409, refused=refused)
        if not done.running:
            messages.success(request, gettext("Each row has its outcome below."))
        return redirect("bulk-run", done.uid)
