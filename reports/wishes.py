"""Who of those a letter is meant for wants it now, and who later; a letter that always comes asks nobody."""

from dataclasses import dataclass

from django.db.models.functions import Lower

from intake.models import LetterChoice, Notification
from intake.topics import topic_of


@dataclass(frozen=True)
class Wishes:
    """The addresses to write to now, and the people whose daily letter it waits for."""

    now: list[str]
    daily: list[int]


def wishes(notification: Notification, to: list[str]) -> Wishes:
    """Addresses of nobody's account, a mailbox or a referrer without one, have it at once."""
    topic = topic_of(notification.kind, notification.data)
    if topic.always:
        return Wishes(to, [])
    rows = LetterChoice.objects.alias(email=Lower("user__email")).filter(
        topic=topic.name, email__in=[email.lower() for email in to]
    )
    chosen = {email.lower(): (pk, how) for email, pk, how in rows.values_list("user__email", "user", "how")}
    return Wishes(
        now=[email for email in to if email.lower() not in chosen],
        daily=[pk for pk, how in chosen.values() if how == LetterChoice.How.DAILY],
    )
