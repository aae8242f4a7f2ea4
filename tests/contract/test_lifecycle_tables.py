"""Our two tables say what the design's two tables say, row by row."""

import pytest

from intake.lifecycle import ENQUIRY, Lifecycle
from referrals.lifecycle import REFERRAL
from tests.contract.table import CLOCK, NEEDS, design, parts, roles, told

LIFECYCLES = [ENQUIRY, REFERRAL]
ROWS = [
    pytest.param(lifecycle, name, id=f"{lifecycle.name}-{name}")
    for lifecycle in LIFECYCLES
    for name in design(lifecycle.name)
]


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_the_table_has_the_rows_of_the_design_in_its_order(lifecycle: Lifecycle) -> None:
    assert list(lifecycle) == list(design(lifecycle.name))


@pytest.mark.parametrize(("lifecycle", "name"), ROWS)
def test_a_row_leads_from_and_to_the_statuses_of_the_design(lifecycle: Lifecycle, name: str) -> None:
    step, row = lifecycle[name], design(lifecycle.name)[name]
    assert (step.from_, step.to) == (frozenset(parts(row["from"])), row["to"])


@pytest.mark.parametrize(("lifecycle", "name"), ROWS)
def test_a_row_is_allowed_to_the_roles_of_the_design(lifecycle: Lifecycle, name: str) -> None:
    assert lifecycle[name].by == roles(design(lifecycle.name)[name]["by"])


@pytest.mark.parametrize(("lifecycle", "name"), ROWS)
def test_a_row_needs_the_facts_of_the_design(lifecycle: Lifecycle, name: str) -> None:
    assert lifecycle[name].needs == NEEDS[lifecycle.name][design(lifecycle.name)[name]["needs"]]


@pytest.mark.parametrize(("lifecycle", "name"), ROWS)
def test_a_row_does_to_the_clock_what_the_design_says(lifecycle: Lifecycle, name: str) -> None:
    assert lifecycle[name].clock == CLOCK[design(lifecycle.name)[name].get("clock", "")]


@pytest.mark.parametrize(("lifecycle", "name"), ROWS)
def test_a_row_tells_whom_the_design_names(lifecycle: Lifecycle, name: str) -> None:
    said = {party.label for party in lifecycle[name].tells}
    assert {part.lower() for part in said} == told(design(lifecycle.name)[name]["tells"])
