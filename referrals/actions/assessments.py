"""The work itself: started, paused, handed in, sent back, delivered, closed; each gate says what it misses."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from intake.actions import attachments
from intake.actions.enquiries import check_reason
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Attachment, Event, Person, User, book
from intake.refusals import Forbidden, Invalid
from intake.requirements import inside
from referrals import gates
from referrals.actions.telling import tell
from referrals.actions.triage import close_when_done
from referrals.lifecycle import Transition
from referrals.models import ChildSeen, Defect, Evidence, Referral

INFECTED = "The virus scanner refused the report. It has to be attached anew."


class Seen(TypedDict, total=False):
    child: int
    seen_on: date | None
    views: str
    not_seen_why: str


class Found(TypedDict):
    code: str
    text: str


@transaction.atomic
def start(*, referral: Referral, by: User, waiver_reason: str = "") -> Referral:
    """Begin, once what the type requires is there or somebody says why it is not waited for."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.START, by)
    lacking = lacking_at_start(referral)
    if lacking and not waiver_reason:
        sentence = f"Not there yet: {'; '.join(lacking)}. Say why you start all the same."
        raise Invalid([Fault("/waiver_reason", "required", sentence)])
    referral.make(
        Transition.START,
        by=by,
        facts={"waiver_reason": waiver_reason, "lacking": lacking},
        note=waiver_reason,
    )
    tell(referral, Transition.START)
    return referral


def lacking_at_start(referral: Referral) -> list[str]:
    """What the type of this referral's assessment requires before work starts, and is not there."""
    rows = gates.lacking(referral.enquiry, "start", [referral.assessment.position])
    return list(dict.fromkeys(inside(row.label) for row in rows))


@transaction.atomic
def pause(*, referral: Referral, by: User, reason_code: str, review_on: date, text: str = "") -> Referral:
    """Stand still, with a day on which somebody looks again."""
    referral = Referral.objects.hold(referral)
    check_reason(referral, by, Transition.PAUSE, "pause", reason_code)
    check_review(review_on)
    facts = {"reason_code": reason_code, "review_on": review_on}
    referral.make(Transition.PAUSE, by=by, facts=facts, note=text, review_on=review_on)
    tell(referral, Transition.PAUSE)
    return referral


def check_review(review_on: date | None) -> None:
    if review_on and review_on <= timezone.localdate():
        raise Invalid([Fault("/review_on", "past", "Give a day after today on which it is looked at again.")])


@transaction.atomic
def resume(*, referral: Referral, by: User) -> Referral:
    """Go on."""
    referral = Referral.objects.hold(referral)
    referral.make(Transition.RESUME, by=by, review_on=None)
    tell(referral, Transition.RESUME)
    return referral


@transaction.atomic
def log_evidence(*, referral: Referral, by: User, source: str, state: str, why: str = "") -> Evidence:
    """One line of the evidence log; the same source again says what became of it."""
    referral = Referral.objects.hold(referral)
    referral.seen_version = None
    if referral.roles_of(by).isdisjoint({Role.ASSESSOR, Role.SERVICE_LEAD}):
        raise Forbidden("Your role does not allow this: log evidence.")
    if not source:
        raise Invalid([Fault("/source", "required", "Say who was asked.")])
    if state == Evidence.State.NOT_AVAILABLE and not why:
        raise Invalid([Fault("/why", "required", "Say why it is not available.")])
    now = timezone.now()
    row, _ = Evidence.objects.update_or_create(
        referral=referral,
        source=source,
        defaults={"state": state, "why": why, "logged_by": by, "logged_at": now},
    )
    facts = {"source": source, "state": state, "why": why}
    Event.objects.record(
        referral.enquiry, verb="referral.evidence", by=by, at=now, subject=referral.reference, data=facts
    )
    return row


@transaction.atomic
def submit_report(
    *, referral: Referral, by: User, report: Attachment | None, children_seen: Sequence[Seen]
) -> Referral:
    """Hand in the report for review: attached, every child seen or the reason why not, the evidence answered."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.SUBMIT_REPORT, by)
    children = {row.position: row for row in children_of(referral)}
    check_report(referral, report, children, children_seen)
    facts = {
        "report": report.sha256 if report else "",
        "children_seen": [row["child"] for row in children_seen] or "no child is named in this assessment",
    }
    referral.make(Transition.SUBMIT_REPORT, by=by, facts=facts, report=report, author=by)
    for row in children_seen:
        record_child(referral, children[row["child"]], row)
    tell(referral, Transition.SUBMIT_REPORT)
    return referral


def children_of(referral: Referral) -> list[Person]:
    return list(referral.assessment.subjects.filter(part=Person.Part.CHILD))


def check_report(
    referral: Referral, report: Attachment | None, children: dict[int, Person], seen: Sequence[Seen]
) -> None:
    faults = []
    if report is None:
        faults.append(Fault("/report", "required", "Attach the report."))
    elif report.enquiry_id != referral.enquiry_id or report.subject != referral.reference:
        faults.append(Fault("/report", "unknown", "Choose a report that is attached to this referral."))
    elif report.state == Attachment.State.REFUSED:
        faults.append(Fault("/report", "refused", INFECTED))
    recorded = set()
    for place, row in enumerate(seen):
        if row["child"] not in children:
            faults.append(
                Fault(f"/children_seen/{place}/child", "unknown", "This child is not assessed here.")
            )
        if not (row.get("seen_on") and row.get("views")) and not row.get("not_seen_why"):
            sentence = "Give the day and the child's views, or why the child was not seen."
            faults.append(Fault(f"/children_seen/{place}", "required", sentence))
        recorded.add(row["child"])
    faults += [
        Fault("/children_seen", "required", f"Say whether child {place + 1} was seen, and their views.")
        for place in sorted(set(children) - recorded)
    ]
    faults += evidence_faults(referral)
    if referral.challenge_rows.filter(answered_at__isnull=True).exists():
        faults.append(Fault("/challenges", "open", "A challenge is open. Answer it first."))
    if faults:
        raise Invalid(faults)


def evidence_faults(referral: Referral) -> list[Fault]:
    """The log is there, and every source that was asked has answered, or it says why not."""
    states = list(referral.evidence_rows.values_list("state", flat=True))
    if not states:
        return [Fault("/evidence", "required", "Log the evidence: who was asked, and what came of it.")]
    if Evidence.State.ASKED in states:
        return [Fault("/evidence", "open", "A source was asked and has not answered. Say what came of it.")]
    return []


def record_child(referral: Referral, child: Person, row: Seen) -> None:
    ChildSeen.objects.update_or_create(
        referral=referral,
        child=child,
        defaults={
            "seen_on": row.get("seen_on"),
            "views": row.get("views", ""),
            "not_seen_why": row.get("not_seen_why", ""),
        },
    )


@transaction.atomic
def send_back(*, referral: Referral, by: User, defects: Sequence[Found]) -> Referral:
    """The reviewer sends it back with coded defects."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.SEND_BACK, by)
    check_defects(defects)
    referral.make(Transition.SEND_BACK, by=by, facts={"defects": [dict(row) for row in defects]})
    Defect.objects.bulk_create(
        Defect(
            referral=referral, code=row["code"], text=row["text"], found_by=by, found_at=referral.updated_at
        )
        for row in defects
    )
    tell(referral, Transition.SEND_BACK)
    return referral


def check_defects(defects: Sequence[Found]) -> None:
    today, codes = timezone.localdate(), book().codes
    faults = [
        Fault(f"/defects/{place}/code", "unknown", "Choose one of the defects in the list.")
        for place, row in enumerate(defects)
        if not codes.holds("review_defect", row["code"], today)
    ]
    faults += [
        Fault(f"/defects/{place}/text", "required", "Say what has to be mended.")
        for place, row in enumerate(defects)
        if not row["text"]
    ]
    if faults:
        raise Invalid(faults)


@transaction.atomic
def deliver(*, referral: Referral, by: User, checklist: Sequence[str]) -> Referral:
    """The reviewer releases the report; whether the filing date was met is kept."""
    referral = Referral.objects.hold(referral)
    needed = referral.decisive_date
    met = None if needed is None else timezone.localdate() <= needed
    facts = {"checklist": list(checklist), "filing_date": needed, "filing_met": met}
    referral.check_can(Transition.DELIVER, by)
    if referral.report is not None and referral.report.state == Attachment.State.REFUSED:
        raise Invalid([Fault("/report", "refused", INFECTED)])
    referral.make(Transition.DELIVER, by=by, facts=facts, filing_met=met)
    attachments.release(referral.report)
    tell(referral, Transition.DELIVER)
    return referral


@transaction.atomic
def request_addendum(*, referral: Referral, by: User, questions: Sequence[str], needed_by: date) -> Referral:
    """Further questions after the report; the assessor goes on."""
    referral = Referral.objects.hold(referral)
    facts = {"questions": list(questions), "needed_by": needed_by}
    referral.make(Transition.REQUEST_ADDENDUM, by=by, facts=facts, needed_by=needed_by)
    tell(referral, Transition.REQUEST_ADDENDUM)
    return referral


@transaction.atomic
def close(
    *, referral: Referral, by: User, outcome_code: str, follow_up_3_months: date, follow_up_6_months: date
) -> Referral:
    """Done, with what came of it and the days on which it is asked again; the enquiry closes with the last."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.CLOSE, by)
    check_closing(outcome_code, follow_up_3_months, follow_up_6_months)
    days: dict[str, Any] = {
        "follow_up_3_months": follow_up_3_months,
        "follow_up_6_months": follow_up_6_months,
    }
    referral.make(
        Transition.CLOSE,
        by=by,
        facts={"outcome_code": outcome_code, **days},
        outcome_code=outcome_code,
        **days,
    )
    tell(referral, Transition.CLOSE)
    close_when_done(referral.enquiry, at=referral.updated_at)
    return referral


def check_closing(outcome_code: str, first: date | None, second: date | None) -> None:
    today, faults = timezone.localdate(), []
    if outcome_code and not book().codes.holds("close", outcome_code, today):
        faults.append(Fault("/outcome_code", "unknown", "Choose one of the outcomes in the list."))
    if first and first <= today:
        faults.append(Fault("/follow_up_3_months", "past", "Give a day after today."))
    if first and second and second <= first:
        faults.append(Fault("/follow_up_6_months", "order", "The second follow-up comes after the first."))
    if faults:
        raise Invalid(faults)
