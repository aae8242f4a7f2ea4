"""Beside the assessment: who works beside the lead, and what became of it months after the end."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from intake.models import User
from intake.pages.acting import DeskView
from intake.pages.forms import Coded, DeskForm, words
from intake.words import _
from referrals import continuity
from referrals.actions import coworking, follow_ups
from referrals.models import FollowUp, Referral
from referrals.pages.placing_forms import assessors_of
from referrals.pages.work_page import WorkPage, find_referral


class CoWorkerForm(DeskForm):
    """Somebody of the service, or nobody any more."""

    reason = words(_("Anything to add"), required=False, rows=2)

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = assessors_of(referral).exclude(pk__in=[referral.assessor_id, referral.co_worker_id])
        self.fields["assessor"] = forms.ModelChoiceField(
            people,
            label=gettext("Who works beside the lead?"),
            help_text=continuity.of_referral(referral).sentence,
            widget=forms.RadioSelect,
            empty_label=gettext("Nobody: the lead works alone") if referral.co_worker_id else None,
            required=not referral.co_worker_id,
            error_messages={
                "required": gettext("Choose somebody."),
                "invalid_choice": gettext("Choose one of the list."),
            },
        )
        self.fields["assessor"].optional_mark = False  # type: ignore[attr-defined]
        self.order_fields(["assessor"])


class CoWorkerPage(WorkPage):
    title, verb, done = "Co-worker", _("Keep it"), _("Kept.")

    def look(self, **kwargs: int) -> None:
        """Who works in a service is for it and the hub to know."""
        if self.referral.roles_of(self.user).isdisjoint(coworking.NAMERS):
            raise PermissionDenied

    def form(self, data: Any = None) -> DeskForm:
        return CoWorkerForm(data, referral=self.referral)

    def act(self, form: DeskForm, **kwargs: int) -> None:
        given: User | None = form.cleaned_data["assessor"]
        reason = form.cleaned_data["reason"]
        if given is None:
            coworking.end(referral=self.referral, by=self.user, reason=reason)
        else:
            coworking.add(referral=self.referral, by=self.user, assessor=given, reason=reason)


class FollowUps(DeskView):
    """What was asked after the end, and what was said."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        referral = find_referral(self, reference)
        rows = referral.followup_rows.select_related("answered_by")
        may = bool(follow_ups.roles_for(referral, self.user) & follow_ups.ANSWERERS)
        context = {"referral": referral, "follow_ups": list(rows), "may_answer": may}
        return render(request, "referrals/follow_ups.html", context)


class FollowUpForm(DeskForm):
    outcome_code = Coded("follow_up_outcome", _("What became of it?"))
    followed = forms.ChoiceField(
        label=_("Was the recommendation followed?"),
        choices=FollowUp.Followed.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    lives = forms.ChoiceField(
        label=_("Where does the child live now?"),
        choices=[("", _("Choose")), *FollowUp.Lives.choices],
        required=False,
    )
    text = words(_("Anything to add"), _("No names are needed."), required=False, rows=3)


class FollowUpPage(WorkPage):
    form_class = FollowUpForm
    title, verb, done = _("What became of it?"), _("Send the answer"), _("Thank you: your answer is kept.")

    def look(self, **kwargs: int) -> None:
        rows = FollowUp.objects.visible_to(self.user).filter(referral=self.referral, number=kwargs["number"])
        found = rows.select_related("referral__enquiry").first()
        if found is None:
            raise Http404
        self.row = found

    def act(self, form: DeskForm, **kwargs: int) -> None:
        follow_ups.answer(follow_up=self.row, by=self.user, **form.cleaned_data)
