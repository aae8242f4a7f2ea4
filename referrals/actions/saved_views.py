"""Views of the lists that somebody keeps: saved, renamed, shared, put in order, deleted."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.models import Organisation, SavedView, User
from intake.models.saved_view import VIEWERS
from intake.refusals import Forbidden, Invalid
from referrals import viewing

MOST = 50


def check_may_keep(by: User) -> None:
    if by.organisation.kind != Organisation.Kind.HUB or not by.has(*VIEWERS):
        raise Forbidden("Your role does not allow this: keep a view of a list.")


@transaction.atomic
def save(
    *, by: User, name: str, of: str, query: str = "", shared: bool = False, digest: str = "none"
) -> SavedView:
    """Keep a list's filters under a name, for oneself or for the whole team."""
    check_may_keep(by)
    hold_shelf(by)
    mine = SavedView.objects.filter(owner=by)
    if mine.count() >= MOST:
        raise Invalid([Fault("/name", "too_many", f"You have {MOST} views. Delete one first.")])
    view = SavedView(owner=by, of=of, shared=shared, created_at=timezone.now())
    view.query = viewing.normalised(of, query, by)
    view.name = fresh_name(view, name)
    view.position = mine.count()
    set_digest(view, digest)
    view.save(force_insert=True)
    return view


@transaction.atomic
def change(*, view: SavedView, by: User, **changes: Any) -> SavedView:
    """Its name, query, place, digest, or whether it is shared; a colleague's shared one only a manager."""
    check_may_keep(by)
    hold_shelf(view.owner)
    view = SavedView.objects.select_related("owner").get(pk=view.pk)
    refuse_others(view, by, changes)
    if "query" in changes:
        view.query = viewing.normalised(view.of, changes["query"], by)
    if "name" in changes:
        view.name = fresh_name(view, changes["name"])
    if "digest" in changes:
        set_digest(view, changes["digest"])
    view.shared = changes.get("shared", view.shared)
    view.position = changes.get("position", view.position)
    view.save()
    return view


@transaction.atomic
def move_up(*, view: SavedView, by: User) -> None:
    """One place up among one's own; the first stays."""
    check_may_keep(by)
    hold_shelf(by)
    rows = list(SavedView.objects.filter(owner=by))
    place = next((n for n, row in enumerate(rows) if row.pk == view.pk), 0)
    if place:
        rows.insert(place - 1, rows.pop(place))
    for n, row in enumerate(rows):
        row.position = n
    SavedView.objects.bulk_update(rows, ("position",))


@transaction.atomic
def delete(*, view: SavedView, by: User) -> None:
    """Gone, with the marks of its digests; the enquiries in it stay as they are."""
    check_may_keep(by)
    refuse_others(view, by, {})
    SavedView.objects.filter(pk=view.pk).delete()


def refuse_others(view: SavedView, by: User, changes: dict[str, Any]) -> None:
    if not view.is_kept_by(by):
        raise Forbidden("This view is a colleague’s. Save it as one of yours, then change that.")
    if "digest" in changes and view.owner_id != by.pk:
        raise Forbidden("Whose view it is says whether they get a letter.")


def hold_shelf(owner: User) -> None:
    """One change to somebody's views at a time, so that two of one name are refused with a sentence."""
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)


def fresh_name(view: SavedView, name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid([Fault("/name", "required", "Give the view a name.")])
    if len(name) > 80:
        raise Invalid([Fault("/name", "max_length", "At most 80 characters.")])
    same = SavedView.objects.filter(owner_id=view.owner_id, of=view.of, name=name).exclude(pk=view.pk)
    if same.exists():
        raise Invalid([Fault("/name", "repeated", "There is a view of this name already.")])
    return name


def set_digest(view: SavedView, digest: str) -> None:
    """The first letter comes on the next day on which one is due; turned on again, not for days gone by."""
    if digest not in SavedView.Digest.values:
        raise Invalid([Fault("/digest", "unknown", "One of: none, daily, weekly.")])
    if digest != view.digest or view.digest_from is None:
        view.digest_from = None if digest == SavedView.Digest.NONE else timezone.localdate()
    view.digest = digest
