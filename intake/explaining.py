"""One enquiry's place in the order of the work, explained: how many stand before it, and why the nearest does."""

from dataclasses import dataclass
from typing import cast

from django.utils import timezone

from intake.models import Enquiry, User
from intake.models.enquiry import EnquiryQuerySet
from intake.priority import Priority
from intake.ranking import enquiry_priority, is_ranked, with_facts
from intake.sorts import PRESSING, SORTS


@dataclass(frozen=True)
class Standing:
    """Its priority, its place among what this person sees open, and the one right before it."""

    enquiry: Enquiry
    priority: Priority
    place: int
    of: int
    before: Enquiry | None = None
    sentence: str = ""

    @property
    def place_sentence(self) -> str:
        return f"Number {self.place} of the {self.of} open enquiries, the most pressing first."


def standing(enquiry: Enquiry, user: User) -> Standing | None:
    """None for what is not open. Eight statements, whatever the number of enquiries."""
    if not is_ranked(enquiry):
        return None
    order, today = SORTS[PRESSING], timezone.localdate()
    rows = Enquiry.objects.visible_to(user).open()
    ahead = cast(EnquiryQuerySet, order.after(rows, order.place(enquiry), reverse=True))
    number = ahead.count()
    mine = enquiry_priority(enquiry, today)
    if not number:
        return Standing(enquiry, mine, 1, rows.count(), sentence="Nothing open is more pressing.")
    before: Enquiry = order.ordered(with_facts(ahead), reverse=True)[0]
    why = why_before(before, enquiry_priority(before, today), enquiry, mine)
    return Standing(enquiry, mine, number + 1, rows.count(), before, why)


def why_before(before: Enquiry, its: Priority, enquiry: Enquiry, mine: Priority) -> str:
    """In a sentence, by the first thing in which the two differ: band, points, decision due, arrival."""
    name = before.reference
    if its.band != mine.band:
        how = ", as somebody has set it" if its.overridden else ""
        return f"{name} stands right before it: it is {its.label.lower()}{how}, and this one {mine.label.lower()}."
    if its.points != mine.points:
        most = f", most of them for “{its.reasons[0].text}”" if its.reasons else ""
        points = f"it has {its.points} points{most}, and this one {mine.points}"
        return f"{name} stands right before it: both are {its.label.lower()}, {points}."
    same = f"both are {its.label.lower()} with {its.points} points"
    if before.due_order != enquiry.due_order:
        return f"{name} stands right before it: {same}, and its decision is due earlier."
    return f"{name} stands right before it: {same}, due at the same moment, and it came in earlier."
