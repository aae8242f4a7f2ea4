"""What a reminder says: of what, at which stage; nobody's name, nothing that was typed."""

from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop


class Words(NamedTuple):
    headline: str
    to_do: str


WORDS: dict[tuple[str, str], Words] = {
    ("offer", "tomorrow"): Words(
        gettext_noop("An offer waits for your answer"),
        gettext_noop(
            "Please accept or decline it. Without an answer it lapses when our office closes on the last day."
        ),
    ),
    ("late", "tomorrow"): Words(
        gettext_noop("A report is needed tomorrow"), gettext_noop("Please see that it goes out in time.")
    ),
    ("late", "over"): Words(
        gettext_noop("A report is late"),
        gettext_noop("The day it was needed has passed. Say what keeps it, and when it comes."),
    ),
    ("late", "week"): Words(
        gettext_noop("A report is still late"),
        gettext_noop("It is late by a week or more. Say what keeps it, and when it comes."),
    ),
    ("decision", "tomorrow"): Words(
        gettext_noop("A decision is due tomorrow"), gettext_noop("Please decide, or ask what you need.")
    ),
    ("decision", "over"): Words(
        gettext_noop("A decision is late"), gettext_noop("Our own promise has passed. Please decide it next.")
    ),
    ("decision", "week"): Words(
        gettext_noop("A decision is still late"),
        gettext_noop("It is late by a week or more. Please decide it next."),
    ),
    ("review", "tomorrow"): Words(
        gettext_noop("A review is due tomorrow"),
        gettext_noop("Please deliver the report, or send it back with what is to be mended."),
    ),
    ("review", "over"): Words(
        gettext_noop("A review is late"),
        gettext_noop("Our own time for it has passed. Please review it next."),
    ),
    ("review", "week"): Words(
        gettext_noop("A review is still late"),
        gettext_noop("It is late by a week or more. Please review it next."),
    ),
    ("asked", "tomorrow"): Words(
        gettext_noop("What oversight asks for is due tomorrow"),
        gettext_noop("Please do it, and say on its page that it is done."),
    ),
    ("asked", "over"): Words(
        gettext_noop("What oversight asks for is late"),
        gettext_noop("Its day has passed. Say on its page that it is done, or what keeps it."),
    ),
    ("asked", "week"): Words(
        gettext_noop("What oversight asks for is still late"),
        gettext_noop("It is late by a week or more. Say on its page that it is done, or what keeps it."),
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
        gettext_noop("A pause is to be looked at again"),
        gettext_noop("Can the work go on? Resume it, or give another day."),
    ),
    ("pause", "week"): Words(
        gettext_noop("A pause is still to be looked at again"),
        gettext_noop("The day to look again has passed by a week or more."),
    ),
    ("risk", "today"): Words(
        gettext_noop("A risk is to be looked at again"), gettext_noop("Its day of review has come.")
    ),
    ("risk", "week"): Words(
        gettext_noop("A risk is still to be looked at again"),
        gettext_noop("Its day of review has passed by a week or more."),
    ),
}
OTHERWISE = Words(gettext_noop("Something is due"), gettext_noop("Please look at it."))


def words(data: dict[str, Any]) -> Words:
    """In the language in which we speak."""
    found = WORDS.get((str(data.get("about", "")), str(data.get("stage", ""))), OTHERWISE)
    return Words(gettext(found.headline), gettext(found.to_do))
