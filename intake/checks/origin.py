"""What prompted an enquiry, and what it continues: the rules that need no look at the earlier one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from intake.checks.faults import Asked, Fault, part, rows, text

# What prompts a fresh triage, with a reason.
AFRESH = frozenset({"change_of_circumstances", "step_up"})
_NEED_AN_EARLIER_ONE = frozenset({"continued", "sent_again", "change_of_circumstances"})
# At most three capitals: what a preliminary enquiry calls somebody, and no name written out.
_INITIALS = re.compile(r"(?:(?i:baby|child|of)\s+)*(?:[^\W\d_a-z][.\s]*){1,3}|(?i:baby|child)")


def origin(asked: Asked) -> Iterator[Fault]:
    """The code of the list, the earlier enquiry where the code speaks of one, and a reason for a fresh triage."""
    prompted, earlier = part(asked.body, "prompted_by"), text(asked.body, "continues")
    code = text(prompted, "code")
    yield from asked.coded("/prompted_by/code", prompted.get("code"), "prompted_by")
    if earlier and not code:
        yield Fault("/prompted_by/code", "required", "Say why this continues an earlier enquiry.", True)
    if earlier and code == "first":
        detail = "A first enquiry continues none. Choose another reason, or leave the earlier one out."
        yield Fault("/prompted_by/code", "continues_one", detail)
    if code in _NEED_AN_EARLIER_ONE and not earlier:
        yield Fault("/continues", "required", "Give the reference of the enquiry that this continues.", True)
    if code in AFRESH and not text(prompted, "reason"):
        yield Fault("/prompted_by/reason", "required", "Say what has changed, or why it is stepped up.", True)
    if code == "step_up" and not any(_ended(child) for child in asked.children):
        detail = "A step-up needs the early help episode of a child: that there was one, and how it ended."
        yield Fault("/children", "early_help", detail, True)
    if code == "continued" and asked.full:
        yield from _initials(asked)


def _ended(child: Mapping[str, Any]) -> bool:
    episode = part(child, "early_help")
    how = text(episode, "end_reason")
    return episode.get("had") is True and (bool(episode.get("to")) or how not in ("", "still_open"))


def _initials(asked: Asked) -> Iterator[Fault]:
    """What was carried over from an anonymous enquiry is no name yet; an unborn child may have none."""
    for members in ("children", "adults", "household"):
        for place, person in enumerate(rows(asked.body, members)):
            unborn = person.get("expected_date_of_delivery")
            if not unborn and _INITIALS.fullmatch(text(person, "name")):
                detail = "Give the name in full. Initials were enough before the court's permission."
                yield Fault(f"/{members}/{place}/name", "initials", detail, True)
