"""History in words: what happened, of both lifecycles."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext

from intake.lifecycle import ENQUIRY
from intake.models import Event
from intake.templatetags.desk import label, short_day
from intake.words import _
from referrals.lifecycle import REFERRAL

register = template.Library()
SAYS = {
    **{f"enquiry.{name}": row.says for name, row in ENQUIRY.items()},
    **{f"referral.{name}": row.says for name, row in REFERRAL.items()},
    "enquiry.amend": _("Amended"),
    "enquiry.continued": _("Continued by a new enquiry"),
    "enquiry.opened": _("Opened with a reason"),
    "enquiry.restriction_asked": _("Asked to restrict it"),
    "enquiry.restricted": _("Restricted to some people"),
    "enquiry.taken_off": _("Taken off the access list"),
    "enquiry.access_proposed": _("Proposed to open it to more people"),
    "enquiry.access_refused": _("Not opened to more people"),
    "enquiry.let_in": _("Put on the access list"),
    "enquiry.restriction_lifted": _("Restriction lifted"),
    "enquiry.conflict": _("Conflict of interest: kept out"),
    "enquiry.conflict_ended": _("Conflict of interest ended"),
    "enquiry.priority_set": _("Priority set by hand"),
    "enquiry.priority_lifted": _("Priority by its points again"),
    "enquiry.disclosed": _("Withheld address shown with a reason"),
    "information.answered_in_part": _("Some questions answered"),
    "message.sent": _("Message written"),
    "note.written": _("Note for the hub written"),
    "likeness.linked": _("Linked with an enquiry about the same family"),
    "likeness.unlinked": _("No longer linked"),
    "likeness.not_the_same": _("Said not to be the same as another"),
    "likeness.open_again": _("No longer said not to be the same"),
    "attachment.added": _("File attached"),
    "attachment.scanned": _("File scanned"),
    "attachment.opened": _("File opened"),
    "enquiry.flagged": _("Flag put on"),
    "enquiry.unflagged": _("Flag taken off"),
    "enquiry.exported": _("Exported in a table that names nobody"),
    "document.printed": _("Printed"),
    "document.issued": _("Document issued"),
    "referral.evidence": _("Evidence logged"),
    "referral.visit_planned": _("Visit planned"),
    "referral.visit_moved": _("Visit moved"),
    "referral.visit_made": _("Visit written up"),
    "referral.visit_cancelled": _("Visit cancelled"),
    "referral.co_worker_added": _("Co-worker named"),
    "referral.co_worker_ended": _("Co-worker ended"),
    "referral.follow_up": _("Follow-up answered"),
    "referral.challenge": _("Work challenged"),
    "referral.oversight": _("Oversight: decided"),
    "referral.oversight_done": _("Oversight: done"),
    "enquiry.challenge": _("Work challenged"),
    "enquiry.challenge_answered": _("Challenge answered"),
    "enquiry.oversight": _("Oversight: decided"),
    "enquiry.oversight_done": _("Oversight: done"),
    "enquiry.second_look_asked": _("Decision held for a second look"),
    "enquiry.second_look_confirmed": _("Decision confirmed by a second person"),
    "enquiry.second_look_returned": _("Decision returned by a second person"),
    "risk.opinion_asked": _("Second opinion on a risk asked for"),
    "risk.opinion_given": _("Second opinion on a risk given"),
    "referral.challenge_answered": _("Challenge answered"),
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
