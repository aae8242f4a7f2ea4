"""The referrals' list: its filters as a form, what is chosen as links."""

from django import forms
from django.http import QueryDict
from django.utils import timezone

from intake.filters import ME, NOBODY, type_choices
from intake.lifecycle import Turn
from intake.models import Organisation, User
from intake.pages.forms import Choices
from intake.pages.worklist import Boxes, FiltersForm, Several, a_day, authorities, without_blanks
from intake.words import _
from referrals.lifecycle import Status
from referrals.viewing import REFERRAL_SORTS

OLDEST = "oldest"
WHOSE = ((ME, _("Me")), (NOBODY, _("Nobody")))
HUB_ONLY = ("service", "owner", "authority")


def services() -> Choices:
    """The services there are, by name."""
    rows = Organisation.objects.services().live(timezone.localdate()).order_by("name")
    return list(rows.values_list("code", "name"))


class ReferralsForm(FiltersForm):
    """How the filters look; what they mean is in referrals.filters, the same for pages and API."""

    further_names = ("turn", "authority", "reply_before", "needed_before")

    q = forms.CharField(
        label=_("Search"),
        help_text=_("A reference, or what the enquiry is found by"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = Boxes(label=_("Status"), choices=Status.pairs, required=False)
    late = Boxes(label=_("Time"), choices=(("true", _("Late")),), required=False)
    assessor = Boxes(label=_("Assessor"), choices=WHOSE, required=False)
    owner = Boxes(label=_("Owner of the enquiry"), choices=WHOSE, required=False)
    service = Several(label=_("Service"), required=False)
    assessment_type = Several(label=_("Assessment"), choices=type_choices, required=False)
    turn = Boxes(label=_("Whose turn"), choices=Turn.pairs, required=False)
    authority = Several(label=_("Authority"), choices=authorities, required=False)
    reply_before = a_day(_("Reply due before"))
    needed_before = a_day(_("Report needed before"))
    sort = forms.ChoiceField(
        label=_("Sort"), choices=[(name, row.label) for name, row in REFERRAL_SORTS.items()], required=False
    )

    def __init__(self, query: QueryDict, user: User) -> None:
        super().__init__(without_blanks(query))
        if user.organisation.kind == Organisation.Kind.HUB:
            self.fields["service"].choices = services()  # type: ignore[attr-defined]
        else:
            for name in HUB_ONLY:
                del self.fields[name]
        for field in self.fields.values():
            field.optional_mark = False  # type: ignore[attr-defined]

    def sort_name(self) -> str:
        asked_for = str(self.data.get("sort", ""))
        return asked_for if asked_for in REFERRAL_SORTS else OLDEST
