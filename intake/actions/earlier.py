"""The earlier enquiry that one continues: found, fitting what prompted the new one, told of it."""

from collections.abc import Mapping
from typing import Any

from intake import bodies
from intake.bodies import Body
from intake.checks import Fault
from intake.checks.origin import AFRESH
from intake.identifiers import normalise_reference
from intake.lifecycle import Party, Status
from intake.models import Enquiry, Event, Notification, Organisation, User
from intake.refusals import Invalid

UNDECIDED = frozenset({Status.SUBMITTED, Status.IN_TRIAGE, Status.INFORMATION_REQUESTED})
TURNED_AWAY = frozenset({Status.DECLINED, Status.REDIRECTED, Status.WITHDRAWN, Status.LAPSED})
TAKEN_ON = frozenset({Status.ACCEPTED, Status.CLOSED})
NAMING_NOBODY = (Enquiry.Kind.GENERAL, Enquiry.Kind.PRELIMINARY)
# Where the earlier one must stand. A duplicate is continued by the one that it repeats; while one is undecided,
# what has changed is amended.
STANDS_AT: Mapping[str, frozenset[Status]] = {
    "continued": UNDECIDED | TAKEN_ON,
    "sent_again": TURNED_AWAY,
    "change_of_circumstances": TAKEN_ON | TURNED_AWAY,
    "step_up": UNDECIDED | TAKEN_ON | TURNED_AWAY,
}


def find(reference: str, *, by: User, authority: Organisation) -> Enquiry | None:
    """The authority's own, as far as the caller sees it; another's and none at all are the same answer."""
    if not reference.strip():
        return None
    theirs = Enquiry.objects.visible_to(by).filter(authority=authority).exclude(status=Status.DRAFT)
    found = theirs.filter(reference=normalise_reference(reference, "ENQ")).first()
    if found is None:
        raise Invalid([Fault("/continues", "unknown", "There is no earlier enquiry with this reference.")])
    return found


def join(body: Body, by: User, authority: Organisation) -> Body:
    """The body with the earlier one's reference as we write it; refused when there is none that fits."""
    if "continues" not in body:
        return body
    found = find(body["continues"], by=by, authority=authority)
    if found is None:
        return {member: value for member, value in body.items() if member != "continues"}
    check_fits(found, body)
    mark_continued(found)
    return {**body, "continues": found.reference}


def renamed(enquiry: Enquiry, by: User, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """A draft may name another earlier one; once it is sent, what it continues and why stand."""
    before = {
        "continues": enquiry.continues_id or "",
        "prompted_by": bodies.show(enquiry, bodies.TOP["prompted_by"]),
    }
    named = [member for member in before if member in changes]
    if not named:
        return changes
    if enquiry.status == Status.DRAFT:
        joined = join({**before, **changes}, by, enquiry.authority)
        return {**changes, "continues": joined.get("continues")}
    if any(code_of(changes[member]) != code_of(before[member]) for member in named):
        sentence = "What an enquiry continues, and what prompted it, stands once it is sent."
        raise Invalid([Fault(f"/{named[0]}", "sent", sentence)])
    return changes


def code_of(said: Any) -> Any:
    return said.get("code", "") if isinstance(said, Mapping) else said or ""


def check_fits(earlier: Enquiry, body: Mapping[str, Any]) -> None:
    """Whether what prompted the new one fits how the earlier one stands today."""
    code = (body.get("prompted_by") or {}).get("code", "")
    if code in STANDS_AT and earlier.status not in STANDS_AT[code]:
        sentence = f"This does not go with an enquiry that stands at “{earlier.status_label}”."
        raise Invalid([Fault("/prompted_by/code", "status", sentence)])
    if code == "continued" and earlier.kind not in NAMING_NOBODY:
        sentence = "A general or preliminary enquiry is continued; this one named the family already."
        raise Invalid([Fault("/prompted_by/code", "kind", sentence)])


def usual_reason(earlier: Enquiry) -> str:
    """What prompts it when nobody says more; "" where a person has to say."""
    if earlier.status in TURNED_AWAY:
        return "sent_again"
    fits = earlier.kind in NAMING_NOBODY and earlier.status in STANDS_AT["continued"]
    return "continued" if fits else ""


def turned_away(enquiry: Enquiry) -> int:
    """How often it was sent and not taken before it came to this one; a statement where it continues another."""
    if not enquiry.continues_id:
        return 0
    rows = Enquiry.objects.filter(reference=enquiry.continues_id)
    before, status = rows.values_list("sent_before", "status").get()
    return before + (status in TURNED_AWAY)


def mark_continued(earlier: Enquiry) -> None:
    """So that its readers look for those that continue it; nothing anybody has read changes."""
    Enquiry.objects.filter(pk=earlier.pk, is_continued=False).update(is_continued=True)


def tell(enquiry: Enquiry, *, by: User) -> None:
    """Once it is sent, the earlier one's history names it; its owner is told of what is triaged afresh."""
    if enquiry.continues_id is None:
        return
    earlier = Enquiry.objects.hold(Enquiry.objects.get(reference=enquiry.continues_id))
    facts = {"reference": enquiry.reference, "prompted_by": enquiry.prompted_by}
    Event.objects.record(earlier, verb="enquiry.continued", by=by, data=facts)
    if enquiry.prompted_by in AFRESH and earlier.owner is not None:
        enquiry.notify(Notification.Kind.CONTINUED, to=Party.OWNER, person=earlier.owner)
