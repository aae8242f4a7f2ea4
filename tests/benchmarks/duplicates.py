"""`bin/bench duplicates`: the search for possible duplicates among 100,000 invented people.

Time of `duplicates.of(enquiry)` over 200 enquiries, the most common surname among them; whether the indexes are
used; and how many seeded variations (typing errors, exchanged days, married names, births) are found.
"""

import argparse
import gc
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config import wsgi
from intake import duplicates
from intake.actions.reference import load_reference
from intake.duplicates.blocks import blocks
from intake.duplicates.reader import candidates
from intake.identifiers import new_reference
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Organisation, Person, Relationship, RoleGrant, User
from tests.benchmarks.create import backend_seconds

# Invented, in the shape of a register: one surname in fifty is the most common one, the rest fall off.
BEGINNINGS = "Ash Bar Car Den El Fen Gar Hal Kes Lan Mar Nor Pen Rad Sal Tam Ul Wes Yar Bram"
MIDDLES = "ber do ing la mi no re sha ta ve"
ENDINGS = "by croft den field ham ley man ridge son stead ton well worth wick"
COMMON = ("Smith", "Jones", "Khan", "Begum", "Hussain", "Williams", "Taylor", "Davies", "Patel", "Evans")
FIRST = (
    "Amina Asa Bella Bryn Callum Carys Dara Dylan Ella Emrys Fatima Finn Grace Gwen Hana Harry Ifan Isla Jack Jamal "
    "Kai Kira Leo Lily Maya Mohammed Nadia Noah Olga Oscar Poppy Priya Rhys Rosa Sam Sara Tariq Tegan Una Victor "
    "Wren Yusuf Zara Zoe Aled Beth Cerys Dewi Eira Freya"
)
AREAS = "OL CF GU LS M B NE SO"
TODAY = date(2026, 11, 23)
assert wsgi.application  # sets Django up


def main() -> None:
    wanted = arguments()
    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    draw = Random(wanted.seed)
    loaded = Loader(draw)
    began = time.perf_counter()
    loaded.load(wanted.people)
    print(f"{Person.objects.count():,} people of {Enquiry.objects.count():,} enquiries in "
          f"{time.perf_counter() - began:.0f} s")  # fmt: skip
    analyse()
    user = loaded.by
    asked = sample(draw, wanted.each)
    show_times(asked, user)
    show_plan(asked[0], user)
    show_quality(loaded, user, wanted.each)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench duplicates", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=200, help="enquiries that are asked about")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def coordinator() -> User:
    hub = Organisation.objects.get(kind=Organisation.Kind.HUB)
    user = User.objects.create_user("coordinator@hub.example", name="Coordinator", organisation=hub)
    RoleGrant.objects.create(user=user, role=Role.COORDINATOR)
    return user


def analyse() -> None:
    """As the database does by itself in the course of a day."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# --- An invented register ------------------------------------------------------------------------------------


class Loader:
    """Families in bulk: what a create writes, without its history."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.by = coordinator()
        self.authorities = list(Organisation.objects.authorities())
        rare = [a + b + c for a in BEGINNINGS.split() for b in MIDDLES.split() for c in ENDINGS.split()]
        draw.shuffle(rare)
        self.firsts = FIRST.split()
        self.surnames = [*COMMON, *rare]
        self.weights = [1 / (place + 10) for place in range(len(self.surnames))]

    def load(self, people: int) -> None:
        made = 0
        while made < people:
            made += self.write([self.family() for _ in range(1000)])

    def surname(self) -> str:
        return self.draw.choices(self.surnames, self.weights)[0]

    def birthday(self, youngest: int, oldest: int) -> date:
        return TODAY - timedelta(days=self.draw.randint(youngest * 365, oldest * 365))

    def family(self) -> list[Person]:
        """Unsaved: children first, then their mother, mostly a father."""
        draw, surname = self.draw, self.surname()
        postcode = f"{draw.choice(AREAS.split())}{draw.randint(1, 40)} {draw.randint(1, 9)}" + "".join(
            draw.choices("ABDEFGHJLNPQRSTUWXYZ", k=2)
        )
        children = [
            self.person("child", f"{first} {surname}", self.birthday(0, 17), sex=draw.choice("MF"))
            for first in draw.sample(self.firsts, draw.choice((1, 1, 1, 2, 2, 3)))
        ]
        for child in children:
            child.nhs_number = str(draw.randint(10**9, 10**10 - 1)) if draw.random() < 0.5 else ""
        if draw.random() < 0.05:
            children[0] = self.unborn(surname, TODAY + timedelta(days=draw.randint(-400, 200)))
        mother = self.person(
            "adult", f"{draw.choice(self.firsts)} {surname}", self.birthday(18, 45), postcode=postcode
        )
        father = self.person("adult", f"{draw.choice(self.firsts)} {self.surname()}", self.birthday(18, 50))
        return [*children, mother] + [father] * (draw.random() < 0.6)

    def expecting(self) -> list[Person]:
        """A mother, a father perhaps, and the child expected."""
        adults = [person for person in self.family() if person.part == "adult"]
        surname = adults[0].name.rpartition(" ")[2]
        return [self.unborn(surname, TODAY + timedelta(days=self.draw.randint(-300, 0))), *adults]

    def person(self, part: str, name: str, born: date | None, **more: Any) -> Person:
        return Person(part=part, position=0, name=name, date_of_birth=born, **more)

    def unborn(self, surname: str, expected: date) -> Person:
        name = f"Unborn baby of {self.draw.choice(self.firsts)} {surname}"
        return self.person("child", name, None, expected_date_of_delivery=expected, sex="U")

    def write(self, families: list[list[Person]]) -> int:
        """Their enquiries, people and who is the mother; returns how many people."""
        now = timezone.now()
        enquiries = Enquiry.objects.bulk_create(
            Enquiry(
                reference=new_reference("ENQ"),
                authority=self.draw.choice(self.authorities),
                kind="referral",
                created_by=self.by,
                referrer_name="Invented",
                referrer_email="invented@example.gov.uk",
                status=Status.SUBMITTED,
                received_at=now,
                updated_at=now,
            )
            for _ in families
        )
        people = []
        for enquiry, family in zip(enquiries, families, strict=True):
            places: Counter[str] = Counter()
            for person in family:
                person.enquiry, person.position = enquiry, places[person.part]
                places[person.part] += 1
                person.put_keys()
            people += family
        Person.objects.bulk_create(people)
        Relationship.objects.bulk_create(ties(families))
        return len(people)


def ties(families: list[list[Person]]) -> Iterator[Relationship]:
    for family in families:
        adults = [person for person in family if person.part == "adult"]
        for child in (person for person in family if person.part == "child"):
            for adult, kind in zip(adults, ("mother", "father"), strict=False):
                yield Relationship(adult=adult, child=child, relationship=kind)


# --- Times and plan ------------------------------------------------------------------------------------------


def sample(draw: Random, each: int) -> list[Enquiry]:
    """Half of them at random, half of the most common surname."""
    common = Person.objects.filter(part="child", name__endswith=f" {COMMON[0]}")
    named = sorted(set(common.values_list("enquiry_id", flat=True)))
    ids = set(draw.sample(named, min(each // 2, len(named))))
    every = list(Enquiry.objects.values_list("pk", flat=True))
    while len(ids) < each:
        ids.add(draw.choice(every))
    rows = list(Enquiry.objects.filter(pk__in=ids))
    draw.shuffle(rows)
    return rows


def show_times(asked: list[Enquiry], user: User) -> None:
    """By the clock, and by the CPU of this process and of the PostgreSQL backends."""
    duplicates.of(asked[0], user)
    # What the loader left behind is not ours to collect while the clock runs.
    gc.collect()
    gc.freeze()
    times, cpu, found = [], [], []
    for enquiry in asked:
        began, worked = time.perf_counter(), time.process_time() + backend_seconds()
        found.append(len(duplicates.of(enquiry, user)))
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() + backend_seconds() - worked) * 1000)
    for name, costs in (("by the clock", sorted(times)), ("of CPU", sorted(cpu))):
        print(f"duplicates.of, {len(asked)} enquiries, ms {name}: median {statistics.median(costs):.1f}, "
              f"95 % {costs[int(len(costs) * 0.95)]:.1f}, worst {costs[-1]:.1f}; target 50")  # fmt: skip
    print(f"shown though nobody was put there twice: {sum(found)} for {len(asked)} enquiries")


def show_plan(enquiry: Enquiry, user: User) -> None:
    """People and enquiries by their indexes: no scan of the whole."""
    family = duplicates.family_of(enquiry)
    condition = blocks((*family.children, *family.adults))
    assert condition is not None
    plan = candidates(enquiry, user, condition).explain()
    scans = [line.strip() for line in plan.splitlines() if is_scan(line)]
    used = sorted({word.strip('"') for word in plan.split() if word.strip('"').startswith("person_by")})
    print(
        f"plan: {', '.join(used)}; {'no table is read whole' if not scans else 'READ WHOLE: ' + '; '.join(scans)}"
    )


def is_scan(line: str) -> bool:
    whole = ("SCAN " in line and "INDEX" not in line) or "Seq Scan" in line
    return whole and ("intake_person" in line or "intake_enquiry" in line)


# --- Quality -------------------------------------------------------------------------------------------------


def show_quality(loaded: Loader, user: User, each: int) -> None:
    """Each variation of seeded families: how many are found, as strong or possible; and who should not be."""
    print(f"{'variation':<46}{'strong':>8}{'possible':>10}{'missed':>8}")
    for name, change in VARIATIONS.items():
        first = loaded.expecting if change is born_now else loaded.family
        pairs = [(family := first(), change(loaded, copied(family))) for _ in range(each)]
        loaded.write([one for one, _ in pairs])
        loaded.write([other for _, other in pairs])
        bands: Counter[str] = Counter()
        for one, other in pairs:
            matches = duplicates.of(other[0].enquiry, user)
            bands[
                next((str(m.score.band) for m in matches if m.enquiry.pk == one[0].enquiry_id), "none")
            ] += 1
        print(f"{name:<46}{bands['strong']:>8}{bands['possible']:>10}{bands['none']:>8}")


def copied(family: list[Person]) -> list[Person]:
    kept = ("part", "name", "date_of_birth", "expected_date_of_delivery", "sex", "nhs_number", "postcode")
    return [Person(position=0, **{name: getattr(person, name) for name in kept}) for person in family]


def sent_again(_: Loader, family: list[Person]) -> list[Person]:
    return family


def without_numbers(loaded: Loader, family: list[Person]) -> list[Person]:
    """Moved, and the numbers not known there."""
    for person in family:
        person.nhs_number, person.postcode = "", ""
    return family


def mistyped_name(loaded: Loader, family: list[Person]) -> list[Person]:
    for person in without_numbers(loaded, family):
        first, _, last = person.name.rpartition(" ")
        place = loaded.draw.randrange(1, len(last))
        person.name = f"{first} {last[:place]}{last[place + 1 :]}"
    return family


def exchanged_days(loaded: Loader, family: list[Person]) -> list[Person]:
    for person in without_numbers(loaded, family):
        if (born := person.date_of_birth) and born.day <= 12:
            person.date_of_birth = born.replace(day=born.month, month=born.day)
    return family


def wrong_year(loaded: Loader, family: list[Person]) -> list[Person]:
    born = without_numbers(loaded, family)[0].date_of_birth
    if born and (born.month, born.day) != (2, 29):
        family[0].date_of_birth = born.replace(year=born.year - 1)
    return family


def married(loaded: Loader, family: list[Person]) -> list[Person]:
    """The mother has another surname, and the children with her."""
    surname = loaded.surname()
    for person in without_numbers(loaded, family):
        if person.part == "child" or person is mother_of(family):
            person.name = f"{person.name.rpartition(' ')[0]} {surname}"
    return family


def mother_of(family: list[Person]) -> Person:
    return next(person for person in family if person.part == "adult")


def born_now(loaded: Loader, family: list[Person]) -> list[Person]:
    """The copy is of the birth; the family first asked of was expecting."""
    surname = mother_of(family).name.rpartition(" ")[2]
    born = loaded.person("child", f"{loaded.draw.choice(loaded.firsts)} {surname}", None, sex="F")
    expected = family[0].expected_date_of_delivery
    born.date_of_birth = expected + timedelta(days=loaded.draw.randint(-30, 14)) if expected else None
    return [born, *(person for person in without_numbers(loaded, family) if person.part == "adult")]


def another_child(loaded: Loader, family: list[Person]) -> list[Person]:
    """A brother or sister, with the same mother: not the same child, though the same family."""
    surname = mother_of(family).name.rpartition(" ")[2]
    child = loaded.person("child", f"Sibling {surname}", loaded.birthday(0, 17))
    return [child, *(person for person in family if person.part == "adult")]


def twin(loaded: Loader, family: list[Person]) -> list[Person]:
    child = another_child(loaded, family)[0]
    child.date_of_birth = family[0].date_of_birth
    return [child, *(person for person in family if person.part == "adult")]


def namesake(loaded: Loader, family: list[Person]) -> list[Person]:
    """The same names, other people: every date another."""
    for person in without_numbers(loaded, family):
        if person.date_of_birth:
            person.date_of_birth = loaded.birthday(0, 17 if person.part == "child" else 40)
    return family


VARIATIONS = {
    "sent again as it was": sent_again,
    "again, without numbers and address": without_numbers,
    "a letter of every surname left out": mistyped_name,
    "day and month exchanged": exchanged_days,
    "the child born a year earlier": wrong_year,
    "mother married, all with her surname": married,
    "first expected, then born": born_now,
    "a twin (strong is wrong)": twin,
    "a brother or sister (strong is wrong)": another_child,
    "namesakes with other dates (none is right)": namesake,
}


if __name__ == "__main__":
    main()
