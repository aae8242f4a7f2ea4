"""History in words: what happened, of both lifecycles."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext

from intake.models import Event
from intake.templatetags.desk import label, short_day
from referrals.verbs import SAYS

register = template.Library()
LISTS = ("decline", "withdraw", "decline_offer", "reallocate", "cancel", "pause", "close")


@register.filter
def says(event: Event) -> str:
    """The verb of a line of history as a person says it."""
    return SAYS.get(event.verb) or event.verb.rpartition(".")[2].replace("_", " ").capitalize()


@register.filter
def minus(number: int) -> str:
    """With the sign that is as wide as a plus."""
    return f"−{-number}" if number < 0 else str(number)


@register.filter
def sorted_words(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


@register.filter
def because(event: Event) -> str:
    """The coded reason in words, and the day something is promised for."""
    data, name = event.data, event.verb.rpartition(".")[2]
    words = []
    if data.get("service"):
        words.append(f"to {data['service']}")
    if data.get("assessor"):
        words.append(gettext("led by {assessor}").format(assessor=data["assessor"]))
    if code := data.get("reason_code") or data.get("outcome_code"):
        lists = {"return_to_waiting": "reallocate"}
        name = lists.get(name, name)
        words.append(label(code, name).lower() if name in LISTS else "")
    if name in ("flagged", "unflagged"):
        words.append(label(data["code"], "flag").lower())
    if data.get("other"):
        words.append(data["other"])
    if data.get("next_of"):
        words.append(gettext("next of “{next_of}”").format(next_of=data["next_of"]))
    if data.get("untouched_hours"):
        words.append(
            gettext("untouched for {untouched_hours:g} office hours").format(
                untouched_hours=data["untouched_hours"]
            )
        )
    if data.get("reply_by"):
        words.append(gettext("reply by {reply_by}").format(reply_by=short_day(data["reply_by"])))
    return ", ".join(word for word in words if word)
