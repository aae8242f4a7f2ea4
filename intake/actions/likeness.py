"""What the hub answers about two enquiries that look alike: linked, or not the same; and that it was a mistake."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from intake.checks import Fault
from intake.identifiers import normalise_reference
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, Likeness, User
from intake.refusals import Forbidden, Invalid, NotPossible

LOOKING = (
    Role.COORDINATOR,
    Role.MANAGER,
    Role.REVIEWER,
    Role.REFERRER,
    Role.AUTHORITY_MANAGER,
    Role.API_CLIENT,
)
UNDONE = {Likeness.Answer.LINKED: "unlinked", Likeness.Answer.NOT_THE_SAME: "open_again"}


def refuse_looking(user: User) -> None:
    """The hub's triage and the authority itself; an assessment service has nothing to do with other enquiries."""
    if not user.has(*LOOKING):
        raise Forbidden("Your role does not allow this: see related enquiries.")


def refuse_answering(by: User) -> None:
    if not by.has(Role.COORDINATOR, Role.MANAGER):
        raise Forbidden("Your role does not allow this: say whether two enquiries are about the same family.")


def answers(enquiry: Enquiry, user: User) -> QuerySet[Likeness]:
    """What stands about this enquiry and others that this person sees as well."""
    rows = Likeness.objects.visible_to(user).standing().of(enquiry)
    return rows.select_related("one__authority", "other__authority", "by")


@transaction.atomic
def answer(*, enquiry: Enquiry, other: str, answer: str, reason: str, by: User) -> Likeness:
    """Say what two enquiries are to each other; it stands until it is undone or answered otherwise.

    The same answer given again changes nothing. The history of both says so, to the hub only, for the other
    enquiry may be another authority's.
    """
    enquiry, beside = hold_both(enquiry, other, by)
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", "Say what makes you sure of it.")])
    if answer not in Likeness.Answer.values:
        raise Invalid([Fault("/answer", "unknown", "Choose one of the answers.")])
    stands, now = standing(enquiry, beside), timezone.now()
    if stands and stands.answer == answer:
        return stands
    if stands:
        stands.undo(by=by, at=now)
    one, second = sorted((enquiry, beside), key=lambda row: row.pk)
    given = Likeness.objects.create(one=one, other=second, answer=answer, reason=reason, by=by, at=now)
    record(enquiry, beside, answer, by=by, at=now, note=reason)
    return given


@transaction.atomic
def undo(*, enquiry: Enquiry, other: str, by: User, reason: str = "") -> Likeness:
    """Take the answer back: the two are offered again if they still look alike."""
    enquiry, beside = hold_both(enquiry, other, by)
    stands, now = standing(enquiry, beside), timezone.now()
    if stands is None:
        raise NotPossible("There is no answer about these two to undo.", status=enquiry.status)
    stands.undo(by=by, at=now)
    record(enquiry, beside, UNDONE[Likeness.Answer(stands.answer)], by=by, at=now, note=reason)
    return stands


def hold_both(enquiry: Enquiry, other: str, by: User) -> tuple[Enquiry, Enquiry]:
    """Both rows held, the earlier made first, so that two who answer at once do not wait for each other."""
    refuse_answering(by)
    found = Enquiry.objects.visible_to(by).filter(reference=normalise_reference(other, "ENQ")).first()
    if found is None or found.pk == enquiry.pk:
        raise Invalid([Fault("/other", "unknown", "There is no other enquiry with this reference.")])
    held = {
        row.pk: Enquiry.objects.hold(row) for row in sorted((enquiry, found), key=lambda row: int(row.pk))
    }
    for row in held.values():
        if row.status == Status.DRAFT:
            raise NotPossible(f"{row.reference} is still a draft. Send it first.", status=row.status)
    return held[enquiry.pk], held[found.pk]


def standing(enquiry: Enquiry, beside: Enquiry) -> Likeness | None:
    return Likeness.objects.standing().of(enquiry).of(beside).first()


def record(one: Enquiry, two: Enquiry, verb: str, *, by: User, at: datetime, note: str) -> None:
    """A line in each history that names the other."""
    for enquiry, beside in ((one, two), (two, one)):
        Event.objects.record(
            enquiry,
            verb=f"likeness.{verb}",
            by=by,
            at=at,
            note=note,
            data={"other": beside.reference},
            audience=Event.Audience.HUB,
        )
