"""Why a referral found no place: computed from what stands against each of those who could have had it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from referrals.forecast import in_words
from referrals.matching import Candidate, Caution, Commitment, Diary, Match, Stop
from referrals.planner.terms import Placing, Unplaced, Waiting

# Stops and cautions that pass with time: who has only these is free one day.
OF_TIME = frozenset({"room", "capacity", "ceiling", "away"})
NAMED = 3
# What most of the others lack, as one says it of several.
LACKS: Mapping[str, str] = {
    "conflict": "with a conflict of interest",
    "blocked": "kept out of this enquiry by a conflict of interest",
    "skill_missing": "without the training it asks for",
    "grade_below": "who co-work on it and do not lead it",
    "wrong_body": "not on the register it asks for",
    "registration_expired": "whose registration ends before",
    "registration_unknown": "without a registration on record",
    "leaving": "who leave before it would be ready",
    "ages_outside": "of services that do not take the children's ages",
    "language_missing": "who do not speak the language",
}
OTHERWISE = "who cannot for another reason"


class Room:
    """What the plan gives to whom."""

    def __init__(self, placings: Sequence[Placing], today: date) -> None:
        self.today = today
        self.given: dict[int | None, list[Placing]] = {}
        for placing in placings:
            self.given.setdefault(placing.assessor.assessor, []).append(placing)

    def diary(self, who: Candidate) -> Diary:
        more = tuple(
            Commitment(one.waiting.wanted.weekly, one.match.forecast.ready_on)
            for one in self.given.get(who.assessor, ())
        )
        return replace(who.diary, commitments=(*who.diary.commitments, *more))

    def may_lead_more(self, who: Candidate) -> bool:
        led = who.leads + len(self.given.get(who.assessor, ()))
        return who.capacity is None or led < who.capacity

    def free_from(self, who: Candidate, weekly: float) -> date:
        return self.diary(who).free_from(weekly, self.today)


def why_not(one: Waiting, room: Room, found: Sequence[Match], *, had_a_place: bool) -> Unplaced:
    """In a sentence, with the code it is counted by; `found` are those whose service does it there."""
    able = [row for row in found if codes(row) <= OF_TIME]
    if had_a_place:
        return Unplaced(one, "taken", taken(one, room, able))
    if able and any(codes(row) for row in able):
        return Unplaced(one, "room", no_room(one, room, [row.candidate for row in able]))
    if able:
        return Unplaced(one, "against", "Of everybody who could take it, more speaks against than for.")
    return nobody(one, found)


def codes(found: Match) -> frozenset[str]:
    against: tuple[Stop | Caution, ...] = (*found.stops, *found.cautions)
    return frozenset(row.code for row in against)


def taken(one: Waiting, room: Room, able: Sequence[Match]) -> str:
    """Whose hours the plan has given away, to what, and when the next is free."""
    free = [row.candidate for row in able if not codes(row)]
    to = [
        f"{who.name}’s to {room.given[who.assessor][0].waiting.wanted.referral}"
        for who in free
        if who.assessor in room.given
    ]
    more = f" and {len(to) - NAMED} more" if len(to) > NAMED else ""
    given = f": {', '.join(to[:NAMED])}{more}" if to else ""
    could = "1 person could take it" if len(free) == 1 else f"{len(free)} people could take it"
    people = [row.candidate for row in able]
    return f"{could}, and more is gained by giving their hours to others{given}. {nearest(one, room, people)}"


def no_room(one: Waiting, room: Room, able: Sequence[Candidate]) -> str:
    """Nobody with PAMS training has 6.5 h a week free before 5 March 2027. The nearest is free on 2 April 2027."""
    needed = one.wanted.needed_by
    first = min(room.free_from(who, one.wanted.weekly) for who in able)
    before = f"before {in_words(needed)}" if needed and needed < first else "today"
    trained = sorted(one.wanted.skills)
    with_ = f"Nobody with {' and '.join(trained)} training" if trained else "Nobody who could take it"
    return f"{with_} has {one.wanted.weekly:g} h a week free {before}. {nearest(one, room, able)}"


def nearest(one: Waiting, room: Room, able: Sequence[Candidate]) -> str:
    """When the first of them has room, with what the plan gives them counted."""
    open_to_more = [who for who in able if room.may_lead_more(who)]
    if not open_to_more:
        return "Each of them leads as many referrals as they may."
    day, name = min((room.free_from(who, one.wanted.weekly), who.name) for who in open_to_more)
    return f"The nearest, {name}, is free on {in_words(day)}."


def nobody(one: Waiting, found: Sequence[Match]) -> Unplaced:
    """Nobody can, however long one waits: what stands against how many."""
    there = [row for row in found if "not_covered" not in codes(row)]
    if not there:
        sentence = "No service with a named assessor does this assessment there."
        return Unplaced(one, "not_covered", sentence)
    counted = sorted(Counter(map(foremost, there)).items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [f"{number} {LACKS.get(code, OTHERWISE)}" for code, number in counted]
    people = "1 person is" if len(there) == 1 else f"{len(there)} people are"
    return Unplaced(one, counted[0][0], f"{people} there for this assessment: {', '.join(parts)}.")


def foremost(found: Match) -> str:
    """Of several things that stand against somebody, the one that is said."""
    against = codes(found) - OF_TIME
    return next((code for code in LACKS if code in against), min(against))
