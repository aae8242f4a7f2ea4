"""Restricted enquiries and conflicts of interest: shut at once by one manager, opened again by two."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Party, Role, Status, Transition
from intake.models import (
    Access,
    AccessProposal,
    ConflictBlock,
    Enquiry,
    Event,
    Notification,
    Organisation,
    Share,
    User,
)
from intake.refusals import Forbidden, Invalid, NotFound, NotPossible

Kind = AccessProposal.Kind
ASKING = (Role.COORDINATOR, Role.MANAGER, Role.REFERRER, Role.AUTHORITY_MANAGER)
DONE = {
    Kind.LET_IN: "enquiry.let_in",
    Kind.LIFT: "enquiry.restriction_lifted",
    Kind.UNBLOCK: "enquiry.conflict_ended",
}


@transaction.atomic
def ask(*, enquiry: Enquiry, by: User, reason: str) -> None:
    """Whoever works on it may ask the managers to restrict it."""
    if not by.has(*ASKING):
        raise Forbidden("Your role does not allow this: ask for a restriction.")
    enquiry = Enquiry.objects.hold(enquiry)
    check_reason(reason)
    refuse_draft(enquiry)
    if enquiry.restricted:
        raise NotPossible("This enquiry is restricted already.", status=enquiry.status)
    put_forward(enquiry, by, Kind.RESTRICT, reason)
    record(enquiry, "enquiry.restriction_asked", by, reason)


@transaction.atomic
def restrict(*, enquiry: Enquiry, by: User, reason: str, people: Iterable[User]) -> Enquiry:
    """From now on only these people see it, and the manager who says so; at once, since waiting does the harm.

    Only who sees it today can be named: to let in somebody else takes a second manager.
    """
    refuse_others(by, "restrict an enquiry")
    enquiry = Enquiry.objects.hold(enquiry)
    check_reason(reason)
    refuse_draft(enquiry)
    if enquiry.restricted:
        raise NotPossible("This enquiry is restricted already.", status=enquiry.status)
    named = {person.pk: person for person in people}
    if set(named) - set(seers(enquiry).values_list("pk", flat=True)):
        raise Invalid([Fault("/people", "unknown", "Name only people who see this enquiry today.")])
    now, listed = timezone.now(), {by.pk: by} | named
    give_back(enquiry, by, named.values(), reason)
    Enquiry.objects.filter(pk=enquiry.pk).update(restricted=True, updated_at=now)
    enquiry.restricted = True
    Access.objects.bulk_create(Access(enquiry=enquiry, person=row, since=now) for row in listed.values())
    asked = AccessProposal.objects.waiting().filter(enquiry=enquiry, kind=Kind.RESTRICT)
    asked.exclude(proposed_by=by).update(agreed=True, decided_by=by, decided_at=now)
    asked.update(agreed=True, decided_at=now)
    record(enquiry, "enquiry.restricted", by, reason, people=[row.name for row in listed.values()])
    return enquiry


def give_back(enquiry: Enquiry, by: User, named: Iterable[User], reason: str) -> None:
    """An owner who sees it no more has it no more: the manager takes it."""
    owner = enquiry.owner
    if owner is None or owner == by or owner in named:
        return
    take_from(enquiry, by, reason)


def take_from(enquiry: Enquiry, by: User, reason: str) -> None:
    if enquiry.status == Status.IN_TRIAGE:
        enquiry.seen_version = None
        enquiry.make(Transition.TAKE_OVER, by=by, facts={"reason": reason}, note=reason, owner=by)
    else:
        Enquiry.objects.filter(pk=enquiry.pk).update(owner=by)
        enquiry.owner = by


def seers(enquiry: Enquiry) -> Any:
    """Who can be on its list: the hub's and the authority's people, those of services it is lent to, who sent it."""
    lent = Share.objects.filter(enquiry=enquiry, until__isnull=True).values("organisation")
    mine = Q(organisation=enquiry.authority_id) | Q(organisation__kind=Organisation.Kind.HUB)
    rows = User.objects.active().exclude(kind=User.Kind.SYSTEM)
    return rows.filter(mine | Q(organisation__in=lent)).order_by("organisation__name", "name")


@transaction.atomic
def take_off(*, enquiry: Enquiry, by: User, person: User, reason: str) -> None:
    """Somebody is on the access list no longer; at once. A manager stays: somebody has to keep it."""
    refuse_others(by, "keep an access list")
    enquiry = Enquiry.objects.hold(enquiry)
    check_reason(reason)
    row = Access.objects.live().filter(enquiry=enquiry, person=person).first()
    if row is None:
        raise NotPossible("They are not on the access list.", status=enquiry.status)
    if not Access.objects.filter(enquiry=enquiry).exclude(pk=row.pk).keeping().exists():
        raise NotPossible("At least one manager stays on the access list.", status=enquiry.status)
    row.until = timezone.now()
    row.save(update_fields=("until",))
    if enquiry.owner_id == person.pk:
        take_from(enquiry, by, reason)
    record(enquiry, "enquiry.taken_off", by, reason, people=[person.name])


@transaction.atomic
def block(*, enquiry: Enquiry, by: User, person: User, reason: str) -> None:
    """A conflict of interest: this person is kept out, of this enquiry and of those it is joined with, at once.

    Everybody may say it of themselves; of others a manager.
    """
    if person != by:
        refuse_others(by, "record a conflict of interest of somebody else")
    check_reason(reason)
    if not seers(enquiry).filter(pk=person.pk).exists():
        raise Invalid([Fault("/person", "unknown", "Choose somebody who may see this enquiry.")])
    for joined in family_of(enquiry):
        keep_out(Enquiry.objects.hold(joined), by, person, reason)


def family_of(enquiry: Enquiry) -> list[Enquiry]:
    """The enquiry, those it continues and those that continue it, however far, in the order they are locked."""
    found, edge = {enquiry.pk: enquiry}, [enquiry]
    while edge:
        further = [row for one in edge for row in Enquiry.objects.linked_to(one)]
        edge = [row for row in further if row.pk not in found]
        found |= {row.pk: row for row in edge}
    return [found[pk] for pk in sorted(found)]


def keep_out(enquiry: Enquiry, by: User, person: User, reason: str) -> None:
    if ConflictBlock.objects.live().filter(enquiry=enquiry, person=person).exists():
        return
    if enquiry.restricted and Access.objects.filter(enquiry=enquiry).kept_alone_by(person).exists():
        sentence = "Nobody else could keep its access list. Have another manager let in first."
        raise NotPossible(sentence, status=enquiry.status)
    if enquiry.owner_id == person.pk:
        leave(enquiry, person, by, reason)
    ConflictBlock.objects.create(enquiry=enquiry, person=person, since=timezone.now(), reason=reason)
    record(enquiry, "enquiry.conflict", by, reason, people=[person.name])


def leave(enquiry: Enquiry, person: User, by: User, reason: str) -> None:
    """Who declares a conflict of their own puts the enquiry back; of another, the manager takes it."""
    if person != by:
        take_from(enquiry, by, reason)
    elif enquiry.status == Status.IN_TRIAGE:
        enquiry.seen_version = None
        enquiry.make(Transition.RELEASE, by=by, owner=None)
    else:
        Enquiry.objects.filter(pk=enquiry.pk).update(owner=None)


@transaction.atomic
def propose(
    *, enquiry: Enquiry, by: User, kind: str, reason: str, person: User | None = None
) -> AccessProposal:
    """To let somebody in, to lift the restriction or to end a conflict: another manager decides it."""
    refuse_others(by, "propose it")
    enquiry = Enquiry.objects.hold(enquiry)
    check_reason(reason)
    check_proposal(enquiry, kind, person)
    row = put_forward(enquiry, by, kind, reason, person)
    record(enquiry, "enquiry.access_proposed", by, reason, what=Kind(kind).label, people=names_of(person))
    return row


def put_forward(
    enquiry: Enquiry, by: User, kind: str, reason: str, person: User | None = None
) -> AccessProposal:
    waiting = AccessProposal.objects.waiting().filter(enquiry=enquiry, kind=kind, person=person)
    if waiting.exists():
        raise NotPossible("This was asked already, and waits for a manager.", status=enquiry.status)
    enquiry.notify(Notification.Kind.RESTRICTION, to=Party.MANAGER)
    return AccessProposal.objects.create(
        enquiry=enquiry, kind=kind, person=person, reason=reason, proposed_by=by, proposed_at=timezone.now()
    )


def check_proposal(enquiry: Enquiry, kind: str, person: User | None) -> None:
    if kind not in (Kind.LET_IN, Kind.LIFT, Kind.UNBLOCK):
        raise Invalid([Fault("/kind", "unknown", "Choose one of the list.")])
    if kind != Kind.UNBLOCK and not enquiry.restricted:
        raise NotPossible("This enquiry is not restricted.", status=enquiry.status)
    if kind == Kind.LIFT:
        if person is not None:
            raise Invalid([Fault("/person", "unknown", "A restriction is lifted for all.")])
        return
    if person is None:
        raise Invalid([Fault("/person", "required", "Say whom you mean.")])
    if kind == Kind.LET_IN and not seers(enquiry).filter(pk=person.pk).exists():
        sentence = "Choose somebody of the hub, of the authority, or of a service it is lent to."
        raise Invalid([Fault("/person", "unknown", sentence)])
    if kind == Kind.LET_IN and Access.objects.live().filter(enquiry=enquiry, person=person).exists():
        raise NotPossible("They are on the access list already.", status=enquiry.status)
    if (
        kind == Kind.UNBLOCK
        and not ConflictBlock.objects.live().filter(enquiry=enquiry, person=person).exists()
    ):
        raise NotPossible("No conflict of interest of theirs is on record.", status=enquiry.status)


@transaction.atomic
def decide(*, proposal: AccessProposal, by: User, agreed: bool) -> AccessProposal:
    """Another manager agrees or not; they need not see the enquiry for it."""
    refuse_others(by, "decide it")
    enquiry = Enquiry.objects.hold(proposal.enquiry)
    row = AccessProposal.objects.visible_to(by).filter(pk=proposal.pk).first()
    if row is None:
        raise NotFound
    if row.decided_at is not None:
        raise NotPossible("This is decided already.", status=enquiry.status)
    if row.proposed_by_id == by.pk:
        raise Forbidden("Nobody decides what they proposed themselves.")
    if agreed and row.kind == Kind.RESTRICT:
        sentence = "Restrict it on its own page: there you say who goes on seeing it."
        raise NotPossible(sentence, status=enquiry.status)
    row.agreed, row.decided_by, row.decided_at = agreed, by, timezone.now()
    row.save()
    if agreed:
        open_up(enquiry, row)
    verb = DONE[Kind(row.kind)] if agreed else "enquiry.access_refused"
    record(enquiry, verb, by, row.reason, people=names_of(row.person), proposed_by=row.proposed_by.name)
    return row


def open_up(enquiry: Enquiry, row: AccessProposal) -> None:
    """Everybody it was agreed for, from now on."""
    now = timezone.now()
    match row.kind:
        case Kind.LET_IN:
            assert row.person is not None
            Access.objects.create(enquiry=enquiry, person=row.person, since=now)
        case Kind.LIFT:
            Access.objects.live().filter(enquiry=enquiry).update(until=now)
            Enquiry.objects.filter(pk=enquiry.pk).update(restricted=False, updated_at=now)
        case Kind.UNBLOCK:
            blocks = ConflictBlock.objects.live().filter(person=row.person)
            blocks.filter(enquiry__in=[one.pk for one in family_of(enquiry)]).update(until=now)


def carry_over(enquiry: Enquiry) -> None:
    """What continues a restricted enquiry is restricted as it is, and a conflict with the family goes on."""
    earlier = Enquiry.objects.filter(reference=enquiry.continues_id).values("pk", "restricted").first()
    if earlier is None:
        return
    now = timezone.now()
    copy(ConflictBlock, earlier["pk"], enquiry, now)
    if earlier["restricted"] and not enquiry.restricted:
        Enquiry.objects.filter(pk=enquiry.pk).update(restricted=True)
        enquiry.restricted = True
        copy(Access, earlier["pk"], enquiry, now)


def copy(model: type[Access] | type[ConflictBlock], earlier: int, enquiry: Enquiry, now: datetime) -> None:
    """The rows that hold, once: a draft has had them when it is sent."""
    there = set(model.objects.live().filter(enquiry=enquiry).values_list("person_id", flat=True))
    for row in model.objects.live().filter(enquiry=earlier).exclude(person__in=there):
        row.pk, row._state.adding, row.enquiry, row.since = None, True, enquiry, now
        row.save(force_insert=True)


def refuse_readers(by: User) -> None:
    if not by.has(Role.MANAGER, Role.AUDITOR):
        raise Forbidden("Your role does not allow this: read an access list.")


def refuse_others(by: User, what: str) -> None:
    if not by.has(Role.MANAGER):
        raise Forbidden(f"Your role does not allow this: {what}.")


def refuse_draft(enquiry: Enquiry) -> None:
    if enquiry.status == Status.DRAFT:
        raise NotPossible(enquiry.standing_sentence(), status=enquiry.status)


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", "Give the reason. It stays on record.")])


def names_of(person: User | None) -> list[str]:
    return [person.name] if person else []


def record(enquiry: Enquiry, verb: str, by: User, reason: str, **data: Any) -> None:
    """For the hub only: who may see what is nobody else's business."""
    Event.objects.record(enquiry, verb=verb, by=by, note=reason, data=data, audience=Event.Audience.HUB)
