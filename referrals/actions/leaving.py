"""Somebody leaves: all their open work goes to colleagues in one go, each piece with its own outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.actions import members
from intake.checks import Fault
from intake.models import Enquiry, User
from intake.models.account_event import KEEPERS
from intake.refusals import Forbidden, Invalid, NotFound, Refused
from referrals import leavers
from referrals.actions import coworking, placements, triage
from referrals.leavers import OpenWork, Piece
from referrals.models import Referral

LEFT = "LEFT"


@dataclass(frozen=True)
class Outcome:
    """What became of one piece, in a sentence."""

    reference: str
    moved: bool
    sentence: str


@dataclass
class Moved:
    """One outcome for each piece, and whether the account was retired."""

    outcomes: list[Outcome] = field(default_factory=list)
    retired: bool = False

    @property
    def whole(self) -> bool:
        return all(outcome.moved for outcome in self.outcomes)


def move_all(*, person: User, by: User, plan: Mapping[str, User], reason: str, retire: bool = False) -> Moved:
    """Each piece that the plan names goes to its colleague, in a transaction of its own.

    One that is refused holds up no other; sent again, what is left goes. The account is retired when it is asked
    for and nothing that can be moved is left.
    """
    check(person, by, reason, retire)
    work = leavers.open_work(person, by, timezone.localdate())
    moved = Moved([move(piece, by, plan.get(piece.reference), reason) for piece in work.movable])
    moved.outcomes += unknown(plan, work)
    if retire and moved.whole:
        members.retire(user=person, by=by)
        moved.retired = True
    return moved


def check(person: User, by: User, reason: str, retire: bool) -> None:
    if not leavers.may_move(by, person):
        raise Forbidden("Your role does not allow this: move somebody’s work.")
    if retire and (not by.has(*KEEPERS) or by.organisation_id != person.organisation_id):
        raise Forbidden("Whoever keeps the people of their organisation retires the account.")
    if person.pk == by.pk and retire:
        raise Forbidden("Somebody else retires you.")
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", "Say why the work changes hands.")])


def unknown(plan: Mapping[str, User], work: OpenWork) -> list[Outcome]:
    """What the plan names and is not open work of theirs, or is with a reviewer."""
    known = {piece.reference for piece in work.movable}
    sentence = "This is not open work of theirs that can change hands."
    return [Outcome(reference, False, sentence) for reference in sorted(set(plan) - known)]


def move(piece: Piece, by: User, to: User | None, reason: str) -> Outcome:
    if to is None and piece.part != "beside":
        return Outcome(piece.reference, False, "Nobody was chosen for it.")
    try:
        with transaction.atomic():
            hand_over(piece, by, to, reason)
    except Refused as refused:
        return Outcome(piece.reference, False, said(refused))
    return Outcome(piece.reference, True, f"Goes to {to}." if to else "The lead goes on alone.")


def hand_over(piece: Piece, by: User, to: User | None, reason: str) -> None:
    """By the action of each: with its checks, its line of history, its letters. The reason is why past a limit too."""
    if piece.part == "owner":
        assert to is not None
        enquiry = seen(Enquiry.objects.visible_to(by), piece)
        triage.assign(enquiry=enquiry, by=by, to=to, reason=reason)
        return
    referral = seen(Referral.objects.visible_to(by), piece)
    if piece.part == "beside":
        if to is None:
            coworking.end(referral=referral, by=by, reason=reason)
        else:
            coworking.add(referral=referral, by=by, assessor=to, reason=reason)
        return
    assert to is not None
    placements.reallocate(
        referral=referral, by=by, assessor=to, reason_code=LEFT, text=reason, override_reason=reason
    )


def seen(rows: Any, piece: Piece) -> Any:
    """As it is now: restricted or kept from whoever moves it meanwhile, it holds up no other."""
    found = rows.filter(reference=piece.reference).first()
    if found is None:
        raise NotFound("There is nothing here that you can see any more.")
    return found


def said(refused: Refused) -> str:
    faults = refused.faults if isinstance(refused, Invalid) else ()
    return " ".join(fault.detail for fault in faults) or refused.detail
