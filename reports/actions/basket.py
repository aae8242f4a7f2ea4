"""The print basket: enquiries gathered by one person, from several lists, to be printed in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Status
from intake.models import User
from intake.refusals import Invalid
from reports.actions.print_runs import A_DRAFT, NOTHING_HERE, Choice, check_may_print_many
from reports.models import BasketRow
from reports.models.basket import BasketRowQuerySet

# What nobody printed in that time is forgotten.
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Put:
    """How many came in, how many were in it already, and what stayed out, by its reference, with why."""

    added: int
    there: int
    left: Sequence[tuple[str, str]]


def rows_of(user: User) -> BasketRowQuerySet:
    """In the order in which they were put in."""
    check_may_print_many(user)
    return BasketRow.objects.visible_to(user).select_related("enquiry__authority")


@transaction.atomic
def put(*, by: User, chosen: Choice) -> Put:
    """Add what was chosen; what is in it stays once. More than can be printed in one go is refused whole."""
    check_may_print_many(by)
    left, keys = [], dict[int, None]()
    for row in chosen.rows(by):
        if row.enquiry is None or row.enquiry.status == Status.DRAFT:
            left.append((row.reference, A_DRAFT if row.enquiry else NOTHING_HERE))
        else:
            keys[row.enquiry.pk] = None
    # One press after another: both count what is in it.
    User.objects.select_for_update().get(pk=by.pk)
    mine = set(BasketRow.objects.filter(user=by).values_list("enquiry", flat=True))
    new = [key for key in keys if key not in mine]
    if len(mine) + len(new) > settings.BULK_MOST:
        sentence = f"A basket holds at most {settings.BULK_MOST:,} enquiries. Print what is in it first."
        raise Invalid([Fault("/references", "too_many", sentence)])
    now = timezone.now()
    BasketRow.objects.bulk_create(BasketRow(user=by, enquiry_id=key, put_at=now) for key in new)
    return Put(len(new), len(keys) - len(new), left)


def take_out(*, by: User, references: Sequence[str]) -> int:
    """What is not in it is not missed."""
    rows = BasketRow.objects.visible_to(by).filter(enquiry__reference__in=list(references))
    return rows.delete()[0]


def empty(*, by: User) -> None:
    BasketRow.objects.filter(user=by).delete()


def forget_old(now: datetime) -> int:
    """The worker's round."""
    return BasketRow.objects.filter(put_at__lt=now - KEPT).delete()[0]
