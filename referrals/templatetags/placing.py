"""History in words: what happened, of both lifecycles."""

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
    "document.printed": "Printed",
    "document.issued": "Document issued",
    "referral.evidence": "Evidence logged",
    "referral.challenge": "Work challenged",
    "referral.challenge_answered": "Challenge answered",
}
LISTS = ("decline", "withdraw", "decline_offer", "reallocate", "cancel", "pause", "close")


@register.filter
def says(event: Event) -> str:
    """The verb of a line of history as a person says it."""
    return SAYS.get(event.verb) or event.verb.rpartition(".")[2].replace("_", " ").capitalize()


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
    if data.get("other"):
        words.append(data["other"])
    if data.get("reply_by"):
        words.append(f"reply by {short_day(data['reply_by'])}")
    return ", ".join(word for word in words if word)
