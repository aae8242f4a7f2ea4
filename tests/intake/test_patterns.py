"""The page of patterns, and the contrast of the stylesheet's own colours."""

from typing import Any

import pytest

from intake import contrast
from intake.pages import patterns
from tests.factories import World


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_stands_out_from_its_ground(scheme: str) -> None:
    pairs = list(contrast.pairs(patterns.schemes()[scheme]))
    assert len(pairs) > 20
    assert [pair for pair in pairs if not pair.holds] == []


def test_the_contrast_is_that_of_the_standard() -> None:
    assert contrast.ratio("000", "ffffff") == pytest.approx(21)
    assert contrast.ratio("777777", "fff") == pytest.approx(4.48, abs=0.01)
    assert contrast.ratio("1f4e79", "1f4e79") == 1


def test_the_dark_scheme_has_colours_of_its_own() -> None:
    found = patterns.schemes()
    assert found["light"].keys() == found["dark"].keys()
    assert found["light"]["paper"] != found["dark"]["paper"]


def test_every_colour_of_the_stylesheet_is_in_a_pair() -> None:
    used = {name for table in (contrast.ON, contrast.SIGNS_ON) for name in table}
    used |= {ground for table in (contrast.ON, contrast.SIGNS_ON) for row in table.values() for ground in row}
    assert patterns.schemes()["light"].keys() - used == {"line"}


@pytest.mark.parametrize("who", ["manager", "coordinator", "administrator"])
def test_the_hub_sees_every_component_with_its_rules(world: World, signed_in: Any, who: str) -> None:
    page = signed_in(getattr(world, who)).get("/patterns/").content.decode()
    for part in (
        "There is a problem",
        "Chosen filters",
        'class="tally',
        "Next",
        "I do not know",
        "(optional)",
    ):
        assert part in page
    assert '<p class="wrong"' in page or "There is one of this name already." in page


def test_others_do_not(world: World, signed_in: Any) -> None:
    assert signed_in(world.referrer).get("/patterns/").status_code == 403
    assert signed_in(world.lead).get("/patterns/").status_code == 403
