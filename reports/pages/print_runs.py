"""Printing many: what and for whom is asked, the rows are previewed, one press begins it; then it can be left alone."""

from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import Organisation, SavedView, User
from intake.pages.forms import DeskForm, words
from intake.pages.paging import Sort, onward_by
from intake.refusals import Refused
from intake.words import Language, _
from referrals.selection import ENQUIRIES, REFERRALS
from reports import files, recipients
from reports.actions import agreeing, basket, print_runs
from reports.actions.documents import WITH_A_REASON
from reports.actions.print_runs import Choice
from reports.models import Document, PrintRow, PrintRun
from reports.pages.agreeing import LISTED, AgreePage, AskedView, SecondView
from reports.pages.printing import READERS

Outcome, State = PrintRow.Outcome, PrintRun.State
BACK = {ENQUIRIES: "worklist", REFERRALS: "referrals"}
LANGUAGES = {
    "": _("Each in the language of its enquiry"),
    Language.ENGLISH.value: _("All in English"),
    Language.WELSH.value: _("All in Welsh"),
}


class PrintManyForm(DeskForm):
    """Which paper for whom, in which form and language, and why where that has to be said; what was chosen travels
    along unseen.
    """

    reason = words(_("Why do you print them?"), _("It stands in the history of each enquiry."), rows=2)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = [
            (
                f"{kind}:{audience}",
                gettext("{kind}, for: {audience}").format(kind=kind.label, audience=audience.label),
            )
            for kind, audience in print_runs.papers_for(user)
        ]
        self.fields["paper"] = forms.ChoiceField(
            label=gettext("What is printed, and for whom?"),
            help_text=gettext("Each paper is made for one reader: what they may not see is left out."),
            choices=papers,
            initial=papers[0][0],
            widget=forms.RadioSelect,
            error_messages={"required": gettext("Choose what is printed, and for whom.")},
        )
        self.fields["form"] = forms.ChoiceField(
            label=gettext("As what?"),
            choices=PrintRun.Form.choices,
            initial=PrintRun.Form.ONE_PDF,
            widget=forms.RadioSelect,
            error_messages={"required": gettext("Choose one PDF or a zip.")},
        )
        self.fields["language"] = forms.ChoiceField(
            label=gettext("In which language?"),
            help_text=gettext("What people wrote stays as they wrote it."),
            choices=list(LANGUAGES.items()),
            initial="",
            widget=forms.RadioSelect,
            # Nothing chosen is each in its own.
            required=False,
        )
        for name in ("paper", "form", "language"):
            self.fields[name].optional_mark = False  # type: ignore[attr-defined]
        self.ask_why(user)
        self.order_fields(["paper", "form", "language", "reason"])

    def ask_why(self, user: User) -> None:
        """Of managers and auditors always; of others in the hub where a second person has to agree."""
        if user.has(*WITH_A_REASON):
            return
        if user.organisation.kind != Organisation.Kind.HUB:
            del self.fields["reason"]
            return
        reason: Any = self.fields["reason"]
        reason.required, reason.optional_mark = False, True
        reason.help_text = gettext(
            "Needed for papers about more than 50 children, which a second person agrees to. It stands in the "
            "history of each enquiry."
        )

    def facts(self) -> dict[str, str]:
        given = self.cleaned_data
        kind, _, audience = given["paper"].partition(":")
        return {
            "kind": kind,
            "audience": audience,
            "form": given["form"],
            "language": given["language"],
            "reason": given.get("reason", ""),
        }


class PrintsView(AskedView):
    """For whoever may print of many at all."""

    model = PrintRun

    def check(self) -> None:
        print_runs.check_may_print_many(self.user)


class Line(NamedTuple):
    """A run in the list, with how many rows of it there are for this person."""

    run: PrintRun
    state: PrintRun.State
    counts: dict[str, int]


class PrintRuns(PrintsView):
    """One's own runs of the last month, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        runs = list(PrintRun.objects.visible_to(self.user).begun()[:LISTED])
        counts = print_runs.counted(runs, self.user)
        lines = [Line(run, run.state, counts[run.pk]) for run in runs]
        gathered = basket.rows_of(self.user).count()
        return render(request, "reports/prints/list.html", {"lines": lines, "gathered": gathered})


class Gathering(PrintsView):
    """What was ticked in a list, or all of it, comes here."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.given = request.POST if request.method == "POST" else request.GET

    @property
    def all(self) -> bool:
        return bool(self.given.get("all"))

    @property
    def of(self) -> str:
        return REFERRALS if self.given.get("of") == REFERRALS else ENQUIRIES

    def chosen(self) -> Choice:
        query = self.given.get("query", "") if self.all else None
        return Choice(() if self.all else self.given.getlist("reference"), query, self.of)


class NewRun(Gathering):
    """From a list, the basket or a saved view: what, for whom and in which form is asked."""

    template_name = "reports/prints/ask.html"

    def view(self) -> SavedView | None:
        """The saved view that is printed, as this person may see it."""
        asked = self.given.get("view", "")
        if not asked:
            return None
        rows = SavedView.objects.visible_to(self.user)
        found = (
            rows.filter(pk=asked).first()
            if asked.isascii() and asked.isdecimal() and len(asked) < 18
            else None
        )
        if found is None:
            raise Http404
        return found

    @property
    def name(self) -> UUID | None:
        """The page's own name for what it will make: sent twice, it is one run."""
        try:
            return UUID(self.given.get("run", ""))
        except ValueError:
            return None

    def context(self) -> dict[str, Any]:
        view, chosen = self.view(), self.given.getlist("reference")
        from_basket = self.given.get("from") == "basket"
        if view is not None:
            back = reverse("saved-views")
        elif from_basket:
            back = reverse("print-basket")
        else:
            query = self.given.get("query", "")
            back = reverse(BACK[self.of]) + (f"?{query}" if query else "")
        return {
            "view": view,
            "from_basket": from_basket,
            "references": [] if self.all or view else chosen,
            "count": len(set(chosen)),
            "all": self.all,
            "query": self.given.get("query", ""),
            "of": self.of,
            "run": self.name or uuid4(),
            "back": back,
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.view() is None:
            return render(request, "reports/prints/nothing.html")
        return self.answer(PrintManyForm(user=self.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not (self.view() or self.all or self.given.getlist("reference")):
            return render(request, "reports/prints/nothing.html", {"chosen_none": True}, status=422)
        if self.name is None:
            # From the list, with nothing answered yet.
            return self.answer(PrintManyForm(user=self.user))
        form = PrintManyForm(request.POST, user=self.user)
        return self.attempt(form, lambda: self.preview(form))

    def preview(self, form: PrintManyForm) -> HttpResponse:
        run = print_runs.preview(by=self.user, chosen=self.chosen(), uid=self.name, **form.facts())
        return redirect("print-run", run.uid)

    def chosen(self) -> Choice:
        if (view := self.view()) is not None:
            return Choice.of_view(view)
        return super().chosen()


def about(run: PrintRun) -> dict[str, Any]:
    """For whom it is, as whoever asked sees it: nobody of any family."""
    return {
        "readers": READERS[Document.Audience(run.audience)],
        "recipients": recipients.recipients_of(run, run.made_by),
        "language": LANGUAGES[run.language],
    }


ORDER = (
    (Outcome.FAILED, _("Failed")),
    (Outcome.FORBIDDEN, _("Not allowed")),
    (Outcome.GONE, _("Not found any more")),
    (Outcome.LEFT, _("Left out")),
    (Outcome.READY, _("Still to be printed")),
    (Outcome.PRINTED, _("Printed")),
)


class RunPage(PrintsView):
    """For whom, how many, which will not go and why; while it goes, how far it is; then the file."""

    template_name = "reports/prints/run.html"

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        return self.show(self.found(run))

    def show(self, run: PrintRun, /, status: int = 200, **more: Any) -> HttpResponse:
        rows = run.rows_for(self.user).select_related("enquiry__authority")
        parts: dict[str, list[PrintRow]] = {}
        for row in rows:
            parts.setdefault(row.outcome, []).append(row)
        counts = print_runs.counts_of(run, self.user)
        context = {
            "run": run,
            "counts": counts,
            "done": counts["total"] - counts[Outcome.READY],
            "state": run.state,
            "many": agreeing.needs_second(run),
            "how_far": gettext("We are printing.")
            if counts[Outcome.READY]
            else gettext("The file is being put together."),
            "not_done": counts[Outcome.FAILED] + counts[Outcome.FORBIDDEN] + counts[Outcome.GONE],
            **about(run),
            "may_go_on": print_runs.may_go_on(run, timezone.now()),
            "lost_sight": run.file and print_runs.lost_sight(run, self.user),
            "parts": [(name, label, parts[name]) for name, label in ORDER if name in parts],
            **more,
        }
        return render(self.request, self.template_name, context, status=status)


class ActPage(RunPage):
    """A button of the run's page."""

    http_method_names = ["post"]

    def act(self, run: PrintRun) -> str:
        """What the line on top says of it."""
        raise NotImplementedError

    def post(self, request: HttpRequest, run: UUID) -> HttpResponse:
        found = self.found(run)
        try:
            said = self.act(found)
        except Refused as refused:
            return self.refused(found, refused)
        messages.success(request, said)
        return redirect("print-run", found.uid)


class StartPage(ActPage):
    def act(self, run: PrintRun) -> str:
        begun = print_runs.start(run=run, by=self.user)
        if begun.state == State.WAITING:
            return gettext("It waits for a second person.")
        return gettext("It has begun.")


class CancelPage(ActPage):
    def act(self, run: PrintRun) -> str:
        print_runs.cancel(run=run, by=self.user)
        return gettext("It is cancelled. What is printed stays in the histories; nothing more is printed.")


class ResumePage(ActPage):
    def act(self, run: PrintRun) -> str:
        again = print_runs.resume(run=run, by=self.user)
        if again.state == State.WAITING:
            return gettext("It waits for a second person.")
        return gettext("It goes on. Nothing is printed twice.")


class FilePage(RunPage):
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, run: UUID) -> HttpResponseBase:  # type: ignore[override]
        """The papers together, as a download."""
        found = self.found(run)
        try:
            return files.download(found, print_runs.open_file(run=found, by=self.user))
        except Refused as refused:
            return self.refused(found, refused)


class AgreeToRun(AgreePage):
    model = PrintRun

    def facts(self, asked: PrintRun) -> dict[str, Any]:
        counts = print_runs.counts_of(asked, asked.made_by)
        return {
            "heading": gettext("A print run that waits for a second person"),
            "facts": "reports/prints/_facts.html",
            "run": asked,
            "papers": counts["total"],
            "handling": READERS[Document.Audience(asked.audience)],
            **about(asked),
        }


class LogPage(SecondView):
    """The print runs that needed a second person's word, whether they had it or not; the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = PrintRun.objects.log_for(self.user).select_related("made_by__organisation", "agreed_by")
        page = onward_by(rows, Sort(_("Newest"), "made_at", backwards=True), request.GET)
        now = timezone.now()
        lines = [(run, run.state_at(now)) for run in page.rows]
        return render(request, "reports/prints/log.html", {"lines": lines, "page": page})
