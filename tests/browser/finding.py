"""Whose page it is, and which record it shows: found in whatever world stands in the database.

A finder takes a person and gives what the address is filled with, or None where they see no such record.
"""

from collections.abc import Callable, Iterator
from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from django.core import signing

from intake.actions.dated import TABLES, may_change
from intake.lifecycle import ENQUIRY, Lifecycle, Role
from intake.models import (
    AccessProposal,
    Attachment,
    Enquiry,
    Flag,
    Organisation,
    User,
    WebhookDelivery,
)
from intake.pages.public import SENT
from referrals.models import (
    Audit,
    BulkRun,
    Challenge,
    FollowUp,
    Improvement,
    OversightEntry,
    Referral,
    RiskOpinion,
    SecondLook,
)
from referrals.models.visit import Visit
from reports.models import PrintRun

Names = dict[str, Any]
Finder = Callable[[User], Names | None]


def people(role: str) -> Iterator[User]:
    """Who has the role, first come first."""
    yield from User.objects.filter(role_grants__role=role, is_active=True).order_by("pk")


def first(rows: Any, **names: str) -> Names | None:
    """The address's names out of the first row's columns: reference="enquiry__reference"."""
    row: Names | None = rows.order_by("pk").values(*names.values()).first()
    return row and {name: row[column] for name, column in names.items()}


def anything(user: User) -> Names | None:
    return {}


def named(**names: Any) -> Finder:
    """Always these."""
    return lambda user: names


def enquiry(*statuses: str, **names: Any) -> Finder:
    def find(user: User) -> Names | None:
        rows = Enquiry.objects.visible_to(user).filter(status__in=statuses, kind="referral")
        found = first(rows, reference="reference")
        return found and {**found, **names}

    return find


def referral(*statuses: str, **where: Any) -> Finder:
    def find(user: User) -> Names | None:
        rows = Referral.objects.visible_to(user).filter(status__in=statuses, **where)
        return first(rows, reference="reference")

    return find


def to_agree(model: Any, **names: str) -> Finder:
    """What waits for somebody else's word."""

    def find(user: User) -> Names | None:
        return first(model.objects.log_for(user).filter(needs_second=True).exclude(made_by=user), **names)

    return find


def to_move(lifecycle: Lifecycle, transition: str) -> Finder:
    """The first with which this person can make the transition now."""
    model: Any = Enquiry if lifecycle is ENQUIRY else Referral

    def find(user: User) -> Names | None:
        rows = model.objects.visible_to(user).filter(status__in=lifecycle[transition].from_).order_by("pk")
        can = (row for row in rows if transition in row.transitions_for(user) and is_for(user, row))
        return next(({"reference": row.reference} for row in can), None)

    return find


def is_for(user: User, row: Any) -> bool:
    """An assessor's own; a decision that was made here and now can be undone."""
    return not user.has(Role.ASSESSOR) or row.assessor_id == user.pk


def of_enquiry(model: Any, **names: str) -> Finder:
    """The first record of an enquiry that the person sees."""

    def find(user: User) -> Names | None:
        rows = model.objects.filter(enquiry__in=Enquiry.objects.visible_to(user), **WHERE.get(model, {}))
        return first(rows, reference="enquiry__reference", **names)

    return find


def of_referral(model: Any, **names: str) -> Finder:
    def find(user: User) -> Names | None:
        rows = model.objects.filter(referral__in=Referral.objects.visible_to(user), **WHERE.get(model, {}))
        return first(rows, reference="referral__reference", **names)

    return find


# What is still open of each.
WHERE: dict[Any, dict[str, Any]] = {
    Flag: {"lifted_at": None},
    Challenge: {"answered_at": None},
    OversightEntry: {"done_at": None, "action__gt": ""},
    RiskOpinion: {"given_at": None},
    Visit: {"done_on": None, "cancelled_at": None},
    FollowUp: {"answered_at": None, "dropped_at": None},
    Attachment: {"enquiry__status": "draft"},
}


def of_whole_enquiry(model: Any) -> Finder:
    """A challenge or an entry about no single referral."""

    def find(user: User) -> Names | None:
        seen = Enquiry.objects.visible_to(user)
        rows = model.objects.filter(enquiry__in=seen, referral=None, **WHERE[model])
        return first(rows, reference="enquiry__reference", number="pk")

    return find


def alike(user: User) -> Names | None:
    """Two of one authority, for the page that asks whether they are the same family."""
    rows = list(Enquiry.objects.visible_to(user).filter(kind="referral").exclude(status="draft")[:2])
    return {"reference": rows[0].reference, "other": rows[1].reference} if len(rows) == 2 else None


def own(model: Any, owner: str, **names: str) -> Finder:
    """What hangs on the person's own account or organisation."""

    def find(user: User) -> Names | None:
        owned = user.organisation if owner.endswith("organisation") else user
        return first(model.objects.filter(**{owner: owned}), **names)

    return find


def colleague(*, active: bool) -> Finder:
    def find(user: User) -> Names | None:
        rows = User.objects.filter(organisation=user.organisation, is_active=active, kind=User.Kind.PERSON)
        return first(rows.exclude(pk=user.pk), person="pk")

    return find


def leaver(user: User) -> Names | None:
    """Somebody with work in hand."""
    return first(User.objects.filter(owned__isnull=False).exclude(pk=user.pk), person="pk")


def service(user: User) -> Names | None:
    rows = Organisation.objects.filter(kind=Organisation.Kind.SERVICE, coverage__isnull=False)
    if user.organisation.kind == Organisation.Kind.SERVICE:
        rows = rows.filter(pk=user.organisation_id)
    return first(rows, service="code", cover="coverage__pk")


def assessor(**names: str) -> Finder:
    """An assessor of the person's own service who has what the names name."""

    def find(user: User) -> Names | None:
        rows = User.objects.filter(assessor_profile__service=user.organisation)
        rows = rows.filter(**{f"{column.removesuffix('__pk')}__isnull": False for column in names.values()})
        return first(rows, assessor="assessor_profile__pk", **names)

    return find


def proposal(user: User) -> Names | None:
    """Of somebody else: nobody decides on their own."""
    return first(AccessProposal.objects.waiting().exclude(proposed_by=user), pk="pk")


def run(model: Any) -> Finder:
    def find(user: User) -> Names | None:
        own = model in (BulkRun, PrintRun)
        rows = model.objects.filter(made_by=user) if own else model.objects.all()
        return first(rows, run="uid")

    return find


def audit(*, finished: bool) -> Finder:
    """One that is finished, or that this person is to write."""

    def find(user: User) -> Names | None:
        rows = Audit.objects.visible_to(user)
        return first(rows.finished() if finished else rows.open().filter(auditor=user), audit="pk")

    return find


def improvement(**where: Any) -> Finder:
    """One that stands so."""

    def find(user: User) -> Names | None:
        rows = Improvement.objects.visible_to(user).filter(**where)
        return first(rows.exclude(owner=user), improvement="pk")

    return find


def webhook(user: User) -> Names | None:
    rows = WebhookDelivery.objects.filter(webhook__organisation=user.organisation)
    return first(rows, webhook="webhook__pk", delivery="message")


def setting(table: str) -> Finder:
    """A row of a table of settings that can be changed."""

    def find(user: User) -> Names | None:
        rows = TABLES[table].model._default_manager.order_by("pk")
        row = next((one for one in rows if may_change(TABLES[table], one)), None)
        return row and {"table": table, "row": row.pk}

    return find


def second_look(user: User) -> Names | None:
    """A decision of somebody else, which waits for this person."""
    seen = Enquiry.objects.visible_to(user)
    rows = SecondLook.objects.filter(enquiry__in=seen, outcome="").exclude(proposed_by=user)
    return first(rows, reference="enquiry__reference")


def sent_at_the_door(user: User) -> Names | None:
    """As the public door leads on once an enquiry was sent."""
    row = Enquiry.objects.filter(authority__kind=Organisation.Kind.PUBLIC).first()
    return row and {"sent": signing.dumps(row.reference, salt=SENT)}


def reset_key(user: User) -> Names | None:
    """The link that a letter carries."""
    person = User.objects.filter(kind=User.Kind.PERSON).earliest("pk")
    key = EmailAwarePasswordResetTokenGenerator().make_token(person)
    return {"uidb36": user_pk_to_url_str(person), "key": key}
