"""The planner: which of the waiting referrals, how it stands before and after, what is offered of it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from intake.filters import type_choices
from intake.models import Organisation, book
from intake.pages.acting import ActingView
from intake.pages.forms import Choices, DeskForm, a_day
from intake.words import _
from referrals.actions import planning
from referrals.models import PlanRow, PlanRun
from referrals.models.running import may_run

LATELY = 10


class PlanForm(DeskForm):
    """Which of those that wait; all, when nothing is chosen."""

    region = forms.ChoiceField(label=_("Region"), choices=lambda: regions(), required=False)
    assessment_type = forms.ChoiceField(
        label=_("Assessment"), choices=lambda: [("", gettext("All")), *type_choices()], required=False
    )

    def query(self) -> str:
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


def regions() -> Choices:
    rows = Organisation.objects.authorities().exclude(region="").order_by("region")
    return [
        ("", gettext("All")),
        *((region, region) for region in rows.values_list("region", flat=True).distinct()),
    ]


class OffersForm(DeskForm):
    """The placings that are ticked, and until when the services reply."""

    reply_by = a_day(_("By when should the services reply?"))

    def __init__(self, *args: Any, rows: list[PlanRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"] = forms.TypedMultipleChoiceField(
            choices=[(str(row.number), str(row.number)) for row in rows],
            coerce=int,
            error_messages={
                "required": gettext("Tick at least one placing."),
                "invalid_choice": gettext("Tick those of the list."),
            },
        )

    def field_at(self, pointer: str) -> str | None:
        return "row" if pointer == "/rows" else super().field_at(pointer)


class PlannerView(ActingView):
    """For the hub's triage."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not may_run(self.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def find(self, run: UUID) -> PlanRun:
        found = PlanRun.objects.visible_to(self.user).select_related("made_by").filter(uid=run).first()
        if found is None:
            raise Http404
        return found


class PlannerPage(PlannerView):
    """Have a plan worked out, and see those of late."""

    template_name = "referrals/planner/home.html"

    def context(self) -> dict[str, Any]:
        waiting = planning.waiting_for(self.user, "")
        runs = PlanRun.objects.visible_to(self.user).select_related("made_by")
        return {"waiting": waiting.count(), "runs": list(runs[:LATELY])}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(PlanForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PlanForm(request.POST)
        return self.attempt(form, lambda: self.ask(form))

    def ask(self, form: PlanForm) -> HttpResponse:
        run = planning.ask(by=self.user, query=form.query())
        return redirect("plan", run.uid)


class PlanPage(PlannerView):
    """How far it is; then each move with its reasons, what found no place and why, and what became of it."""

    template_name = "referrals/planner/plan.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and may_run(self.user):
            self.read(kwargs["run"])

    def read(self, run: UUID) -> None:
        self.run = self.find(run)
        rows = PlanRow.objects.visible_to(self.user).filter(run=self.run).order_by("number")
        self.rows = list(
            rows.select_related(
                "referral__enquiry__authority", "referral__assessment__type", "service", "assessor"
            )
        )

    def having(self, *outcomes: str) -> list[PlanRow]:
        return [row for row in self.rows if row.outcome in outcomes]

    def form(self, *given: Any) -> OffersForm:
        soon = book().calendars["England"].add_working_days(timezone.localdate(), 2)
        return OffersForm(*given, rows=self.having("proposed"), initial={"reply_by": soon})

    def context(self) -> dict[str, Any]:
        ticked = self.request.POST.getlist("row")
        looks_again = self.run.state not in PlanRun.ENDED
        return {
            "run": self.run,
            "looks_again": looks_again,
            # Nobody types here meanwhile: a script that counts the session's minutes would be one too many.
            **({"session": None} if looks_again else {}),
            "figures": self.run.figures,
            "proposed": self.having("proposed"),
            "unplaced": self.having("unplaced"),
            "asked": self.having("asked"),
            "done": self.having("done"),
            "refused_rows": self.having("refused"),
            "ticked": ticked,
        }

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        return self.answer(self.form())


class ApplyPage(PlanPage):
    """Offers what is ticked."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, run: UUID) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.apply(form))

    def apply(self, form: OffersForm) -> HttpResponse:
        given = form.cleaned_data
        asked = planning.apply(run=self.run, by=self.user, numbers=given["row"], reply_by=given["reply_by"])
        planning.begin(asked)
        messages.success(self.request, gettext("Each placing that you ticked has its outcome below."))
        return redirect("plan", self.run.uid)
