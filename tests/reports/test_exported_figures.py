"""Figures as files: all numbers for whoever opens their cases, and for anybody what says nothing of a child."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.utils import timezone
from openpyxl import load_workbook

from intake.actions import enquiries, restricting
from intake.models import Enquiry, User
from intake.refusals import Forbidden, Invalid
from reports.actions import counting, export_making, exports
from reports.actions.exports import Wanted
from reports.exports import publishing
from reports.figures import slices
from reports.figures.answers import Readings
from reports.figures.asked import Reader, read
from reports.figures.catalogue import FIGURES
from reports.models import Export, ReleasedNumber
from tests.factories import World, example, fresh, new_key

JANUARY = "period=2027-01"
NOW = datetime(2027, 2, 10, 12, tzinfo=UTC)


def came(world: World, number: int, day: int, by: User | None = None) -> list[Enquiry]:
    """So many enquiries on a day of January."""
    with time_machine.travel(datetime(2027, 1, day, 10, tzinfo=UTC), tick=False):
        return [
            enquiries.submit(
                body={**example(), "authority_reference": new_key()[:20]},
                by=by or world.referrer,
                key=new_key(),
            )[0]
            for _ in range(number)
        ]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def rows(by: User, kind: str, query: str = JANUARY, figure: str = "received") -> list[dict[str, str]]:
    counting.count_new(timezone.now())
    export = made(by, kind, "csv", query, figure)
    with exports.open_file(export=export, by=by) as file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))


def made(by: User, kind: str, form: str, query: str = JANUARY, *figures: str) -> Export:
    wanted = Wanted(kind, form, of="figures", query=query, figures=figures)
    return fresh(export_making.begin(exports.ask(by=by, wanted=wanted)))  # type: ignore[no-any-return]


def total(found: list[dict[str, str]]) -> str:
    row = next(row for row in found if row["row"] == "All of it")
    return row["value"] or row["sign"]


def test_inside_it_has_the_numbers_of_the_page(world: World, api: Any) -> None:
    came(world, 3, 6)
    found = rows(world.manager, "figures")
    said = api(world.manager).get(f"/api/v1/figures/received/?{JANUARY}").json()
    shown = [(row["label"], row["values"]["number"]) for row in said["table"]["rows"]]
    assert [(row["row"], int(float(row["value"]))) for row in found] == shown
    assert total(found) == "3"


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_who_may_not_open_the_cases_has_them_for_publication_only(world: World, who: str) -> None:
    came(world, 3, 6)
    with pytest.raises(Forbidden):
        rows(getattr(world, who), "figures")
    assert total(rows(getattr(world, who), "publication")) == "c"


def test_a_few_are_not_shown_the_others_to_the_nearest_five_and_nought_is(world: World) -> None:
    came(world, 3, 6)
    came(world, 9, 14)
    found = rows(world.manager, "publication")
    shown = {row["value"] or row["sign"] for row in found}
    assert total(found) == "10"
    assert shown <= {"0", "c", "10"}
    assert {"0", "c"} <= shown
    assert sum((row["value"] or row["sign"]) == "c" for row in found) >= 2


def test_of_an_authority_seven_are_few(world: World) -> None:
    came(world, 7, 6)
    assert total(rows(world.manager, "publication", f"{JANUARY}&authority=353")) == "c"
    assert total(rows(world.authority_manager, "publication")) == "c"


def test_a_longer_time_with_a_few_more_does_not_say_how_many(world: World) -> None:
    """Twelve until the 10th were published; of the whole month it would follow that two came later."""
    came(world, 12, 6)
    came(world, 2, 13)
    assert total(rows(world.manager, "publication", "first=2027-01-01&last=2027-01-10")) == "10"
    assert total(rows(world.manager, "publication")) == "c"


def test_nor_does_a_narrower_place(world: World) -> None:
    came(world, 12, 6)
    cardiff = world.person(world.cardiff, "Cai Referrer", *world.referrer.roles)
    came(world, 2, 6, by=cardiff)
    assert total(rows(world.manager, "publication")) == "15"
    assert total(rows(world.manager, "publication", f"{JANUARY}&nation=England")) == "c"


def test_the_same_again_is_the_same(world: World) -> None:
    came(world, 3, 6)
    came(world, 9, 14)
    first, second = (rows(user, "publication") for user in (world.manager, world.auditor))
    assert first == second


def test_a_number_that_one_figure_hides_is_hidden_in_the_other(world: World) -> None:
    """Decisions in time and the days they took count the same decisions."""
    for enquiry in came(world, 12, 6):
        with time_machine.travel(datetime(2027, 1, 7, 15, tzinfo=UTC), tick=False):
            world.bring(enquiry, "declined")
    counting.count_new(timezone.now())
    asked = replace(read(QueryDict(JANUARY), world.manager), reader=Reader.NUMBERS)
    days = Readings(asked, slices.cells(asked, {"decided"})).of(FIGURES["days_to_decision"])
    whole = ("decided", "[]", ("", "2027-01-01", "2027-01-31"))
    for hidden, shown in ((frozenset[publishing.Named](), "10"), (frozenset({whole}), "c")):
        table = publishing.main_table(publishing.Publication(asked, hidden), days, [])
        assert table.rows[-1].values[0].text == shown


def test_what_is_restricted_is_published_by_nobody(world: World) -> None:
    came(world, 11, 6)
    hidden = came(world, 8, 7)
    for enquiry in hidden:
        restricting.restrict(enquiry=fresh(enquiry), by=world.manager, reason="A threat.", people=[])
    assert total(rows(world.manager, "figures")) == "19"
    assert total(rows(world.manager, "publication")) == "10"


def test_a_time_that_is_not_over_and_a_figure_of_now_are_not_published(world: World) -> None:
    with pytest.raises(Invalid, match="a time that is over"):
        made(world.manager, "publication", "csv", "period=2027-02")
    with pytest.raises(Invalid, match="of this moment"):
        made(world.manager, "publication", "csv", JANUARY, "caseload")


def test_all_figures_make_a_book_that_says_its_rule_and_every_number_is_remembered(world: World) -> None:
    came(world, 9, 6)
    counting.count_new(timezone.now())
    export = made(world.manager, "publication", "xlsx")
    with exports.open_file(export=export, by=world.manager) as file:
        book = load_workbook(io.BytesIO(file.read()))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert "from 1 to 5 is c" in about["Rule"]
    assert about["Marking"] == "OFFICIAL"
    assert {"Enquiries received", "Decisions in time", "Assessments declined"} <= set(book.sheetnames)
    kept = ReleasedNumber.objects.filter(export=export, measure="received", part="", filters=[])
    assert kept.get(first="2027-01-01", last="2027-01-31").counted == 9
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
