"""The second person's word, of exports and print runs alike: when it is needed, who gives it, for how many people.

Counted when it is asked for, and again before anything of it is made: decisions 0047 and 0051.
"""

from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.models import Organisation, Person, User
from intake.refusals import Forbidden, Invalid, NotPossible
from reports.models import Agreed
from reports.models.agreed import SECOND

A = TypeVar("A", bound=Agreed)
# More people by name than this leave with a second person's word only.
PEOPLE_ALONE = 50
AGREED_WITHIN = timedelta(days=7)
# What weighing changes.
WEIGHED = (
    "people", "asked_at", "needs_second", "agree_by", "told_at", "agreed", "agreed_by", "agreed_at", "answer_reason",
)  # fmt: skip
ASK_THE_HUB = (
    "There are {people} children in it. More than 50 at once leave only from the hub, with the word of a second "
    "person: ask the hub’s manager, or filter further."
)


def children_of(enquiries: Any) -> int:
    """How many children the papers or rows about these enquiries name."""
    return Person.objects.filter(part=Person.Part.CHILD, enquiry__in=enquiries).count()


def needs_second(asked: Agreed) -> bool:
    """Whether there are more in it than may leave on one person's word, or than somebody agreed to."""
    return asked.people > (asked.agreed_people if asked.agreed else PEOPLE_ALONE)


def check_may_ask(asked: Agreed, by: User) -> None:
    """Many leave from the hub only."""
    if needs_second(asked) and by.organisation.kind != Organisation.Kind.HUB:
        raise Forbidden(ASK_THE_HUB.format(people=f"{asked.people:,}"))


def weigh(asked: Agreed, by: User) -> None:
    """Have it begin, or go on; or have it wait for a second person, or for another word of one."""
    check_may_ask(asked, by)
    if not needs_second(asked):
        asked.needs_second = bool(asked.agreed)
        asked.asked_at = asked.asked_at or timezone.now()
        return
    asked.asked_at, asked.needs_second, asked.told_at = None, True, None
    asked.agreed = asked.agreed_by = asked.agreed_at = None
    asked.answer_reason = ""
    asked.agree_by = timezone.now() + AGREED_WITHIN


def check_may_agree(user: User) -> None:
    if user.organisation.kind != Organisation.Kind.HUB or not user.has(*SECOND):
        raise Forbidden("Your role does not allow this: agree to what somebody else asked for.")


@transaction.atomic
def answer(*, asked: A, by: User, agreed: bool, reason: str = "") -> A:
    """Another manager or auditor agrees or not; of what is in it they see how much, and not whom."""
    check_may_agree(by)
    asked = hold(asked)
    if asked.made_by_id == by.pk:
        raise Forbidden("Nobody agrees to what they asked for themselves.")
    now = timezone.now()
    word = asked.word_at(now)
    if asked.cancelled_at is not None or word != Agreed.Word.WAITING:
        raise NotPossible(
            f"There is nothing to agree to. {asked.state_at(now).label}.", status=asked.state_at(now)
        )
    if not agreed and not reason.strip():
        raise Invalid([Fault("/reason", "required", "Say why not: whoever asked reads it.")])
    asked.agreed, asked.agreed_by, asked.agreed_at, asked.agreed_people = agreed, by, now, asked.people
    asked.answer_reason = reason.strip()
    if agreed:
        asked.asked_at = now
    else:
        asked.finished_at = now
    asked.save()
    return asked


def hold(asked: A) -> A:
    rows: Any = type(asked)._default_manager.select_for_update(of=("self",))
    found: A = rows.select_related("made_by__organisation").get(pk=asked.pk)
    return found
