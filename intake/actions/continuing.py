"""An earlier enquiry continued: a draft with all that may be carried over, so that only what is new is asked."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from intake import bodies
from intake.actions import earlier, enquiries
from intake.bodies import Body, Rows
from intake.checks import Fault
from intake.lifecycle import Role, Status
from intake.models import Enquiry, IdempotencyKey, User
from intake.refusals import Forbidden, Invalid, NotPossible

KINDS = (Enquiry.Kind.REFERRAL, Enquiry.Kind.INSTRUCTION)
MAY = frozenset({Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT, Role.COORDINATOR, Role.MANAGER})
# Said anew each time: whether a child is in danger now, by when it is needed, and that all of it is right.
ANEW = ("urgency", "declaration", "continues", "prompted_by")
# What is taken out whole when a part of it holds no more.
ROWS = ("assessments", "risks", "documents")


def begin(
    *,
    enquiry: Enquiry,
    by: User,
    kind: str,
    prompted_by: str = "",
    reason: str = "",
    on_behalf_reason: str = "",
) -> Enquiry:
    """A draft that continues an enquiry; it is triaged afresh once it is sent, wherever the earlier one stands.

    Without `prompted_by`, the usual reason for how the earlier one stands.
    """
    return begin_once(
        enquiry=enquiry,
        by=by,
        kind=kind,
        prompted_by=prompted_by,
        reason=reason,
        on_behalf_reason=on_behalf_reason,
    )[0]


def begin_once(
    *,
    enquiry: Enquiry,
    by: User,
    kind: str,
    prompted_by: str = "",
    reason: str = "",
    on_behalf_reason: str = "",
    key: str = "",
) -> tuple[Enquiry, Rows | None]:
    """`begin`, as often as it takes: with the same key again, the draft that the first call made, and None."""
    refuse_continuing(enquiry, by)
    prompted = {"code": prompted_by, "reason": reason}
    asked = enquiries.fingerprint(
        {"continues": enquiry.reference, "as": kind, "prompted_by": prompted}, enquiry.authority, False
    )
    if key and (first := IdempotencyKey.objects.filter(client=by, key=key).first()):
        return enquiries.replayed(by, first, asked), None
    prompted["code"] = reason_for(enquiry, kind, prompted_by)
    return enquiries.create(
        body=carried_over(enquiry, kind, {name: said for name, said in prompted.items() if said}),
        by=by,
        authority=enquiry.authority,
        reason=on_behalf_reason,
        key=key,
        send_it=False,
        asked=asked,
    )


def refuse_continuing(enquiry: Enquiry, by: User) -> None:
    """Who may send an enquiry of this authority may continue it, once it was sent and is no duplicate."""
    if MAY.isdisjoint(enquiry.roles_of(by)):
        raise Forbidden("Your role does not allow this: continue the enquiry.")
    if enquiry.status in (Status.DRAFT, Status.DUPLICATE):
        raise NotPossible(
            enquiry.standing_sentence(), status=enquiry.status, transitions=enquiry.transitions_for(by)
        )


def reason_for(enquiry: Enquiry, kind: str, prompted_by: str) -> str:
    code = prompted_by or earlier.usual_reason(enquiry)
    faults = []
    if kind not in KINDS:
        faults.append(Fault("/as", "unknown", "Continue it as a referral or as an instruction."))
    if not code:
        faults.append(Fault("/prompted_by", "required", "Say what prompts it."))
    if faults:
        raise Invalid(faults)
    earlier.check_fits(enquiry, {"prompted_by": {"code": code}})
    return code


def carried_over(enquiry: Enquiry, kind: str, prompted: Mapping[str, str]) -> Body:
    """All that the new kind takes and that holds today; the rest is asked again."""
    body = {member: value for member, value in bodies.read(enquiry).items() if member not in ANEW}
    body |= {"kind": kind, "continues": enquiry.reference, "prompted_by": dict(prompted)}
    body = deepcopy(body)
    # What is left out may leave something else without its sense: a child, and the assessment of that child.
    while wrong := [f for f in enquiries.faults(body, enquiry.authority) if holds_no_more(f)]:
        for pointer in sorted({place_of(fault.pointer) for fault in wrong}, key=by_place, reverse=True):
            take_out(body, pointer.split("/")[1:])
    return body


def holds_no_more(fault: Fault) -> bool:
    """What was typed for this draft is refused, not dropped."""
    return not enquiries.is_short(fault) and not fault.pointer.startswith(("/prompted_by", "/continues"))


def place_of(pointer: str) -> str:
    """The whole row of a list whose parts make sense together only."""
    parts = pointer.split("/")
    if parts[1] in ROWS and len(parts) > 3 and parts[3] != "children":
        return "/".join(parts[:3])
    return "/".join(parts[:4]) if parts[1:3] == ["legal", "hearings"] else pointer


def by_place(pointer: str) -> list[tuple[int, str]]:
    """Later rows first, so that the places of the others stay."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in pointer.split("/")]


def take_out(body: Any, parts: Sequence[str]) -> None:
    *path, last = parts
    for part in path:
        body = body[int(part)] if isinstance(body, list) else body.get(part)
        if body is None:
            return
    if isinstance(body, list):
        del body[int(last)]
    else:
        body.pop(last, None)
