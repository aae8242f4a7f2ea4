"""What a reminder says: of what, at which stage; nobody's name, nothing that was typed."""

from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Words(NamedTuple):
    headline: str
    to_do: str


WORDS: dict[tuple[str, str], Words] = {
    ("offer", "tomorrow"): Words(
        _("An offer waits for your answer"),
        _("Please accept or decline it. Without an answer it lapses when our office closes on the last day."),
    ),
    ("late", "tomorrow"): Words(_("A report is needed tomorrow"), _("Please see that it goes out in time.")),
    ("late", "over"): Words(
        _("A report is late"), _("The day it was needed has passed. Say what keeps it, and when it comes.")
    ),
    ("late", "week"): Words(
        _("A report is still late"), _("It is late by a week or more. Say what keeps it, and when it comes.")
    ),
    ("decision", "tomorrow"): Words(
        _("A decision is due tomorrow"), _("Please decide, or ask what you need.")
    ),
    ("decision", "over"): Words(
        _("A decision is late"), _("Our own promise has passed. Please decide it next.")
    ),
    ("decision", "week"): Words(
        _("A decision is still late"), _("It is late by a week or more. Please decide it next.")
    ),
    ("review", "tomorrow"): Words(
        _("A review is due tomorrow"),
        _("Please deliver the report, or send it back with what is to be mended."),
    ),
    ("review", "over"): Words(
        _("A review is late"), _("Our own time for it has passed. Please review it next.")
    ),
    ("review", "week"): Words(
        _("A review is still late"), _("It is late by a week or more. Please review it next.")
    ),
    ("asked", "tomorrow"): Words(
        _("What oversight asks for is due tomorrow"), _("Please do it, and say on its page that it is done.")
    ),
    ("asked", "over"): Words(
        _("What oversight asks for is late"),
        _("Its day has passed. Say on its page that it is done, or what keeps it."),
    ),
    ("asked", "week"): Words(
        _("What oversight asks for is still late"),
        _("It is late by a week or more. Say on its page that it is done, or what keeps it."),
    ),
    ("audit", "asked"): Words(
        _("An audit is asked of you"),
        _("You had no part in this work. Please read it, and say how good it was."),
    ),
    ("audit", "returned"): Words(
        _("An audit came back to you"), _("A manager asks you to look at it again. Why, is on its page.")
    ),
    ("audit", "tomorrow"): Words(_("An audit is due tomorrow"), _("Please finish it.")),
    ("audit", "over"): Words(_("An audit is late"), _("Its day has passed. Please finish it next.")),
    ("audit", "week"): Words(
        _("An audit is still late"), _("It is late by a week or more. Please finish it next.")
    ),
    ("audited", "finished"): Words(
        _("Work of yours was audited"),
        _("What was found is there, for you to learn from. You can reply to it."),
    ),
    ("audited", "inadequate"): Words(
        _("An audit found work inadequate"),
        _("Please read it, and see that what is to change has its owner."),
    ),
    ("improvement", "asked"): Words(
        _("An improvement is yours to bring about"), _("What is to change, and by when, is on its page.")
    ),
    ("improvement", "tomorrow"): Words(
        _("An improvement is due tomorrow"), _("Please say on its page what shows that it is done.")
    ),
    ("improvement", "over"): Words(
        _("An improvement is late"),
        _("Its day has passed. Say what shows that it is done, or ask for another day."),
    ),
    ("improvement", "week"): Words(
        _("An improvement is still late"),
        _("It is late by a week or more. Say what shows that it is done, or ask for another day."),
    ),
    ("pause", "today"): Words(
        _("A pause is to be looked at again"), _("Can the work go on? Resume it, or give another day.")
    ),
    ("pause", "week"): Words(
        _("A pause is still to be looked at again"), _("The day to look again has passed by a week or more.")
    ),
    ("risk", "today"): Words(_("A risk is to be looked at again"), _("Its day of review has come.")),
    ("risk", "week"): Words(
        _("A risk is still to be looked at again"), _("Its day of review has passed by a week or more.")
    ),
}
OTHERWISE = Words(_("Something is due"), _("Please look at it."))


def words(data: dict[str, Any]) -> Words:
    """In the language in which we speak."""
    found = WORDS.get((str(data.get("about", "")), str(data.get("stage", ""))), OTHERWISE)
    return Words(gettext(found.headline), gettext(found.to_do))
