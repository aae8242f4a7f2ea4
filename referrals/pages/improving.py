"""The pages of the improvement log: what is to change, whose it is, what shows that it is done, whether it worked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import User
from intake.pages.acting import DeskView
from intake.pages.enquiry_list import Tab
from intake.pages.forms import DeskForm
from intake.pages.paging import Sort, onward_by
from intake.words import _
from referrals.actions import improvements
from referrals.models import Audit, Improvement
from referrals.models.audit import AUDITING
from referrals.pages.auditing import QualityView, for_quality, refuse_page
from referrals.pages.auditing_forms import (
    EffectForm,
    EnterForm,
    EvidenceForm,
    ImproveForm,
    MoveImprovement,
)

BY_DAY = Sort("", "due_on")
SHOWN = ("owner__organisation", "referral", "raised_by", "done_by", "checked_by")


def lists_of(user: User) -> dict[str, tuple[Any, Q]]:
    """By name: what it is called, and which are in it."""
    open_, today = Q(done_at__isnull=True), timezone.localdate()
    return {
        "open": (_("Open"), open_),
        "mine": (_("Mine"), open_ & Q(owner=user)),
        "overdue": (_("Overdue"), open_ & Q(due_on__lt=today)),
        "to_check": (_("To look at again"), Q(done_at__isnull=False, checked_at__isnull=True)),
        "checked": (_("Looked at"), Q(checked_at__isnull=False)),
    }


class ImprovementsPage(DeskView):
    """The log: by what is open, mine, overdue, to be looked at again."""

    def get(self, request: HttpRequest) -> HttpResponse:
        for_quality(self.user)
        seen = Improvement.objects.visible_to(self.user)
        lists = lists_of(self.user)
        numbers = seen.aggregate(
            **{name: Count("pk", filter=which) for name, (_label, which) in lists.items()}
        )
        here = request.GET.get("list", "")
        here = here if here in lists else "open"
        page = onward_by(seen.filter(lists[here][1]).select_related(*SHOWN), BY_DAY, request.GET)
        context = {
            "tabs": [
                Tab(label, f"{reverse('improvements')}?list={name}", str(numbers[name]), name == here)
                for name, (label, _which) in lists.items()
            ],
            "page": page,
            "numbers": numbers,
            "may_enter": self.user.has(*AUDITING),
            "here": "improvements",
        }
        return render(request, "referrals/improvements/list.html", context)


class EnterPage(QualityView):
    """A new one; of an audit, when one came here from its page."""

    template_name = "intake/members/form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            for_quality(self.user)
            refuse_page(improvements.refuse_entering, self.user)
            given = request.GET.get("audit", "")
            self.audit = get_object_or_404(
                Audit.objects.visible_to(self.user).select_related("referral"),
                pk=int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0,
            ) if given else None  # fmt: skip
        return super().dispatch(request, *args, **kwargs)

    def form(self, data: Any = None) -> DeskForm:
        if self.audit:
            return ImproveForm(data, user=self.user, referral=self.audit.referral)
        return EnterForm(data, user=self.user, referral=None)

    def context(self) -> dict[str, Any]:
        back = reverse("audit", args=(self.audit.pk,)) if self.audit else reverse("improvements")
        return {"title": _("Enter an improvement"), "verb": _("Enter it"), "back": back, "means": self.means}

    @property
    def means(self) -> Any:
        return _("It comes from the audit that you came from, and stands on its page.") if self.audit else ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: DeskForm) -> HttpResponse:
        facts = form.cleaned_data
        if self.audit:
            facts = {**facts, "source": Improvement.Source.AUDIT, "audits": [self.audit]}
        row = improvements.add(by=self.user, **facts)
        messages.success(self.request, _("Entered."))
        return redirect(self.context()["back"] if self.audit else reverse("improvement", args=(row.pk,)))


class OneImprovement(QualityView):
    row: Improvement

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            for_quality(self.user)
            rows = Improvement.objects.visible_to(self.user).select_related(*SHOWN)
            self.row = get_object_or_404(rows, pk=kwargs["improvement"])
        return super().dispatch(request, *args, **kwargs)


class ImprovementPage(OneImprovement):
    """One, with every step of it."""

    def get(self, request: HttpRequest, improvement: int) -> HttpResponse:
        row, user = self.row, self.user
        audits = Audit.objects.visible_to(user).filter(improvements=row).select_related("referral")
        manages = user.has(Role.MANAGER)
        context = {
            "improvement": row,
            "steps": row.steps.select_related("by", "owner"),
            "audits": audits,
            "may_change": row.done_at is None and (manages or user.pk == row.raised_by_id),
            "may_finish": row.done_at is None and (manages or user.pk == row.owner_id),
            "may_check": row.state == "done"
            and user.has(*AUDITING)
            and user.pk not in (row.owner_id, row.done_by_id),
        }
        return render(request, "referrals/improvements/improvement.html", context)


class ImprovementFormPage(OneImprovement):
    """A form about one improvement; the action says who may."""

    template_name = "intake/members/form.html"
    title: str
    verb: str
    done: str
    act: Callable[..., Any]

    def form(self, data: Any = None) -> DeskForm:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        back = reverse("improvement", args=(self.row.pk,))
        return {"title": self.title, "verb": self.verb, "back": back, "means": self.row.what}

    def get(self, request: HttpRequest, improvement: int) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, improvement: int) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.finish(form))

    def finish(self, form: DeskForm) -> HttpResponse:
        type(self).act(improvement=self.row, by=self.user, **form.cleaned_data)
        messages.success(self.request, self.done)
        return redirect("improvement", self.row.pk)


class ChangePage(ImprovementFormPage):
    title, verb, done = _("Change its owner or its day"), _("Change it"), _("Changed.")
    act = improvements.change

    def form(self, data: Any = None) -> DeskForm:
        refuse_page(lambda user: improvements.refuse_changing(self.row, user), self.user)
        initial = {"owner": self.row.owner_id, "due_on": self.row.due_on}
        return MoveImprovement(data, user=self.user, referral=self.row.referral, initial=initial)


class DonePage(ImprovementFormPage):
    title, verb, done = (
        _("It is done"),
        _("Say that it is done"),
        _("Done. Somebody else looks whether it worked."),
    )
    act = improvements.finish

    def form(self, data: Any = None) -> DeskForm:
        return EvidenceForm(data)


class CheckPage(ImprovementFormPage):
    title, verb, done = _("Did it work?"), _("Say so"), _("It stands in the log whether it worked.")
    act = improvements.check_effect

    def form(self, data: Any = None) -> DeskForm:
        return EffectForm(data)
