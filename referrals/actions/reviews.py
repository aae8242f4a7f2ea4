"""The quality review by another person: each criterion judged, defects coded, then sent back or delivered."""

from collections.abc import Sequence
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from intake.actions import attachments
from intake.checks import Fault
from intake.models import Attachment, User, book
from intake.refusals import Invalid
from referrals.actions import oversight
from referrals.actions.assessments import INFECTED
from referrals.actions.telling import tell
from referrals.lifecycle import Transition
from referrals.models import Defect, Finding, Referral, Review


class Judged(TypedDict, total=False):
    criterion: str
    verdict: str
    comment: str


class Found(TypedDict):
    code: str
    text: str


class Mended(TypedDict):
    defect: int
    mended: bool


@transaction.atomic
def send_back(
    *,
    referral: Referral,
    by: User,
    defects: Sequence[Found],
    checklist: Sequence[Judged] = (),
    mended: Sequence[Mended] = (),
    grade: str = "",
) -> Referral:
    """The reviewer sends it back with coded defects, and says which of the earlier ones are mended."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.SEND_BACK, by)
    refuse(check_defects(defects), check_judged(checklist, grade), check_mended(referral, mended))
    facts = {"defects": [dict(row) for row in defects], "checklist": list(map(dict, checklist))}
    referral.make(Transition.SEND_BACK, by=by, facts=facts | {"grade": grade})
    review = keep(referral, by, Review.Outcome.SENT_BACK, checklist, grade)
    judge_earlier(referral, by, mended)
    Defect.objects.bulk_create(
        Defect(referral=referral, review=review, found_by=by, found_at=referral.updated_at, **row)
        for row in defects
    )
    tell(referral, Transition.SEND_BACK)
    return referral


@transaction.atomic
def deliver(
    *,
    referral: Referral,
    by: User,
    checklist: Sequence[Judged],
    mended: Sequence[Mended] = (),
    grade: str = "",
    missed_why: str = "",
) -> Referral:
    """The reviewer lets the report go: every criterion met, every earlier defect mended.

    Whether it came by the day it was needed is kept, and when it did not, why.
    """
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.DELIVER, by)
    needed = referral.decisive_date
    met = None if needed is None else timezone.localdate() <= needed
    refuse(
        check_report(referral),
        check_judged(checklist, grade),
        check_complete(checklist),
        check_mended(referral, mended, all_of_them=True),
        oversight.open_faults(referral),
        [Fault("/missed_why", "required", LATE)] if met is False and not missed_why.strip() else [],
    )
    facts: dict[str, Any] = {
        "checklist": list(map(dict, checklist)),
        "grade": grade,
        "missed_why": missed_why,
    }
    facts |= {"filing_date": needed, "filing_met": met}
    addendum = referral.addendum_rows.filter(delivered_at__isnull=True).first()
    # An addendum is late or in time by itself: what was kept of the report stays.
    changes: dict[str, Any] = {} if addendum else {"filing_met": met}
    referral.make(Transition.DELIVER, by=by, facts=facts, **changes)
    if addendum:
        addendum.report, addendum.met, addendum.delivered_at = referral.report, met, referral.updated_at
        addendum.save()
    keep(referral, by, Review.Outcome.DELIVERED, checklist, grade, missed_why)
    judge_earlier(referral, by, mended)
    attachments.release(referral.report)
    tell(referral, Transition.DELIVER)
    return referral


LATE = "It comes after the day it was needed. Say why."


def refuse(*faults: list[Fault]) -> None:
    """Every fault at once."""
    if found := [fault for part in faults for fault in part]:
        raise Invalid(found)


def check_report(referral: Referral) -> list[Fault]:
    refused = referral.report is not None and referral.report.state == Attachment.State.REFUSED
    return [Fault("/report", "refused", INFECTED)] if refused else []


def check_judged(rows: Sequence[Judged], grade: str) -> list[Fault]:
    """Each criterion of the list, once; what is not plainly met says why."""
    today, codes, seen, faults = timezone.localdate(), book().codes, set(), []
    for place, row in enumerate(rows):
        if not codes.holds("review_criteria", row["criterion"], today) or row["criterion"] in seen:
            sentence = "Choose each of the criteria in the list, once."
            faults.append(Fault(f"/checklist/{place}/criterion", "unknown", sentence))
        if row["verdict"] != Finding.Verdict.MET and not row.get("comment", "").strip():
            faults.append(Fault(f"/checklist/{place}/comment", "required", "Say why."))
        seen.add(row["criterion"])
    if grade and not codes.holds("review_grade", grade, today):
        faults.append(Fault("/grade", "unknown", "Choose one of the grades in the list."))
    return faults


def criteria() -> list[str]:
    """The criteria that hold today."""
    return [row.code for row in book().codes.list("review_criteria", timezone.localdate())]


def check_complete(rows: Sequence[Judged]) -> list[Fault]:
    if any(row["verdict"] == Finding.Verdict.NOT_MET for row in rows):
        sentence = "A criterion is not met. Send the report back."
        return [Fault("/checklist", "not_met", sentence)]
    if set(criteria()) - {row["criterion"] for row in rows}:
        return [Fault("/checklist", "required", "Judge every criterion of the list.")]
    return []


def check_defects(defects: Sequence[Found]) -> list[Fault]:
    today, codes = timezone.localdate(), book().codes
    faults = [
        Fault(f"/defects/{place}/code", "unknown", "Choose one of the defects in the list.")
        for place, row in enumerate(defects)
        if not codes.holds("review_defect", row["code"], today)
    ]
    faults += [
        Fault(f"/defects/{place}/text", "required", "Say what has to be mended.")
        for place, row in enumerate(defects)
        if not row["text"].strip()
    ]
    return faults


def unmended(referral: Referral) -> list[Defect]:
    """What earlier reviews found and none has found mended."""
    return list(referral.defect_rows.exclude(mended=True))


def check_mended(referral: Referral, rows: Sequence[Mended], all_of_them: bool = False) -> list[Fault]:
    """Of a report sent back, each earlier defect is looked at again before it goes out."""
    open_ = {defect.pk for defect in unmended(referral)}
    faults = [
        Fault(f"/mended/{place}/defect", "unknown", "There is no open defect of this number.")
        for place, row in enumerate(rows)
        if row["defect"] not in open_
    ]
    found = {row["defect"] for row in rows if row["mended"]}
    if all_of_them and open_ - found:
        sentence = "A defect of an earlier review is not said to be mended. Look at each, or send it back."
        faults.append(Fault("/mended", "required", sentence))
    return faults


def keep(
    referral: Referral,
    by: User,
    outcome: str,
    checklist: Sequence[Judged],
    grade: str,
    missed_why: str = "",
) -> Review:
    review = Review.objects.create(
        referral=referral,
        number=referral.review_rows.count() + 1,
        report=referral.report,
        outcome=outcome,
        grade=grade,
        missed_why=missed_why,
        by=by,
        at=referral.updated_at,
    )
    Finding.objects.bulk_create(Finding(review=review, **row) for row in checklist)
    return review


def judge_earlier(referral: Referral, by: User, rows: Sequence[Mended]) -> None:
    for row in rows:
        referral.defect_rows.filter(pk=row["defect"]).update(mended=row["mended"], judged_by=by)
