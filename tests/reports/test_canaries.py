"""What somebody wrote into any field stands on the papers that the table says, and on no other."""

import io
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import AssessmentType, Organisation, User
from reports.actions import documents
from reports.summaries.shelf import SHELVES
from tests.factories import World, fresh
from tests.reports import canaries, case, issued
from tests.reports.birds import ANOTHER, Birds, every_field, every_model
from tests.reports.papers import text_of


def people(world: World, birds: Birds) -> None:
    """Their names are in the history from its first line on, so they are canaries before it begins."""
    for name in PEOPLE:
        assert getattr(world, name).pk
    birds.put(User.objects.exclude(kind="system").select_related("organisation"))
    birds.put(Organisation.objects.filter(pk__in=User.objects.values("organisation")))
    for name in PEOPLE:
        world.__dict__[name] = User.objects.select_related("organisation").get(pk=getattr(world, name).pk)
    for place in ("oldham", "hub", "north", "south", "surrey"):
        world.__dict__[place] = fresh(getattr(world, place))


PEOPLE = (
    "referrer",
    "authority_manager",
    "stranger",
    "coordinator",
    "colleague",
    "manager",
    "reviewer",
    "auditor",
    "lead",
    "assessor",
    "second_assessor",
    "other_lead",
    "other_assessor",
)
LEFT_ALONE = ("User", "Organisation", "Message", "Event", "ImprovementStep")


def filled(world: World, birds: Birds) -> case.Case:
    """A case in which each field of each row holds a canary."""
    people(world, birds)
    lived = case.lived(world, birds)
    second = lived.enquiry.assessment_rows.last()
    second.type = AssessmentType.objects.get(code="PAMS")
    second.save()
    for model in every_model():
        if model.__name__ not in LEFT_ALONE:
            birds.put(model._base_manager.all(), lived.enquiry)
    return case.Case(fresh(lived.enquiry), fresh(lived.done), fresh(lived.offered), lived.by)


def everything_in(pdf: bytes, filename: str) -> str:
    """Its text, its data, its bookmarks, what is told of its pictures, and the name it is saved under."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        with opened.open_outline() as outline:
            marks = " ".join(titles(outline.root))
        told = [
            str(row.get(key, ""))
            for row in opened.objects
            if isinstance(row, pikepdf.Dictionary)
            for key in TOLD
        ]
        data = opened.Root.Metadata.read_bytes().decode()
        return " ".join([text_of(pdf), data, str(dict(opened.docinfo)), marks, *told, filename])


TOLD = ("/Alt", "/ActualText", "/E", "/T", "/Contents", "/TU")


def titles(items: Any) -> list[str]:
    return [title for item in items for title in (item.title, *titles(item.children))]


@pytest.fixture
def birds() -> Birds:
    return Birds()


def test_every_word_stands_on_the_papers_that_the_table_says_and_on_no_other(
    world: World, birds: Birds
) -> None:
    found = filled(world, birds)
    table = {row["field"]: row for row in canaries.read_table()}
    put = {str(name) for name in birds.tokens}
    assert put == {name for name, row in table.items() if canaries.has_words(row["holds"])}
    for paper, pdf, filename in issued.all_of(world, found):
        heard = {str(name) for name in birds.heard(everything_in(pdf, filename))}
        may = {name for name in put if table[name][paper] == canaries.YES}
        assert heard == may, paper


def test_every_field_is_in_the_table_and_nothing_else() -> None:
    known = set(canaries.holds()) - {ANOTHER}
    fields = {name if name in known else f"{name.partition('.')[0]}.*" for name in every_field()}
    assert fields == known


# What somebody does not read on the screen either, whatever paper they print.
WITHHELD = {f"Person.{name} (adult, withheld)" for name in ("address_lines", "postcode", "phone")}
HEALTH = {
    *(f"Person.{name} (child)" for name in ("disabilities", "communication_needs", "send_need")),
    *(
        f"Person.{name} (adult)"
        for name in ("learning_disability", "mental_health", "literacy", "needs_notes")
    ),
    "Assessment.particulars (PAMS)",
}
NOT_READ = {Role.COORDINATOR: WITHHELD, Role.SERVICE_LEAD: WITHHELD | HEALTH}
SINGLE = (
    "referrer",
    "authority_manager",
    "coordinator",
    "manager",
    "reviewer",
    "auditor",
    "lead",
    "second_assessor",
)


def test_nobody_prints_more_than_whoever_may_print_most(world: World, birds: Birds) -> None:
    found = filled(world, birds)
    table = {row["field"]: row for row in canaries.read_table()}
    printed = set()
    for paper, order in issued.orders(found):
        may = {str(name) for name in birds.tokens if table[str(name)][paper] == canaries.YES}
        for name in SINGLE:
            by = getattr(world, name)
            if order.audience in SHELVES[order.kind].audiences_for(by):
                printed.add((paper, name))
                said = repr(documents.assembled(found.enquiry, order, by, timezone.localdate()))
                heard = {str(name) for name in birds.heard(said)}
                role = next(iter(by.roles))
                assert heard <= may, (paper, name)
                assert not heard & NOT_READ.get(role, set()), (paper, name)
    assert len(printed) > 30


def test_the_drawing_is_that_of_the_table() -> None:
    assert canaries.DRAWING.read_text(encoding="utf-8") == canaries.drawn()
