"""The forms that place a referral: their shape; the rules are the actions'."""

from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import User
from intake.pages.forms import Coded, MoveForm, a_day, words
from intake.words import _
from referrals import continuity, offers
from referrals.actions.placements import covering
from referrals.lifecycle import Transition
from referrals.models import Assessor, Referral
from referrals.pages import placing
from referrals.pages.triage_forms import CONFLICT


class AssessorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class RankedField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Services or people, best first, with what speaks for each of them."""

    def __init__(self, rows: Any, said: dict[int, str], **kwargs: Any) -> None:
        self.said = said
        places = [When(pk=key, then=place) for place, key in enumerate(said)]
        order = (Case(*places, default=len(places)),) if places else ()
        super().__init__(rows.order_by(*order, "name"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return self.said.get(obj.pk) or str(obj.name)


NAMING = (Transition.ACCEPT_OFFER, Transition.REALLOCATE)


class PlacingForm(MoveForm):
    """Who may not place is told so, and learns nothing of the candidates."""

    def places(self, transition: Transition) -> bool:
        return transition in self.subject.transitions_for(self.user)

    def may(self, *transitions: Transition) -> bool:
        """Whether their role could, at whichever status: who loses a race keeps what they chose."""
        roles = self.subject.roles_of(self.user)
        return any(self.subject.lifecycle.allowed(transition, roles) for transition in transitions)


class OfferForm(PlacingForm):
    def arrange(self) -> None:
        said = placing.words_for_services(self.subject) if self.places(Transition.OFFER) else {}
        self.fields["service"] = RankedField(
            covering(self.subject) if self.may(Transition.OFFER) else covering(self.subject).none(),
            said,
            label=gettext("Which service?"),
            help_text=gettext("Those that do this assessment in this region."),
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={
                "required": gettext("Choose a service."),
                "invalid_choice": gettext("Choose one of the list."),
            },
        )
        self.fields["reply_by"] = a_day(gettext("By when should they reply?"), LAPSES)
        self.initial = {"reply_by": offers.reply_by(self.subject, timezone.localdate()), **self.initial}
        self.fields["note"] = words(gettext("Anything they should know"), required=False, rows=2)
        self.fields["override_reason"] = words(
            gettext("Override of a hard stop"),
            gettext("A manager only, with the reason."),
            required=False,
            rows=2,
        )


LAPSES = _(
    "Without an answer the offer lapses when our office closes that day; they are reminded the working day before."
)


def assessors_of(referral: Referral) -> Any:
    """The people of the service who can lead it."""
    profiles = Assessor.objects.filter(service=referral.service_id, user__is_active=True)
    return User.objects.filter(pk__in=profiles.values("user")).order_by("name")


class NamesAssessor(PlacingForm):
    """Somebody of the service leads it."""

    def arrange(self) -> None:
        places = any(self.places(transition) for transition in NAMING)
        self.fields["assessor"] = RankedField(
            assessors_of(self.subject) if self.may(*NAMING) else assessors_of(self.subject).none(),
            placing.words_for(self.subject, self.user) if places else {},
            label=gettext("Who leads it?"),
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={
                "required": gettext("Choose an assessor."),
                "invalid_choice": gettext("Choose one of the list."),
            },
        )
        self.order_fields(["assessor"])


class AcceptOffer(NamesAssessor):
    conflict_statement = words(_("Conflict of interest"), CONFLICT, rows=2)
    override_reason = words(_("If they are at their limit: why one more?"), required=False, rows=2)

    def arrange(self) -> None:
        """Whoever was suggested with the offer is chosen beforehand."""
        super().arrange()
        offered = self.subject.offer_rows.filter(answer="", suggested__isnull=False)
        if (made := offered.select_related("suggested").first()) is not None:
            self.initial = {"assessor": made.suggested_id, **self.initial}
            self.fields["assessor"].help_text = gettext("Suggested with the offer: {suggested}.").format(
                suggested=made.suggested.name
            )


class Reallocate(NamesAssessor):
    reason_code = Coded("reallocate", _("Why does the assessor change?"))
    text = words(_("Anything to add"), required=False, rows=2)
    override_reason = words(_("If they are at their limit: why one more?"), required=False, rows=2)

    def arrange(self) -> None:
        """Another than who leads it; how many workers the family has had is said before one is named."""
        super().arrange()
        others = self.fields["assessor"].queryset.exclude(pk=self.subject.assessor_id)  # type: ignore[attr-defined]
        self.fields["assessor"].queryset = others  # type: ignore[attr-defined]
        self.fields["assessor"].help_text = continuity.of_referral(self.subject).sentence


class DeclineOffer(MoveForm):
    reason_code = Coded("decline_offer", _("Why do you decline it?"))
    text = words(_("What should the triage team know?"), rows=3)


class ReturnToWaiting(MoveForm):
    reason_code = Coded("reallocate", _("Why does it leave the service?"))
    text = words(_("Anything to add"), required=False, rows=2)


class Cancel(MoveForm):
    reason_code = Coded("cancel", _("Why is it cancelled?"))
    text = words(_("Anything to add"), required=False, rows=2)
