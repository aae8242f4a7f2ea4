"""Clocks on paper: the authority's in a section of their own, ours by their own name, and neither for a service."""

from tests.factories import World
from tests.reports.papers import print_summary, text_of


def printed(world: World, referral: object, audience: str) -> str:
    enquiry = referral.enquiry  # type: ignore[attr-defined]
    paper = print_summary(enquiry, audience, by=world.manager)
    return text_of(bytes(paper.pdf))


def test_each_audience_reads_the_clocks_that_are_its_own(world: World) -> None:
    referral = world.referral("in_progress")
    for audience in ("authority", "internal"):
        said = printed(world, referral, audience)
        ours, _, theirs = said.partition("The authority's statutory clocks")
        assert "26 weeks beginning with 28 September 2026" in theirs
        assert "Verified in part." in theirs
        assert "Our targets" in ours
        assert "12 weeks from the start of the work" in ours
    said = printed(world, referral, "service")
    assert "statutory clocks" not in said
    assert "Our targets" not in said
