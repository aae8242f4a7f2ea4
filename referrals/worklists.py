"""The referrals' lists by name: filters that anybody may also choose, and how many there are."""

from types import SimpleNamespace

from intake.models import Organisation, User
from intake.worklists import Capped, Count, NamedList, capped, oldest, one_row
from referrals.filters import ReferralFilter
from referrals.lifecycle import OPEN, Status
from referrals.models import Referral
from referrals.models.referral import ReferralQuerySet

STILL = tuple(sorted(OPEN))
LISTS = {
    row.name: row
    for row in (
        NamedList("to_place", "To place", {"status": (Status.WAITING,)}, "oldest"),
        NamedList("offered", "Offered", {"status": (Status.OFFERED,)}, "oldest"),
        NamedList("late", "Late", {"late": ("true",)}, "oldest"),
        NamedList("mine", "Mine", {"status": STILL, "owner": ("me",)}, "oldest"),
        NamedList("my_assessments", "Mine", {"status": STILL, "assessor": ("me",)}, "oldest"),
    )
}


def lists_for(user: User) -> dict[str, NamedList]:
    """The hub has enquiries of its own, an assessor assessments; nobody has both."""
    in_service = user.organisation.kind == Organisation.Kind.SERVICE
    if in_service:
        return {"offered": LISTS["offered"], "late": LISTS["late"], "mine": LISTS["my_assessments"]}
    return {name: row for name, row in LISTS.items() if name != "my_assessments"}


def rows_of(row: NamedList, user: User) -> ReferralQuerySet:
    """What somebody sees in a named list."""
    visible = Referral.objects.visible_to(user)
    found: ReferralQuerySet = ReferralFilter(row.as_query(), visible, request=SimpleNamespace(user=user)).qs
    return found


def counts(user: User) -> dict[str, Count]:
    """How many are in each list for somebody, up to the cap, in one statement."""
    lists = {name: rows_of(row, user) for name, row in lists_for(user).items()}
    numbers = {f"number_{name}": Capped(rows) for name, rows in lists.items()}
    since = {f"oldest_{name}": oldest(rows, "created_at") for name, rows in lists.items()}
    found = one_row(user, numbers | since)
    return {name: capped(found[f"number_{name}"], found[f"oldest_{name}"]) for name in lists}
