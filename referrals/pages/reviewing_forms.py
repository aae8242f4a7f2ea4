"""The forms of the quality review: each criterion judged, earlier defects looked at again, new ones named."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from intake.pages.forms import Choices, Coded, MoveForm, codes, words
from intake.words import _
from referrals.actions.reviews import unmended
from referrals.models import Finding, Referral

YES_NO: Choices = [("yes", _("Yes, it is mended")), ("no", _("No, it is not"))]


class Reviewing(MoveForm):
    """What both ways out of a review ask."""

    verdict_needed = False

    def arrange(self) -> None:
        self.earlier = unmended(self.subject)
        self.criteria = codes("review_criteria")
        self.legends = {f"checklist-{n}": label for n, (_, label) in enumerate(self.criteria)}
        self.looks = dict.fromkeys(self.legends, "across")
        self.legends |= {
            f"mended-{n}": gettext("Found before: {text}").format(text=row.text)
            for n, row in enumerate(self.earlier)
        }
        said = last_said(self.subject)
        for n, _row in enumerate(self.earlier):
            self.fields[f"mended-{n}-mended"] = choice(gettext("Is it mended?"), YES_NO, self.verdict_needed)
        for n, (code, _label) in enumerate(self.criteria):
            name = f"checklist-{n}"
            self.fields[f"{name}-verdict"] = choice(
                gettext("Is it met?"), Finding.Verdict.choices, self.verdict_needed
            )
            hint = f"{COMMENT} {said[code]}" if code in said else COMMENT
            self.fields[f"{name}-comment"] = words(gettext("Comment"), hint, required=False, rows=2)
        self.fields["grade"] = Coded(
            "review_grade", gettext("How good is it, all in all?"), required=self.verdict_needed
        )

    def judged(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "checklist": [
                {
                    "criterion": code,
                    "verdict": given[f"checklist-{n}-verdict"],
                    "comment": given[f"checklist-{n}-comment"],
                }
                for n, (code, _label) in enumerate(self.criteria)
                if given.get(f"checklist-{n}-verdict")
            ],
            "mended": [
                {"defect": row.pk, "mended": given[f"mended-{n}-mended"] == "yes"}
                for n, row in enumerate(self.earlier)
                if given.get(f"mended-{n}-mended")
            ],
            "grade": given["grade"],
        }

    def field_at(self, pointer: str) -> str | None:
        """A whole list's fault is said at its first field."""
        first = {"/checklist": "checklist-0-verdict", "/mended": "mended-0-mended"}.get(pointer)
        return first if first in self.fields else super().field_at(pointer)


COMMENT = _("Needed unless it is plainly met.")


def last_said(referral: Referral) -> dict[str, str]:
    """What the review before this one found of each criterion."""
    before = referral.review_rows.prefetch_related("findings").last()
    if before is None:
        return {}
    return {
        row.criterion: gettext("Last time: {get_verdict_display}{comment}.").format(
            get_verdict_display=row.get_verdict_display().lower(),
            comment=f" ({row.comment})" if row.comment else "",
        )
        for row in before.findings.all()
    }


def choice(label: str, choices: Choices, required: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=required,
        error_messages={"required": gettext("Choose one.")},
    )


class SendBack(Reviewing):
    """Up to three defects, each of the list and in words; the criteria as far as one has come."""

    DEFECTS = 3

    def arrange(self) -> None:
        for n in range(self.DEFECTS):
            self.fields[f"defects-{n}-code"] = Coded(
                "review_defect", gettext("What kind?"), menu=True, required=not n
            )
            self.fields[f"defects-{n}-text"] = words(
                gettext("What has to be mended?"), required=not n, rows=2
            )
        super().arrange()
        self.legends |= {f"defects-{n}": gettext("Defect {n}").format(n=n + 1) for n in range(self.DEFECTS)}

    def facts(self) -> dict[str, Any]:
        rows = self.parts("defects", "code", "text")
        return {"defects": [{"code": "", "text": "", **row} for row in rows], **self.judged()}


class Deliver(Reviewing):
    """Everything judged; when the day has passed, why."""

    verdict_needed = True

    def arrange(self) -> None:
        super().arrange()
        self.fields["missed_why"] = words(
            gettext("If it comes after the day it was needed: why?"), required=False, rows=2
        )

    def facts(self) -> dict[str, Any]:
        return {**self.judged(), "missed_why": self.cleaned_data["missed_why"]}
