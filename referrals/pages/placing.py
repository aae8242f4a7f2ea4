"""Who could take a referral, beside the form that offers it or names its assessor."""

from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import User
from referrals import suggestions
from referrals.lifecycle import Transition
from referrals.matching import Caution, Match, Stop
from referrals.models import Referral

# Who places: the hub an offer, a lead (or the hub) an assessor.
PLACING = {
    Transition.OFFER: (Role.COORDINATOR, Role.MANAGER),
    Transition.ACCEPT_OFFER: (Role.SERVICE_LEAD,),
    Transition.REALLOCATE: (Role.SERVICE_LEAD, Role.COORDINATOR, Role.MANAGER),
}
SHOWN = 10


class Shown(NamedTuple):
    """A match as a page shows it; `stops` as this person may know them."""

    match: Match
    stops: tuple[Stop, ...]
    cautions: tuple[Caution, ...]


def beside(referral: Referral, transition: str, user: User) -> dict[str, Any]:
    """What the page of a transition shows of the candidates; nothing to those who do not place."""
    if transition not in PLACING or not user.has(*PLACING[Transition(transition)]):
        return {}
    if transition not in referral.transitions_for(user):
        return {}
    found = candidates(referral)
    offering = transition == Transition.OFFER
    people = [row for row in found.assessors if row.candidate.assessor != referral.assessor_id]
    stopped = [row for row in found.stopped if offering or row.candidate.assessor is not None]
    return {
        "wanted": found.wanted,
        "offering": offering,
        "services": [shown(row, user) for row in found.services] if offering else [],
        "people": [shown(row, user) for row in people[:SHOWN]],
        "more_people": max(len(people) - SHOWN, 0),
        "stopped": [shown(row, user) for row in stopped],
    }


def candidates(referral: Referral) -> suggestions.Suggestions:
    """Of all services, or of the one that it is with; found once for the page and its form."""
    found: suggestions.Suggestions | None = getattr(referral, "_candidates", None)
    if found is None:
        services = [referral.service_id] if referral.service_id else None
        found = suggestions.suggestions_for(referral, timezone.localdate(), services)
        referral._candidates = found  # type: ignore[attr-defined]
    return found


def shown(match: Match, user: User) -> Shown:
    return Shown(match, suggestions.told_to(user, match), match.cautions)


def words_for(referral: Referral, user: User) -> dict[int, str]:
    """Of the assessors of its service: what speaks for each, or what stops them. For the choices of a form."""
    found = candidates(referral)
    said = {
        row.candidate.assessor: f"{row.candidate.name} ({row.total}): {row.sentence}"
        for row in found.assessors
    }
    for row in found.stopped:
        why = " ".join(stop.text for stop in suggestions.told_to(user, row))
        said[row.candidate.assessor] = gettext("{candidate}, not possible as things stand: {why}").format(
            candidate=row.candidate.name, why=why
        )
    return {key: text for key, text in said.items() if key is not None}


def words_for_services(referral: Referral) -> dict[int, str]:
    """Of the services that cover it, best first: of what is offered, which is with none of them yet."""
    found = candidates(referral)
    said = {row.candidate.service: f"{row.candidate.name} ({row.total})" for row in found.services}
    for row in found.stopped:
        if row.candidate.assessor is None:
            who = (
                gettext("a manager can override it")
                if row.stops[0].overridable_by
                else gettext("not possible")
            )
            said[row.candidate.service] = gettext("{candidate}, stopped: {who}").format(
                candidate=row.candidate.name, who=who
            )
    return said
