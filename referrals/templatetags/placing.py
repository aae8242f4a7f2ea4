"""History in words: what happened, of both lifecycles."""

from collections.abc import Iterable

from django import template

from intake.lifecycle import ENQUIRY
from intake.models import Event
from intake.templatetags.desk import label, short_day
from referrals.lifecycle import REFERRAL

register = template.Library()
SAYS = {
    **{f"enquiry.{name}": row.says for name, row in ENQUIRY.items()},
    **{f"referral.{name}": row.says for name, row in REFERRAL.items()},
    "enquiry.amend": "Amended",
    "enquiry.continued": "Continued by a new enquiry",
    "enquiry.opened": "Opened with a reason",
    "enquiry.restriction_asked": "Asked to restrict it",
    "enquiry.restricted": "Restricted to some people",
    "enquiry.taken_off": "Taken off the access list",
    "enquiry.access_proposed": "Proposed to open it to more people",
    "enquiry.access_refused": "Not opened to more people",
    "enquiry.let_in": "Put on the access list",
    "enquiry.restriction_lifted": "Restriction lifted",
    "enquiry.conflict": "Conflict of interest: kept out",
    "enquiry.conflict_ended": "Conflict of interest ended",
    "enquiry.priority_set": "Priority set by hand",
    "enquiry.priority_lifted": "Priority by its points again",
    "enquiry.disclosed": "Withheld address shown with a reason",
    "information.answered_in_part": "Some questions answered",
    "message.sent": "Message written",
    "note.written": "Note for the hub written",
    "likeness.linked": "Linked with an enquiry about the same family",
    "likeness.unlinked": "No longer linked",
    "likeness.not_the_same": "Said not to be the same as another",
    "likeness.open_again": "No longer said not to be the same",
    "attachment.added": "File attached",
    "attachment.scanned": "File scanned",
    "attachment.opened": "File opened",
    "enquiry.flagged": "Flag put on",
    "enquiry.unflagged": "Flag taken off",
    "enquiry.exported": "Exported in a table that names nobody",
    "document.printed": "Printed",
    "document.issued": "Document issued",
    "referral.evidence": "Evidence logged",
    "referral.visit_planned": "Visit planned",
    "referral.visit_moved": "Visit moved",
    "referral.visit_made": "Visit written up",
    "referral.visit_cancelled": "Visit cancelled",
    "referral.co_worker_added": "Co-worker named",
    "referral.co_worker_ended": "Co-worker ended",
    "referral.follow_up": "Follow-up answered",
    "referral.challenge": "Work challenged",
    "referral.oversight": "Oversight: decided",
    "referral.oversight_done": "Oversight: done",
    "enquiry.challenge": "Work challenged",
    "enquiry.challenge_answered": "Challenge answered",
    "enquiry.oversight": "Oversight: decided",
    "enquiry.oversight_done": "Oversight: done",
    "enquiry.second_look_asked": "Decision held for a second look",
    "enquiry.second_look_confirmed": "Decision confirmed by a second person",
    "enquiry.second_look_returned": "Decision returned by a second person",
    "risk.opinion_asked": "Second opinion on a risk asked for",
    "risk.opinion_given": "Second opinion on a risk given",
    "referral.challenge_answered": "Challenge answered",
}
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
        words.append(f"led by {data['assessor']}")
    if code := data.get("reason_code") or data.get("outcome_code"):
        lists = {"return_to_waiting": "reallocate"}
        name = lists.get(name, name)
        words.append(label(code, name).lower() if name in LISTS else "")
    if name in ("flagged", "unflagged"):
        words.append(label(data["code"], "flag").lower())
    if data.get("other"):
        words.append(data["other"])
    if data.get("next_of"):
        words.append(f"next of “{data['next_of']}”")
    if data.get("untouched_hours"):
        words.append(f"untouched for {data['untouched_hours']:g} office hours")
    if data.get("reply_by"):
        words.append(f"reply by {short_day(data['reply_by'])}")
    return ", ".join(word for word in words if word)
