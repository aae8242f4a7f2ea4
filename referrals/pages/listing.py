"""The referrals' list: its filter as a form."""

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from intake.pages.forms import DeskForm
from intake.pages.paging import asked
from intake.pages.worklist import Chosen, without_blanks
from referrals.lifecycle import Status
from referrals.models import Referral

LABELS = dict(Status.pairs())


class ReferralsForm(DeskForm):
    status = forms.MultipleChoiceField(
        label="Status", choices=Status.pairs, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(without_blanks(query))
        self.fields["status"].optional_mark = False  # type: ignore[attr-defined]

    def filtered(self, rows: QuerySet[Referral]) -> QuerySet[Referral]:
        if not self.is_valid():
            return rows.none()
        status = self.cleaned_data["status"]
        return rows.filter(status__in=status) if status else rows

    def chosen(self, query: QueryDict) -> list[Chosen]:
        given = query.getlist("status")
        return [Chosen(LABELS.get(row, row), asked(query, without=("status", row))) for row in given if row]
