"""The pages of audits: which are to be done, one audit with its case beside it, what is chosen, replied, sent back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from intake.lifecycle import Role
from intake.models import Event, Organisation, User
from intake.pages.acting import ActingView, DeskView
from intake.pages.enquiry_list import Tab
from intake.pages.forms import DeskForm
from intake.pages.paging import Sort, onward_by
from intake.refusals import Forbidden, Refused
from intake.words import _
from referrals import audited
from referrals.actions import audits, samples
from referrals.auditing import compliance
from referrals.models import Audit, AuditReply, AuditSample, Improvement
from referrals.models.audit import AUDITING
from referrals.pages.assessment import reviews_of, visits_of
from referrals.pages.auditing_forms import AskForm, AuditForm, PickForm, ReplyForm, SampleForm, WhyForm
from referrals.pages.work_page import SHOWN, WorkPage

BY_DAY, LATEST = Sort("", "due_on"), Sort("", "finished_at", backwards=True)
WITH = ("auditor", *(f"referral__{name}" for name in SHOWN))
COURSE = (
    *(
        "enquiry.submit",
        "enquiry.accept",
        "referral.accept_offer",
        "referral.start",
        "referral.submit_report",
    ),
    *("referral.send_back", "referral.deliver", "referral.close"),
)


def for_quality(user: User) -> None:
    """For the hub and the services: for an authority there is nothing here, nor for who looks after accounts."""
    if user.organisation.kind not in (Organisation.Kind.HUB, Organisation.Kind.SERVICE):
        raise Http404
    if not user.has(*AUDITING, Role.AUDITOR, Role.SERVICE_LEAD, Role.ASSESSOR):
        raise PermissionDenied


def refuse_page(refuse: Callable[[User], None], user: User) -> None:
    try:
        refuse(user)
    except Forbidden as refused:
        raise PermissionDenied(refused.detail) from refused


class QualityView(ActingView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            for_quality(self.user)
        return super().dispatch(request, *args, **kwargs)


class AuditsPage(DeskView):
    """What is mine to do, what is open, what was found; of one sample, all of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        for_quality(self.user)
        seen = Audit.objects.visible_to(self.user)
        lists = lists_of(self.user)
        here = request.GET.get("list", "")
        here = here if here in lists else next(iter(lists))
        sample = self.sample()
        rows = seen.filter(sample=sample) if sample else lists[here].rows(seen, self.user)
        sort = LATEST if here == "finished" and not sample else BY_DAY
        page = onward_by(rows.select_related(*WITH), sort, request.GET)
        context = {
            "tabs": [
                Tab(row.label, f"{reverse('audits')}?list={name}", "", name == here and not sample)
                for name, row in lists.items()
            ],
            "heading": lists[here].heading,
            "page": page,
            "lines": [(row, row.words_open_to(self.user)) for row in page.rows],
            "sample": sample,
            "samples": AuditSample.objects.visible_to(self.user)[:5] if here != "finished" else (),
            "may_choose": self.user.has(Role.MANAGER),
            "here": "audits",
        }
        return render(request, "referrals/audits/list.html", context)

    def sample(self) -> AuditSample | None:
        given = self.request.GET.get("sample", "")
        if not given:
            return None
        if not (given.isascii() and given.isdecimal() and len(given) < 10):
            raise Http404
        return get_object_or_404(AuditSample.objects.visible_to(self.user), pk=int(given))


class Listed:
    """A list of audits: its name, its heading, and which are in it."""

    def __init__(self, label: Any, heading: Any, rows: Callable[[Any, User], Any]) -> None:
        self.label, self.heading, self.rows = label, heading, rows


LISTS = {
    "mine": Listed(
        _("Mine to do"), _("Audits for you to do"), lambda rows, me: rows.open().filter(auditor=me)
    ),
    "open": Listed(_("All that are open"), _("Open audits"), lambda rows, me: rows.open()),
    "finished": Listed(_("Finished"), _("Finished audits"), lambda rows, me: rows.finished()),
}


def lists_of(user: User) -> dict[str, Listed]:
    """A manager sees what is open; whoever audits, what is theirs; everybody, what is finished."""
    names = ["mine"] if user.has(*AUDITING) else []
    names += ["open"] if user.has(Role.MANAGER) else []
    return {name: LISTS[name] for name in (*names, "finished")}


class OneAudit(QualityView):
    """About one audit, found by who may see it."""

    audit: Audit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            for_quality(self.user)
            rows = Audit.objects.visible_to(self.user).select_related(
                *WITH, "asked_by", "sample", "returned_by"
            )
            self.audit = get_object_or_404(rows, pk=kwargs["audit"])
        return super().dispatch(request, *args, **kwargs)

    def back(self) -> str:
        return reverse("audit", args=(self.audit.pk,))


class AuditPage(OneAudit):
    """The form for its auditor, with the facts of the case beside; finished, what was found."""

    template_name = "referrals/audits/audit.html"

    def get(self, request: HttpRequest, audit: int) -> HttpResponse:
        if self.may_write:
            return self.answer(AuditForm(initial=AuditForm.of(self.audit)))
        return render(request, self.template_name, self.context())

    def post(self, request: HttpRequest, audit: int) -> HttpResponse:
        form = AuditForm(request.POST)
        return self.attempt(form, lambda: self.act(form))

    @property
    def may_write(self) -> bool:
        return self.audit.auditor_id == self.user.pk and self.audit.finished_at is None

    def act(self, form: AuditForm) -> HttpResponse:
        self.audit.seen_version = form.cleaned_data["version"]
        whole = "finish" in self.request.POST
        (audits.finish if whole else audits.save)(audit=self.audit, by=self.user, **form.facts())
        done = gettext("The audit is finished.") if whole else gettext("Kept. It is not finished yet.")
        messages.success(self.request, done)
        return redirect(self.back())

    def refuse(self, form: DeskForm, refused: Refused, **more: Any) -> HttpResponse:
        """Sent again, it is against what stands there now."""
        typed: Any = form.data
        typed = form.data = typed.copy()
        typed["version"] = str(Audit.objects.visible_to(self.user).get(pk=self.audit.pk).version)
        return super().refuse(form, refused, **more)

    def context(self) -> dict[str, Any]:
        audit, referral, user = self.audit, self.audit.referral, self.user
        found = audit.items if audit.finished_at else [show(row) for row in audited.items(referral)]
        replies = AuditReply.objects.visible_to(user).filter(audit=audit).select_related("by__organisation")
        improved = Improvement.objects.visible_to(user).filter(audits=audit).select_related("owner")
        chooses = user.has(Role.MANAGER)
        return {
            "audit": audit,
            "referral": referral,
            "readable": audit.words_open_to(user),
            "may_write": self.may_write,
            "items": found,
            "overall": audit.get_compliance_display(),
            "course": Event.objects.visible_to(user)
            .filter(enquiry=referral.enquiry_id, verb__in=COURSE)
            .filter(subject__in=(referral.reference, referral.enquiry.reference))
            .order_by("sequence"),
            "reviews": list(reviews_of(referral, user)),
            "visits": list(visits_of(referral)),
            "inside": True,
            "seen": list(referral.childseen_rows.select_related("child")),
            "replies": list(replies),
            "improvements": list(improved),
            "may_improve": user.has(*AUDITING),
            "may_assign": chooses and audit.finished_at is None,
            "may_return": chooses and audit.finished_at is not None and user.pk != audit.auditor_id,
            "may_reply": audit.finished_at is not None and audits.may_reply(audit, user),
        }


def show(row: compliance.Item) -> dict[str, str]:
    return {
        **row._asdict(),
        "label": compliance.LABELS[row.code],
        "state_label": compliance.STATES[row.state],
    }


class AuditFormPage(OneAudit):
    """A form about one audit, with a page of its own."""

    template_name = "intake/members/form.html"
    title: str
    verb: str
    done: str
    means = ""

    def form(self, data: Any = None) -> DeskForm:
        raise NotImplementedError

    def get(self, request: HttpRequest, audit: int) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, audit: int) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.finish(form))

    def finish(self, form: DeskForm) -> HttpResponse:
        self.act(form)
        messages.success(self.request, self.done)
        return redirect(self.back())

    def act(self, form: DeskForm) -> None:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        return {"title": self.title, "verb": self.verb, "means": self.means, "back": self.back()}


class AssignPage(AuditFormPage):
    title, verb, done = (
        _("Give the audit to somebody else"),
        _("Give it to them"),
        _("The audit was given on."),
    )
    means = _("Another auditor or another day. What was written so far stays in it.")

    def form(self, data: Any = None) -> DeskForm:
        refuse_page(audits.refuse_choosing, self.user)
        initial = {"auditor": self.audit.auditor_id, "due_on": self.audit.due_on}
        return AskForm(data, referral=self.audit.referral, initial=initial)

    def act(self, form: DeskForm) -> None:
        audits.assign(audit=self.audit, by=self.user, **form.cleaned_data)


class ReturnPage(AuditFormPage):
    title, verb, done = _("Send the audit back"), _("Send it back"), _("The audit is with its auditor again.")
    means = _(
        "It is not finished then: it is not counted, and nobody but its auditor reads it, until it is again."
    )

    def form(self, data: Any = None) -> DeskForm:
        refuse_page(audits.refuse_choosing, self.user)
        return WhyForm(data)

    def act(self, form: DeskForm) -> None:
        audits.send_back(audit=self.audit, by=self.user, **form.cleaned_data)


class ReplyPage(AuditFormPage):
    title, verb, done = _("Reply to the audit"), _("Reply"), _("Your reply stands below the audit.")

    def form(self, data: Any = None) -> DeskForm:
        return ReplyForm(data)

    def act(self, form: DeskForm) -> None:
        audits.reply(audit=self.audit, by=self.user, **form.cleaned_data)


class SamplePage(QualityView):
    """Draw closed work at random."""

    template_name = "intake/members/form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            for_quality(self.user)
            refuse_page(audits.refuse_choosing, self.user)
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            "title": gettext("Choose a sample"),
            "verb": gettext("Draw it and ask for the audits"),
            "means": gettext(
                "Drawn at random from the work closed in these days that was not audited yet, of each service in "
                "proportion. Each is asked of somebody who may see it and had no part in it, as evenly as it goes."
            ),
            "back": reverse("audits"),
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(SampleForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SampleForm(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: SampleForm) -> HttpResponse:
        sample = samples.choose(by=self.user, **form.cleaned_data)
        number = sample.audits.count()
        said = ngettext("{number} audit was asked for.", "{number} audits were asked for.", number)
        messages.success(self.request, said.format(number=number))
        return redirect(f"{reverse('audits')}?sample={sample.pk}")


class PickPage(WorkPage):
    """One closed referral, picked with a reason."""

    title, verb, done = _("Have it audited"), _("Ask for the audit"), _("The audit was asked for.")

    def look(self, **kwargs: int) -> None:
        for_quality(self.user)
        refuse_page(audits.refuse_choosing, self.user)

    def form(self, data: Any = None) -> DeskForm:
        return PickForm(data, referral=self.referral)

    def act(self, form: DeskForm, **kwargs: int) -> None:
        audits.pick(referral=self.referral, by=self.user, **form.cleaned_data)
