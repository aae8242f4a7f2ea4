"""The figures on paper: tagged, each chart told in words, no person in it."""

import re
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from reports.actions import counting
from tests.factories import World
from tests.reports.papers import tags_of, text_of


@pytest.fixture
def paper(world: World, signed_in: Any) -> bytes:
    world.enquiry("declined")
    world.referral("in_review")
    counting.count_new(timezone.now())
    answer = signed_in(world.manager).get("/figures.pdf?compare=true")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def test_it_says_what_the_page_says_and_nobody_s_name(paper: bytes, world: World, signed_in: Any) -> None:
    text = text_of(paper)
    page = signed_in(world.manager).get("/figures/?compare=true")
    for group in page.context["groups"]:
        for answer in group.answers:
            assert answer.sentence in text, answer.code
            assert answer.meaning in text, answer.code
    assert f"Printed by {world.manager.name}" in text
    assert not re.search(r"ENQ-|REF-", text)


def test_each_chart_is_a_figure_that_tells_its_numbers(paper: bytes, tmp_path: Any) -> None:
    tags = tags_of(paper)
    assert tags.count("/Figure") > 10
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD"} <= set(tags)
    file = tmp_path / "figures.pdf"
    file.write_bytes(paper)
    with pikepdf.open(file) as opened:
        told = [str(row.Alt) for row in opened.objects if is_figure(row)]
    assert len(told) == tags.count("/Figure")
    assert any(words.startswith("Assessments declined. We do not cover this area: ") for words in told)


def is_figure(row: Any) -> bool:
    return isinstance(row, pikepdf.Dictionary) and row.get("/S") == "/Figure"


def test_it_prints_for_everybody_who_reads_figures_and_says_what_is_hidden(
    world: World, signed_in: Any
) -> None:
    world.enquiry("declined")
    counting.count_new(timezone.now())
    for user in (world.auditor, world.authority_manager, world.lead):
        answer = signed_in(user).get("/figures.pdf")
        assert answer.status_code == 200, user
        assert ("c stands for 1 to 7" in text_of(answer.content)) == (user == world.auditor)
