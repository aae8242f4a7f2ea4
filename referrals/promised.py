"""Hours that are as good as given: offers that name an assessor and are not answered yet. A reader."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from referrals.capacity import terms_of
from referrals.matching import Candidate, Commitment
from referrals.models import Offer


def with_offers(services: Iterable[Candidate], today: date) -> list[Candidate]:
    """The services as they would stand if everybody took what is offered with their name. One statement."""
    found = list(services)
    given = offered({one.assessor for row in found for one in row.team if one.assessor is not None}, today)
    return [replace(row, team=tuple(with_more(one, given) for one in row.team)) for row in found]


def offered(users: Iterable[int], today: date) -> dict[int, tuple[Commitment, ...]]:
    rows = Offer.objects.filter(answer="", suggested__in=list(users))
    columns = ("suggested", "referral__hours", "referral__assessment__type__code")
    given: dict[int, tuple[Commitment, ...]] = {}
    for user, hours, code in rows.values_list(*columns):
        terms = terms_of(code, today)
        weekly = round((terms.hours if hours is None else hours) / terms.weeks, 1)
        more = Commitment(weekly, today + timedelta(weeks=terms.weeks))
        given[user] = (*given.get(user, ()), more)
    return given


def with_more(one: Candidate, given: dict[int, tuple[Commitment, ...]]) -> Candidate:
    more = given.get(one.assessor or 0, ())
    if not more:
        return one
    diary = replace(one.diary, commitments=(*one.diary.commitments, *more))
    return replace(one, diary=diary, leads=one.leads + len(more))
