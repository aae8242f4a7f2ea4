"""The pages of triage, placing and assessing: the enquiry with what became of it, referrals, transitions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from intake.actions import presence
from intake.lifecycle import Role
from intake.models import Attachment, Enquiry, Event, Organisation, User
from intake.models.presence import LOOKERS
from intake.pages import attachments, facts, files, flags, priority, related
from intake.pages.acting import DeskView, MovePage, buttons
from intake.pages.forms import DeskForm, MoveForm
from intake.pages.views import EnquiryView, find_enquiry
from intake.words import _
from referrals.actions import evidence, oversight
from referrals.court import dates_of
from referrals.lifecycle import Transition
from referrals.models import Challenge, Decision, Referral
from referrals.pages import assessment, overseeing, placing, seconding, timing, triaging
from referrals.pages.assessing_forms import AnswerChallenge, ChallengeForm, LogEvidence
from referrals.pages.doors import ENQUIRY_DOORS, REFERRAL_DOORS
from referrals.pages.work_page import WorkPage, find_referral
from referrals.tracking import Track, tracks


class EnquiryPage(EnquiryView):
    """The enquiry, with what was decided of it and where its referrals stand."""

    def context(self) -> dict[str, Any]:
        rows = Referral.objects.visible_to(self.user).filter(enquiry=self.enquiry)
        decided = Decision.objects.visible_to(self.user).filter(enquiry=self.enquiry)
        referrals = list(rows.select_related("assessment__type", "service", "assessor", "enquiry__authority"))
        context = super().context()
        return {
            **context,
            **timing.of_enquiry(self.enquiry, self.user, context["body"], referrals),
            **triaging.of_enquiry(self.enquiry, self.user),
            **seconding.of_enquiry(self.enquiry, self.user),
            **flags.of_enquiry(self.enquiry, self.user),
            "track": track_of(self.enquiry, self.user),
            **looking(self.enquiry, self.user),
            "earlier": related.earlier(self.enquiry, self.user),
            "in_hub": related.in_hub(self.user),
            "priority": priority.shown(self.enquiry, self.user, context["body"]),
            "may_relate": related.may_look(self.user),
            "referrals": referrals,
            "to_place": [row for row in referrals if Transition.OFFER in row.transitions_for(self.user)],
            "decisions": [
                (row, row.text_for(self.user))
                for row in decided.select_related("assessment__type", "by", "proposed_by")
            ],
        }


def looking(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """Who else is at it, of the hub; opening it, and staying there, is noted."""
    others = presence.look(enquiry=enquiry, by=user, now=timezone.now())
    return {"looking": others, "may_be_seen": user.has(*LOOKERS)}


class Looking(DeskView):
    """Asked by an open page of an enquiry: who else is there now."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        if not self.user.has(*LOOKERS):
            raise PermissionDenied
        enquiry = find_enquiry(self, reference)
        return render(request, "intake/looking.html", {"enquiry": enquiry, **looking(enquiry, self.user)})


def track_of(enquiry: Enquiry, user: User) -> Track | None:
    """For the authority that asked: how far it has come."""
    if user.organisation.kind != Organisation.Kind.AUTHORITY or enquiry.received_at is None:
        return None
    return tracks([enquiry], user)[enquiry.pk]


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

    def said_of(self, form: MoveForm, moved: Any) -> str:
        """Of a decision, what came of it: held, or made, and until when it can be undone."""
        return triaging.said_of(self.transition, moved) or super().said_of(form, moved)


def sees_oversight(user: User) -> bool:
    """Challenges, and what a reviewer sent back, stay between the hub and the service."""
    return user.organisation.kind != Organisation.Kind.AUTHORITY


REVIEWING = {Transition.SEND_BACK, Transition.DELIVER}


def rests_on(referral: Referral, user: User) -> dict[str, Any]:
    """What was asked, the files, and what came of the work: one by one, as its page shows them."""
    return {
        "files": files.lines(referral.enquiry, user, referral.reference),
        "subjects": list(referral.assessment.subjects.all()),
        **assessment.parts(referral, user),
    }


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
            **rests_on(referral, self.user),
            **timing.of_referral(referral, self.user, self.dates()),
            **(self.oversight() if sees_oversight(self.user) else {}),
            "may_challenge": self.user.has(Role.MANAGER, Role.REVIEWER),
            "may_answer": bool(roles & {Role.COORDINATOR, Role.SERVICE_LEAD, Role.ASSESSOR}),
        }

    def dates(self) -> dict[str, Any]:
        """Of the body that the checklist reads; where it is not read, by themselves."""
        enquiry, listed = self.referral.enquiry, self.referral.service_id
        return facts.whole(enquiry) if listed and assessment.is_ours(self.user) else dates_of(enquiry)

    def oversight(self) -> dict[str, Any]:
        """Between the hub and the service: the entries, with what may be done about them."""
        entries = overseeing.entries_of(self.referral, self.user)
        challenges = self.referral.challenge_rows.select_related("raised_by", "answered_by")
        rows = list(challenges.select_related("entry"))
        # Those raised before there were entries stand by themselves.
        alone = [row for row in rows if not hasattr(row, "entry")]
        return {"challenges": rows, "challenges_alone": alone, **entries}


class ReferralFilePage(attachments.FilePage):
    """A referral's file; the authority's to open once the report is delivered."""

    def find(self, reference: str, pk: int) -> Attachment:
        return attachments.find_attachment(self, find_referral(self, reference).enquiry, reference, pk)


class ReferralMove(MovePage):
    doors = REFERRAL_DOORS
    subject_word = "referral"
    list_name = "referrals"
    template_name = "referrals/transition.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.transition in placing.PLACING:
            self.template_name = "referrals/placing.html"
        elif self.transition in REVIEWING:
            self.template_name = "referrals/reviewing.html"

    def find(self, reference: str) -> Referral:
        return find_referral(self, reference)

    def context(self) -> dict[str, Any]:
        """With the candidates where somebody is to be chosen, with what the report rests on where it is judged."""
        subject: Any = self.subject
        beside = placing.beside(subject, self.transition, self.user)
        if self.transition in REVIEWING:
            beside = rests_on(subject, self.user)
        return {**super().context(), **beside}


class EvidencePage(WorkPage):
    form_class = LogEvidence
    title, verb, done = _("Log evidence"), _("Log it"), _("Logged.")

    def act(self, form: DeskForm, **kwargs: int) -> None:
        evidence.log(referral=self.referral, by=self.user, **form.cleaned_data)


class OversightPage(WorkPage):
    """Between the hub and the service: for an authority there is nothing here."""

    def find(self, reference: str) -> Referral:
        if not sees_oversight(self.user):
            raise Http404
        return super().find(reference)


class ChallengePage(OversightPage):
    form_class = ChallengeForm
    title, verb, done = (
        _("Challenge the work"),
        _("Challenge"),
        _("The challenge is with those who do the work."),
    )

    def act(self, form: DeskForm, **kwargs: int) -> None:
        oversight.challenge(referral=self.referral, by=self.user, **form.cleaned_data)


class AnswerChallengePage(OversightPage):
    form_class = AnswerChallenge
    title, verb, done = _("Answer the challenge"), _("Answer"), _("Answered.")

    def act(self, form: DeskForm, **kwargs: int) -> None:
        row = get_object_or_404(Challenge.objects.filter(referral=self.referral), pk=kwargs["number"])
        oversight.answer_challenge(challenge=row, by=self.user, **form.cleaned_data)
