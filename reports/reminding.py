"""What a reminder says: of what, at which stage; nobody's name, nothing that was typed."""

from typing import Any, NamedTuple


class Words(NamedTuple):
    headline: str
    to_do: str


WORDS: dict[tuple[str, str], Words] = {
    ("offer", "tomorrow"): Words(
        "An offer waits for your answer",
        "Please accept or decline it. Without an answer it lapses when our office closes on the last day.",
    ),
    ("late", "tomorrow"): Words("A report is needed tomorrow", "Please see that it goes out in time."),
    ("late", "over"): Words(
        "A report is late", "The day it was needed has passed. Say what keeps it, and when it comes."
    ),
    ("late", "week"): Words(
        "A report is still late", "It is late by a week or more. Say what keeps it, and when it comes."
    ),
    ("decision", "tomorrow"): Words("A decision is due tomorrow", "Please decide, or ask what you need."),
    ("decision", "over"): Words("A decision is late", "Our own promise has passed. Please decide it next."),
    ("decision", "week"): Words(
        "A decision is still late", "It is late by a week or more. Please decide it next."
    ),
    ("review", "tomorrow"): Words(
        "A review is due tomorrow", "Please deliver the report, or send it back with what is to be mended."
    ),
    ("review", "over"): Words("A review is late", "Our own time for it has passed. Please review it next."),
    ("review", "week"): Words(
        "A review is still late", "It is late by a week or more. Please review it next."
    ),
    ("asked", "tomorrow"): Words(
        "What oversight asks for is due tomorrow", "Please do it, and say on its page that it is done."
    ),
    ("asked", "over"): Words(
        "What oversight asks for is late",
        "Its day has passed. Say on its page that it is done, or what keeps it.",
    ),
    ("asked", "week"): Words(
        "What oversight asks for is still late",
        "It is late by a week or more. Say on its page that it is done, or what keeps it.",
    ),
    ("pause", "today"): Words(
        "A pause is to be looked at again", "Can the work go on? Resume it, or give another day."
    ),
    ("pause", "week"): Words(
        "A pause is still to be looked at again", "The day to look again has passed by a week or more."
    ),
    ("risk", "today"): Words("A risk is to be looked at again", "Its day of review has come."),
    ("risk", "week"): Words(
        "A risk is still to be looked at again", "Its day of review has passed by a week or more."
    ),
}
OTHERWISE = Words("Something is due", "Please look at it.")


def words(data: dict[str, Any]) -> Words:
    return WORDS.get((str(data.get("about", "")), str(data.get("stage", ""))), OTHERWISE)
