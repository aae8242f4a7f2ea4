"""How somebody stands to this work: what the service covers, conflicts, the family, registration, the way."""

from datetime import date
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from referrals.forecast import Forecast, in_words
from referrals.matching.tally import Tally
from referrals.matching.terms import Candidate, Cover, Spot, Stop, Wanted

EARTH_MILES = 3958.8


def of_service(tally: Tally, wanted: Wanted, candidate: Candidate) -> None:
    """What holds of the service, whoever of it leads."""
    of_cover(tally, wanted, candidate)
    of_conflicts(tally, wanted, candidate)
    if candidate.service in wanted.declined_by:
        tally.point("declined", "the service gave it back before")


def of_cover(tally: Tally, wanted: Wanted, candidate: Candidate) -> None:
    rows = [row for row in candidate.cover.get(wanted.type, ()) if row.region in ("", wanted.region)]
    if not rows:
        sentence = "This service does not cover the assessment and the place."
        tally.lacks("not_covered", "does not cover the assessment and the place", sentence)
        return
    tally.point("covers", "covers the assessment and the place")
    if not any(of_age(row, wanted) for row in rows):
        ages = " or ".join(f"{row.age_from} to {row.age_to}" for row in rows)
        tally.lacks("ages_outside", f"outside the ages {ages}", f"They take children of {ages}.")


def of_age(row: Cover, wanted: Wanted) -> bool:
    youngest = row.age_from if wanted.youngest is None else wanted.youngest
    oldest = row.age_to if wanted.oldest is None else wanted.oldest
    return row.age_from <= youngest and oldest <= row.age_to


def of_conflicts(tally: Tally, wanted: Wanted, candidate: Candidate) -> None:
    """In the words of its kind only: what somebody wrote about it may say more than the reader may know."""
    for row in candidate.conflicts:
        if row.authority == wanted.authority or (row.enquiry and row.enquiry in wanted.family):
            text = f"Conflict of interest: {row.text}."
            tally.lacks("conflict", text, text)
    if candidate.assessor in wanted.blocked:
        # Whatever the table of points says: they would not even see it.
        tally.stops.append(Stop("blocked", "Conflict of interest: kept out of this family's enquiries."))


def of_assessor(tally: Tally, wanted: Wanted, candidate: Candidate, begun: Forecast, today: date) -> None:
    if candidate.assessor in wanted.known_to:
        tally.point("knows_family", "knows the family")
    elif candidate.service in wanted.known_to_services:
        tally.point("service_knows_family", "the service knows the family")
    of_registration(tally, candidate, begun, today)
    if candidate.ends_on is not None and candidate.ends_on < begun.ready_on:
        sentence = f"They leave on {in_words(candidate.ends_on)}, before it would be ready."
        tally.lacks("leaving", f"leaves on {in_words(candidate.ends_on)}", sentence)
    if wanted.spot and candidate.spot:
        of_way(tally, miles(*sorted((wanted.spot, candidate.spot))))


def of_registration(tally: Tally, candidate: Candidate, begun: Forecast, today: date) -> None:
    until = candidate.registration_until
    if until is None:
        tally.lacks(
            "registration_unknown", "no registration on record", "No registration of theirs is on record."
        )
    elif until < max(today, begun.starts_on):
        ended = f"{'ended' if until < today else 'ends'} on {in_words(until)}"
        tally.lacks("registration_expired", f"registration {ended}", f"Their registration {ended}.")
    elif until < begun.ready_on:
        tally.point("registration_ends", f"registration to be renewed by {in_words(until)}")


def of_way(tally: Tally, away: int) -> None:
    if away <= tally.number("near_miles"):
        tally.point("near", miles_in_words(away))
    else:
        tally.point("far_per_ten_miles", miles_in_words(away), away // 10, "far_most")


def miles_in_words(away: int) -> str:
    return "the same postcode area" if away == 0 else f"about {away} {'mile' if away == 1 else 'miles'}"


@lru_cache(maxsize=20_000)
def miles(here: Spot, there: Spot) -> int:
    """As the crow flies, between the middles of two postcode areas."""
    (north, east), (other_north, other_east) = ((radians(a), radians(b)) for a, b in (here, there))
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return round(2 * EARTH_MILES * asin(sqrt(half)))
