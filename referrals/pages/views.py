"""The pages of triage, placing and assessing: the enquiry with what became of it, referrals, transitions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from intake.lifecycle import Role
from intake.models import Attachment, Enquiry, Event, Organisation, User
from intake.pages import attachments, facts, files, related
from intake.pages.acting import ActingView, DeskView, MovePage, buttons
from intake.pages.forms import DeskForm, MoveForm
from intake.pages.paging import Sort, turn_to
from intake.pages.views import EnquiryView, find_enquiry
from referrals.actions import assessments, oversight
from referrals.models import Challenge, Decision, Referral
from referrals.pages.assessing_forms import AnswerChallenge, ChallengeForm, LogEvidence
from referrals.pages.doors import ENQUIRY_DOORS, REFERRAL_DOORS
from referrals.pages.listing import ReferralsForm

SHOWN = ("enquiry__authority", "enquiry__owner", "assessment__type", "service", "assessor__organisation")
OLDEST = Sort("Oldest", "created_at")


class EnquiryPage(EnquiryView):
    """The enquiry, with what was decided of it and where its referrals stand."""

    def context(self) -> dict[str, Any]:
        rows = Referral.objects.visible_to(self.user).filter(enquiry=self.enquiry)
        decided = Decision.objects.visible_to(self.user).filter(enquiry=self.enquiry)
        return {
            **super().context(),
            "buttons": buttons(self.enquiry, self.user, ENQUIRY_DOORS),
            "earlier": related.earlier(self.enquiry, self.user),
            "in_hub": related.in_hub(self.user),
            "may_relate": related.may_look(self.user),
            "referrals": list(rows.select_related("assessment__type", "service", "assessor")),
            "decisions": [
                (row, row.text_for(self.user)) for row in decided.select_related("assessment__type", "by")
            ],
        }


class EnquiryMove(MovePage):
    doors = ENQUIRY_DOORS
    subject_word = "enquiry"
    list_name = "worklist"
    template_name = "intake/transition.html"

    def find(self, reference: str) -> Enquiry:
        return find_enquiry(self, reference)

    def form(self, data: Any = None, files: Any = None) -> MoveForm:
        """With the enquiry it repeats filled in, when one came here from the related enquiries."""
        form = super().form(data, files)
        if "repeats" in form.fields:
            form.initial["repeats"] = self.request.GET.get("repeats", "")[:20]
        return form

    def context(self) -> dict[str, Any]:
        return {**super().context(), **facts.facts(self.subject, self.user)}  # type: ignore[arg-type]


class Referrals(DeskView):
    """The referrals this person may see: a service's caseload, the hub's whole work."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = ReferralsForm(request.GET)
        visible = Referral.objects.visible_to(self.user)
        rows = form.filtered(visible).select_related(*SHOWN)
        page = turn_to(rows, OLDEST, request.GET, visible)
        context = {"form": form, "page": page, "chosen": form.chosen(request.GET)}
        return render(request, "referrals/list.html", context, status=200 if form.is_valid() else 400)


def find_referral(view: DeskView, reference: str) -> Referral:
    """The referral as this person may see it; another's and none at all are the same."""
    rows = Referral.objects.visible_to(view.user).select_related(*SHOWN)
    referral = rows.filter(reference=reference).first()
    if referral is None:
        raise Http404
    return referral


def sees_oversight(user: User) -> bool:
    """Challenges, and what a reviewer sent back, stay between the hub and the service."""
    return user.organisation.kind != Organisation.Kind.AUTHORITY


class ReferralPage(DeskView):
    """One assessment: where it stands, its evidence, the children seen, challenges, who led it, its history."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.referral = find_referral(self, reference)
        return render(request, "referrals/referral.html", self.context())

    def context(self) -> dict[str, Any]:
        referral = self.referral
        lines = Event.objects.visible_to(self.user).filter(
            enquiry=referral.enquiry_id, subject=referral.reference
        )
        roles = referral.roles_of(self.user)
        return {
            "referral": referral,
            "enquiry": referral.enquiry,
            "buttons": buttons(referral, self.user, REFERRAL_DOORS),
            "history": facts.readable(lines, self.user),
            "files": files.lines(referral.enquiry, self.user, referral.reference),
            "subjects": list(referral.assessment.subjects.all()),
            "evidence": list(referral.evidence_rows.all()),
            "seen": list(referral.childseen_rows.select_related("child")),
            "allocations": list(referral.allocation_rows.select_related("assessor").order_by("-since")),
            **(self.oversight() if sees_oversight(self.user) else {}),
            "may_log": bool(roles & {Role.ASSESSOR, Role.SERVICE_LEAD}),
            "may_challenge": self.user.has(Role.MANAGER, Role.REVIEWER),
            "may_answer": bool(roles & {Role.COORDINATOR, Role.SERVICE_LEAD, Role.ASSESSOR}),
        }

    def oversight(self) -> dict[str, Any]:
        challenges = self.referral.challenge_rows.select_related("raised_by", "answered_by")
        return {"defects": list(self.referral.defect_rows.all()), "challenges": list(challenges)}


class ReferralFilePage(attachments.FilePage):
    """A referral's file; the authority's to open once the report is delivered."""

    def find(self, reference: str, pk: int) -> Attachment:
        return attachments.find_attachment(self, find_referral(self, reference).enquiry, reference, pk)


class ReferralMove(MovePage):
    doors = REFERRAL_DOORS
    subject_word = "referral"
    list_name = "referrals"
    template_name = "referrals/transition.html"

    def find(self, reference: str) -> Referral:
        return find_referral(self, reference)


class WorkPage(ActingView):
    """A form about one referral that changes no status."""

    template_name = "referrals/beside.html"
    form_class: type[DeskForm]
    title: str
    verb: str
    done: str

    def context(self) -> dict[str, Any]:
        return {"referral": self.referral, "title": self.title, "verb": self.verb}

    def find(self, reference: str) -> Referral:
        return find_referral(self, reference)

    def get(self, request: HttpRequest, reference: str, **kwargs: int) -> HttpResponse:
        self.referral = self.find(reference)
        return self.answer(self.form_class())

    def post(self, request: HttpRequest, reference: str, **kwargs: int) -> HttpResponse:
        self.referral = self.find(reference)
        form = self.form_class(request.POST)
        return self.attempt(form, lambda: self.finish(form, **kwargs))

    def finish(self, form: DeskForm, **kwargs: int) -> HttpResponse:
        self.act(form, **kwargs)
        messages.success(self.request, self.done)
        return redirect("referral", self.referral.reference)

    def act(self, form: DeskForm, **kwargs: int) -> None:
        raise NotImplementedError


class EvidencePage(WorkPage):
    form_class = LogEvidence
    title, verb, done = "Log evidence", "Log it", "Logged."

    def act(self, form: DeskForm, **kwargs: int) -> None:
        assessments.log_evidence(referral=self.referral, by=self.user, **form.cleaned_data)


class OversightPage(WorkPage):
    """Between the hub and the service: for an authority there is nothing here."""

    def find(self, reference: str) -> Referral:
        if not sees_oversight(self.user):
            raise Http404
        return super().find(reference)


class ChallengePage(OversightPage):
    form_class = ChallengeForm
    title, verb, done = "Challenge the work", "Challenge", "The challenge is with those who do the work."

    def act(self, form: DeskForm, **kwargs: int) -> None:
        oversight.challenge(referral=self.referral, by=self.user, **form.cleaned_data)


class AnswerChallengePage(OversightPage):
    form_class = AnswerChallenge
    title, verb, done = "Answer the challenge", "Answer", "Answered."

    def act(self, form: DeskForm, **kwargs: int) -> None:
        row = get_object_or_404(Challenge.objects.filter(referral=self.referral), pk=kwargs["number"])
        oversight.answer_challenge(challenge=row, by=self.user, **form.cleaned_data)
