"""The pages of second opinions on a risk, and what the enquiry's page shows the hub of oversight."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Enquiry, Organisation, Risk, User
from intake.pages.forms import Coded, DeskForm, words
from intake.refusals import Refused
from intake.words import _
from referrals.actions import opinions
from referrals.models import RiskOpinion
from referrals.pages.overseeing import EnquiryOversight, NumberedPage, PersonField, entries_of


def colleagues(user: User, *roles: Role) -> Any:
    """People of the hub's triage, by name."""
    rows = User.objects.visible_to(user).active().filter(organisation__kind=Organisation.Kind.HUB)
    held = rows.filter(kind=User.Kind.PERSON, role_grants__role__in=roles).distinct()
    return held.select_related("organisation").order_by("name")


class AskForm(DeskForm):
    about = forms.ChoiceField(label=_("Of which risk?"), choices=Risk.About.choices, widget=forms.RadioSelect)
    question = words(_("What should they look at?"), rows=3)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"] = PersonField(people, label=gettext("Who is asked?"), empty_label=gettext("Choose"))
        self.fields["of"].optional_mark = False  # type: ignore[attr-defined]
        self.order_fields(["about", "of", "question"])


class GiveForm(DeskForm):
    level = Coded("risk_level", _("How do you rate it?"))
    evidence_for = words(_("What speaks for this rating?"), rows=3)
    evidence_against = words(_("What speaks against it?"), _("“Nothing I found” is an answer."), rows=3)
    confidence = forms.ChoiceField(
        label=_("How sure are you?"), choices=RiskOpinion.Confidence.choices, widget=forms.RadioSelect
    )


class AskOpinionPage(EnquiryOversight):
    title, verb, done = _("Ask for a second opinion on a risk"), _("Ask"), _("Asked. They are told.")

    def form(self, data: Any = None) -> AskForm:
        people = colleagues(self.user, *opinions.ASKING).exclude(pk=self.user.pk)
        return AskForm(data, people=people)

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form(request.POST)
        try:
            # Who may not is told that first, whatever they sent.
            opinions.refuse_asking(self.user)
        except Refused as refused:
            return self.refuse(form, refused)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: AskForm) -> HttpResponse:
        opinions.ask_opinion(enquiry=self.enquiry, by=self.user, **form.cleaned_data)
        return self.finish()


class GiveOpinionPage(NumberedPage):
    form_class = GiveForm
    title, verb, done = _("Give your opinion on a risk"), _("Give it"), _("Kept beside the first rating.")
    template_name = "referrals/opinion.html"

    def rows(self) -> Any:
        rows = RiskOpinion.objects.visible_to(self.user).filter(enquiry=self.enquiry)
        return rows.select_related("asked_by", "asked_of")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "opinion": self.row}

    def act(self, form: DeskForm) -> HttpResponse:
        opinions.give_opinion(opinion=self.row, by=self.user, **form.cleaned_data)
        return self.finish()


def of_enquiry(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """What the enquiry's page shows the hub of oversight; two statements, none for anybody else."""
    if user.organisation.kind != Organisation.Kind.HUB:
        return {}
    rows = RiskOpinion.objects.visible_to(user).filter(enquiry=enquiry)
    return {
        **entries_of(enquiry, user),
        "opinions": list(rows.select_related("asked_by", "asked_of")),
        "may_ask_opinion": user.has(*opinions.ASKING),
    }
