"""Whom to look at: few people by an index each, however many there are. What is found is compared afterwards.

A block is narrow even for the most common surname: a surname's sound stands with a date or with a year and an
initial, a date of birth with an initial, a postcode with an initial. A name alone asks for nobody.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from intake import names
from intake.duplicates.births import WEEKS_AFTER, WEEKS_BEFORE, mistyped_years, swap
from intake.duplicates.people import Someone

# More people than this are compared, not looked for: nobody has so large a family.
MOST_PEOPLE = 30
BEFORE, AFTER = timedelta(weeks=WEEKS_BEFORE), timedelta(weeks=WEEKS_AFTER)
NUMBERS = {"nhs_number": "nhs_number", "upn": "upn", "their_number": "authority_child_id"}


def blocks(people: Iterable[Someone]) -> Q | None:
    """The condition on other people's rows; None when nothing known of these is narrow enough."""
    asked = list(people)[:MOST_PEOPLE]
    found = [*by_numbers(asked), *(block for person in asked for block in by_person(person))]
    return reduce(or_, found) if found else None


def by_numbers(people: list[Someone]) -> Iterator[Q]:
    for name, column in NUMBERS.items():
        if given := sorted({number for person in people if (number := getattr(person, name))}):
            # The second half is what the partial index holds, said so that it may be used.
            yield Q(**{f"{column}__in": given, f"{column}__gt": ""})


def by_person(person: Someone) -> Iterator[Q]:
    sounds = sorted({heard for name in written(person) if (heard := names.sound(name))})
    initials = sorted({first for name in person.called for first in (*name.given[:1], name.surname) if first})
    firsts = sorted({word[0] for word in initials})
    if person.born:
        yield from by_birth(person.born, sounds, firsts)
    if person.born and person.part != "adult":
        expected = (person.born - AFTER, person.born + BEFORE)
        yield Q(sound_key__in=sounds, expected_date_of_delivery__range=expected)
    if person.expected:
        born = (person.expected - BEFORE, person.expected + AFTER)
        yield Q(sound_key__in=sounds, date_of_birth__range=born)
        again = (person.expected - AFTER, person.expected + AFTER)
        yield Q(sound_key__in=sounds, expected_date_of_delivery__range=again)
    if person.postcode:
        yield Q(postcode_key=person.postcode, initial_key__in=firsts)


def by_birth(born: date, sounds: list[str], firsts: list[str]) -> Iterator[Q]:
    days = sorted({born, swap(born) or born})
    yield Q(date_of_birth__in=days, initial_key__in=firsts)
    yield Q(sound_key__in=sounds, date_of_birth__in=sorted({*days, *mistyped_years(born)}))
    year = (born.replace(month=1, day=1), born.replace(month=12, day=31))
    yield Q(sound_key__in=sounds, date_of_birth__range=year, initial_key__in=firsts)


def written(person: Someone) -> list[str]:
    """The full names they go by."""
    return [person.name, person.known_as] if " " in person.known_as else [person.name]
