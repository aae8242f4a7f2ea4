"""What a decision has to say before it holds: a fate for each assessment, conflicts, forecast, what is waived."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict

from django.utils import timezone

from intake.checks import Fault
from intake.identifiers import new_reference
from intake.lifecycle import Transition, Turn
from intake.models import Assessment, Enquiry, User, book
from intake.refusals import Forbidden, Invalid, NotFound
from referrals import gates, suggestions
from referrals.court import dates_of
from referrals.forecasting import earliest_of
from referrals.lifecycle import Status
from referrals.models import Conflict, Decision, Referral


class Declined(TypedDict):
    assessment: int
    reason_code: str
    text: str
    elsewhere: str


class Redirected(TypedDict):
    assessment: int
    agency: str
    text: str


Asked = Mapping[int, Assessment]
Facts = dict[str, Any]
NEEDED_TO_DECLINE = ("reason_code", "text", "elsewhere")
ACCEPTED_WITH = ("conflict_statement", "conflict", "conflict_with", "conflict_handled")


def refuse_conflicted(enquiry: Enquiry, by: User) -> None:
    """Who has a conflict of interest with this authority or family, as of today, does not decide it."""
    mine = Conflict.objects.live(timezone.localdate()).filter(person=by)
    theirs = list(mine.values_list("authority", "enquiry_reference"))
    # Few have any: the family is asked for only then.
    family = suggestions.family_of(enquiry) if theirs else set()
    if any(authority == enquiry.authority_id or reference in family for authority, reference in theirs):
        raise Forbidden("You have a conflict of interest on record here. A colleague has to decide it.")


def refuse_shut_out(enquiry: Enquiry, by: User) -> None:
    """Restricted to others, or a conflict, since they read it: then it is not there. Asked while it is held."""
    if not Enquiry.objects.visible_to(by).filter(pk=enquiry.pk).exists():
        raise NotFound


def assessments_of(enquiry: Enquiry) -> dict[int, Assessment]:
    return {row.position: row for row in enquiry.assessment_rows.select_related("type")}


def check_division(
    asked: Asked, taken: Sequence[int], declined: Sequence[Any], redirected: Sequence[Any]
) -> list[Fault]:
    """Each assessment asked for has one fate, with what its fate needs."""
    faults = []
    named = [*taken, *(row["assessment"] for row in (*declined, *redirected))]
    if len(named) != len(set(named)):
        faults.append(Fault("/assessments", "repeated", "An assessment is named twice."))
    if unknown := set(named) - set(asked):
        sentence = f"There is no assessment {min(unknown)}; the first is 0."
        faults.append(Fault("/assessments", "unknown", sentence))
    faults += [
        Fault("/declined", "required", f"Accept or decline assessment {place} as well.")
        for place in sorted(set(asked) - set(named))
    ]
    return faults + empty_rows("declined", declined) + empty_rows("redirected", redirected)


NEEDED = {"declined": ("text", "elsewhere"), "redirected": ("agency", "text")}
ASKED_FOR = {
    "text": "Say what we tell the authority.",
    "elsewhere": "Say where else they can go.",
    "agency": "Name who should have it.",
}


def empty_rows(member: str, rows: Sequence[Any]) -> list[Fault]:
    """What a declined or redirected assessment does not say."""
    today, codes = timezone.localdate(), book().codes
    faults = [
        Fault(f"/{member}/{place}/{name}", "required", ASKED_FOR[name])
        for place, row in enumerate(rows)
        for name in NEEDED[member]
        if not row[name].strip()
    ]
    return faults + [
        Fault(f"/{member}/{place}/reason_code", "unknown", "Choose one of the reasons in the list.")
        for place, row in enumerate(rows)
        if member == "declined" and not codes.holds("decline", row["reason_code"], today)
    ]


def check_conflict(conflict: str, about: str, handled: str) -> list[Fault]:
    """None known, or declared: then about whom, and what was done."""
    if conflict not in ("", *Decision.Conflicted):
        return [Fault("/conflict", "unknown", "Say none or declared.")]
    if conflict != Decision.Conflicted.DECLARED:
        return []
    said = {"conflict_with": (about, "Say whom the conflict is with."),
            "conflict_handled": (handled, "Say what was done about the conflict.")}  # fmt: skip
    return [Fault(f"/{name}", "required", why) for name, (text, why) in said.items() if not text.strip()]


def check_factors(factors: Iterable[str] | None) -> list[Fault]:
    today, codes = timezone.localdate(), book().codes
    return [
        Fault(f"/factors/{place}", "unknown", "Choose one of the assessment factors in the list.")
        for place, code in enumerate(factors or ())
        if not codes.holds("assessment_factor", code, today)
    ]


def check_acceptance(enquiry: Enquiry, facts: Facts) -> Facts:
    """Whole and possible, with what is waived and what the forecast says."""
    asked, taken = assessments_of(enquiry), facts["assessments"]
    faults = check_division(asked, taken, facts["declined"], facts["redirected"])
    if not taken:
        sentence = "Accept at least one assessment, or decline the enquiry."
        faults.insert(0, Fault("/assessments", "required", sentence))
    faults += check_conflict(facts["conflict"], facts["conflict_with"], facts["conflict_handled"])
    refuse(faults + check_factors(facts["factors"]))
    found = forecasts(enquiry, asked, taken, facts["late_reason"])
    return found | waived(enquiry, taken, facts["waiver_reason"])


def check_decline(enquiry: Enquiry, facts: Facts) -> Facts:
    """As a whole, or each assessment apart; the reasons are of the list that holds today."""
    faults = check_factors(facts["factors"])
    if not book().codes.holds("decline", facts["reason_code"], timezone.localdate()):
        faults.append(Fault("/reason_code", "unknown", "Choose one of the reasons in the list."))
    if facts["declined"] or facts["redirected"]:
        faults += check_division(assessments_of(enquiry), (), facts["declined"], facts["redirected"])
    refuse(faults)
    return {}


def check_redirect(enquiry: Enquiry, facts: Facts) -> Facts:
    faults = check_factors(facts["factors"])
    if facts["redirected"]:
        faults += check_division(assessments_of(enquiry), (), (), facts["redirected"])
    refuse(faults)
    return {}


CHECKS: dict[str, Callable[[Enquiry, Facts], Facts]] = {
    Transition.ACCEPT: check_acceptance,
    Transition.DECLINE: check_decline,
    Transition.REDIRECT: check_redirect,
}


def refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(faults)


def waived(enquiry: Enquiry, taken: Sequence[int], reason: str) -> dict[str, Any]:
    """What is accepted without, and why; nothing when nothing is lacking."""
    lacking = gates.lacking(enquiry, "acceptance", taken)
    if not lacking:
        return {}
    if not reason.strip():
        sentence = f"Not there yet: {gates.in_words(lacking)}. Say why you accept it all the same."
        raise Invalid([Fault("/waiver_reason", "required", sentence)])
    return {"waiver_reason": reason, "lacking": [row.label for row in lacking]}


def forecasts(enquiry: Enquiry, asked: Asked, taken: Sequence[int], reason: str) -> Facts:
    """What the forecast says of each by place, and which would be late: refused without a reason all the same."""
    earliest = earliest_of(enquiry, dates_of(enquiry), timezone.localdate())
    found = {row.position: row.forecast for row in earliest if row.position in taken and row.forecast}
    late = [place for place, forecast in found.items() if forecast.late]
    if late and not reason.strip():
        said = ". ".join(f"{asked[place].type.name}: {found[place].sentence}" for place in late)
        raise Invalid([Fault("/late_reason", "required", f"{said}. Say why you accept it all the same.")])
    return {"forecasts": {str(place): row.sentence for place, row in found.items()}, "late": late}


def make_referral(enquiry: Enquiry, assessment: Assessment) -> None:
    """A waiting referral for an accepted assessment, unless a reopened enquiry has one still open."""
    if Referral.objects.open().filter(assessment=assessment).exists():
        return
    Referral.objects.create(
        reference=new_reference("REF"),
        enquiry=enquiry,
        assessment=assessment,
        turn=Turn.HUB,
        status=Status.WAITING,
        created_at=enquiry.updated_at,
        updated_at=enquiry.updated_at,
    )


def keep(enquiry: Enquiry, by: User, outcome: str, assessment: Assessment | None = None, **why: Any) -> None:
    """One row of what was decided, at the moment of the step."""
    Decision.objects.create(
        enquiry=enquiry, assessment=assessment, outcome=outcome, by=by, at=enquiry.updated_at, **why
    )


def keep_all(enquiry: Enquiry, by: User, transition: str, facts: Facts, proposed_by: User | None) -> None:
    """A row for each assessment; of an enquiry declined or redirected as a whole, one for all."""
    asked = assessments_of(enquiry)
    more: Facts = {"proposed_by": proposed_by}
    for place in facts.get("assessments", ()):
        why = part(facts, *ACCEPTED_WITH) | {"text": facts["rationale"]}
        why["forecast"] = facts["forecasts"].get(str(place), "")
        why["late_reason"] = facts["late_reason"] if place in facts["late"] else ""
        keep(enquiry, by, "accepted", asked[place], **why, **more)
        make_referral(enquiry, asked[place])
    for row in facts.get("declined", ()):
        keep(enquiry, by, "declined", asked[row["assessment"]], **part(row, *NEEDED_TO_DECLINE), **more)
    for row in facts.get("redirected", ()):
        said = {"text": row["text"], "elsewhere": row["agency"]}
        keep(enquiry, by, "redirected", asked[row["assessment"]], **said, **more)
    if transition == Transition.DECLINE and not facts["declined"]:
        keep(enquiry, by, "declined", None, **part(facts, *NEEDED_TO_DECLINE), **more)
    if transition == Transition.REDIRECT and not facts["redirected"]:
        keep(enquiry, by, "redirected", None, text=facts["text"], elsewhere=facts["agency"], **more)


def part(facts: Mapping[str, Any], *names: str) -> Facts:
    return {name: facts[name] for name in names}
