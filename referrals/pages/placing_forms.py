"""The forms that place a referral: their shape; the rules are the actions'."""

from typing import Any

from django import forms

from intake.models import Organisation, User
from intake.pages.forms import Coded, MoveForm, a_day, words
from referrals.actions.placements import covering
from referrals.models import Assessor, Referral
from referrals.pages.triage_forms import CONFLICT


class ServiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Organisation) -> str:
        return obj.name


class AssessorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class OfferForm(MoveForm):
    def arrange(self) -> None:
        self.fields["service"] = ServiceField(
            covering(self.subject).order_by("name"),
            label="Which service?",
            help_text="Those that do this assessment in this region.",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": "Choose a service.", "invalid_choice": "Choose one of the list."},
        )
        self.fields["reply_by"] = a_day("By when should they reply?")
        self.fields["note"] = words("Anything they should know", required=False, rows=2)
        self.fields["override_reason"] = words(
            "Override of a hard stop", "A manager only, with the reason.", required=False, rows=2
        )


def assessors_of(referral: Referral) -> Any:
    """The people of the service who can lead it."""
    profiles = Assessor.objects.filter(service=referral.service_id, user__is_active=True)
    return User.objects.filter(pk__in=profiles.values("user")).order_by("name")


class NamesAssessor(MoveForm):
    """Somebody of the service leads it."""

    def arrange(self) -> None:
        self.fields["assessor"] = AssessorField(
            assessors_of(self.subject),
            label="Who leads it?",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": "Choose an assessor.", "invalid_choice": "Choose one of the list."},
        )
        self.order_fields(["assessor"])


class AcceptOffer(NamesAssessor):
    conflict_statement = words("Conflict of interest", CONFLICT, rows=2)
    override_reason = words("If they are at their limit: why one more?", required=False, rows=2)


class Reallocate(NamesAssessor):
    reason_code = Coded("reallocate", "Why does the assessor change?")
    text = words("Anything to add", required=False, rows=2)
    override_reason = words("If they are at their limit: why one more?", required=False, rows=2)


class DeclineOffer(MoveForm):
    reason_code = Coded("decline_offer", "Why do you decline it?")
    text = words("What should the triage team know?", rows=3)


class ReturnToWaiting(MoveForm):
    reason_code = Coded("reallocate", "Why does it leave the service?")
    text = words("Anything to add", required=False, rows=2)


class Cancel(MoveForm):
    reason_code = Coded("cancel", "Why is it cancelled?")
    text = words("Anything to add", required=False, rows=2)
