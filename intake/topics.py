"""What letters are about: which of them somebody may have together once a day, or not at all, and which always come."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from intake.lifecycle import Transition

HUB, AUTHORITY, SERVICE = "hub", "authority", "assessment_service"


class Topic(NamedTuple):
    """A kind of letter in the words of the account's page, and whom it goes to."""

    name: str
    label: str
    readers: frozenset[str]
    # Why it always comes; "" where that is for its reader to say.
    always: str = ""


def topic(name: str, label: str, *readers: str, always: str = "") -> Topic:
    return Topic(name, label, frozenset(readers), always)


TOPICS: Mapping[str, Topic] = {
    row.name: row
    for row in (
        topic("received", "An enquiry of yours was received", AUTHORITY),
        topic("moved", "An enquiry or a referral moved", HUB, AUTHORITY, SERVICE),
        topic("messages", "A message was written", HUB, AUTHORITY, SERVICE),
        topic("due", "Something is due, or late", HUB, SERVICE),
        topic("follow_ups", "What became of a child afterwards", AUTHORITY),
        topic("questions", "Our questions to you", AUTHORITY, always="the clock stands still until you answer"),
        topic("drafts", "A draft that is about to be deleted", AUTHORITY, HUB, always="nobody could bring it back"),
        topic("files", "A file that we could not take", HUB, AUTHORITY, SERVICE, always="it has to be sent again"),
        topic("offers", "Offers to you", SERVICE, always="they lapse without an answer"),
        topic("oversight", "A challenge, or something that is asked of you", HUB, SERVICE, always="somebody waits"),
        topic("access", "Who may see an enquiry", HUB, always="it keeps people safe"),
    )
}  # fmt: skip
BY_KIND = {
    "acknowledgement": "received",
    "continued": "moved",
    "message": "messages",
    "reminder": "due",
    "follow_up": "follow_ups",
    "chaser": "questions",
    "draft_ending": "drafts",
    "file_refused": "files",
    "oversight": "oversight",
    "restriction": "access",
}
ALWAYS = {
    ("enquiry", Transition.REQUEST_INFORMATION): "questions",
    ("enquiry", Transition.LAPSE): "questions",
    ("referral", "offer"): "offers",
}


def topic_of(kind: str, data: Mapping[str, Any]) -> Topic:
    """Of a notification: by its kind, and by the step it tells of."""
    if kind == "reminder" and data.get("about") == "offer":
        return TOPICS["offers"]
    if kind == "transition":
        step = (data.get("lifecycle", "enquiry"), data.get("transition", ""))
        return TOPICS[ALWAYS.get(step, "moved")]
    return TOPICS[BY_KIND[kind]]


def topics_for(reader: str) -> list[Topic]:
    """Those that people of this kind of organisation get."""
    return [row for row in TOPICS.values() if reader in row.readers]
