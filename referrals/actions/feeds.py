"""Calendar feeds: made, made anew, ended; each on record with the account."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from intake.models import AccountEvent, Organisation, User
from intake.refusals import Forbidden, NotPossible
from referrals.models import Feed

FETCH_NOTED_EVERY = timedelta(hours=1)
Verb = AccountEvent.Verb


def may_have(user: User) -> list[Feed.Whose]:
    """Which feeds this person can make."""
    if user.organisation.kind != Organisation.Kind.SERVICE:
        return []
    return [whose for whose in Feed.Whose if user.has(Feed(whose=whose).needs)]


@transaction.atomic
def make(*, by: User, whose: str) -> tuple[Feed, str]:
    """A feed and its secret: shown now, kept as a hash, never again. The one before it ends at this moment."""
    if whose not in may_have(by):
        raise Forbidden("Your role does not allow this: make a calendar feed.")
    for former in Feed.objects.live().filter(owner=by, whose=whose).select_for_update():
        end(former, by)
    secret = token_urlsafe(32)
    try:
        with transaction.atomic():
            feed = Feed.objects.create(
                owner=by,
                whose=whose,
                secret_hash=hashed(secret),
                key_hash=hashed(key_of(secret)),
                made_at=timezone.now(),
            )
    except IntegrityError:
        raise NotPossible("It was made at the same moment elsewhere. Look again.", status="live") from None
    AccountEvent.objects.record(
        Verb.FEED_MADE, by=by, organisation=by.organisation, person=by, whose=feed.whose
    )
    return feed, secret


@transaction.atomic
def revoke(*, feed: Feed, by: User) -> Feed:
    """Nobody reads it from the next fetch on. By whoever has it, and the leads of their service."""
    if not Feed.objects.visible_to(by).filter(pk=feed.pk).exists():
        raise Forbidden("Your role does not allow this: end this calendar feed.")
    held = Feed.objects.select_for_update(of=("self",)).select_related("owner__organisation").get(pk=feed.pk)
    if held.revoked_at is None:
        end(held, by)
    return held


def end(feed: Feed, by: User) -> None:
    feed.revoked_at = timezone.now()
    feed.save(update_fields=("revoked_at",))
    AccountEvent.objects.record(
        Verb.FEED_REVOKED, by=by, organisation=by.organisation, person=feed.owner, whose=feed.whose
    )


def key_of(secret: str) -> str:
    """The key in the address: it follows from the secret, and does not give it away."""
    return salted_hmac("referrals.feed", secret, algorithm="sha256").hexdigest()


def hashed(value: str) -> str:
    return sha256(value.encode()).hexdigest()


def opens(feed: Feed, *, secret: str = "", key: str = "") -> bool:
    """Whether what was shown fits, and its owner still has the role for it today."""
    shown, kept = (secret, feed.secret_hash) if secret else (key, feed.key_hash)
    fits = constant_time_compare(hashed(shown), kept)
    owner = feed.owner
    return fits and feed.revoked_at is None and owner.is_active and feed.whose in may_have(owner)


def note_fetch(feed: Feed, now: datetime) -> None:
    """To the hour: a calendar program asks often."""
    if feed.fetched_at is None or now - feed.fetched_at >= FETCH_NOTED_EVERY:
        Feed.objects.filter(pk=feed.pk).update(fetched_at=now)
