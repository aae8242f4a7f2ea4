"""The lines of the worklist, written straight: what they say is what the enquiry says, and nothing gets through."""

from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from intake.models import Enquiry, Organisation
from intake.pages import fields
from intake.pages.worklist import WorklistForm
from intake.ranking import enquiry_priority
from tests.factories import World

WILD = "<script>\"&'"
SAFE = "&lt;script&gt;&quot;&amp;&#x27;"


@pytest.mark.parametrize("look", ["comfortable", "compact"])
def test_what_somebody_typed_is_never_markup(world: World, signed_in: Any, look: str) -> None:
    row = world.enquiry("in_triage")
    Organisation.objects.filter(pk=row.authority_id).update(name=WILD)
    Enquiry.objects.filter(pk=row.pk).update(prompted_by="step_up", prompted_reason=WILD)
    type(row.owner).objects.filter(pk=row.owner_id).update(name=WILD)
    words = signed_in(world.manager).get(f"/enquiries/?rows={look}").content.decode()
    assert "<script>" not in words
    assert words.count(SAFE) >= (3 if look == "comfortable" else 2)


def test_a_line_says_the_clock_and_the_reasons_as_the_enquiry_itself_does(
    world: World, signed_in: Any
) -> None:
    row = Enquiry.objects.get(pk=world.enquiry().pk)
    words = signed_in(world.coordinator).get("/enquiries/").content.decode()
    assert enquiry_priority(row).sentence in words
    assert row.reading(timezone.now()).sentence in words
    assert (
        enquiry_priority(row).reasons[0].text
        not in signed_in(world.referrer).get("/enquiries/").content.decode()
    )


def test_a_filter_looks_as_it_is_chosen_and_what_was_typed_is_not_kept(world: World) -> None:
    def looks(query: str) -> str:
        form = WorklistForm(QueryDict(query), world.coordinator)
        assert form.is_valid()
        return "".join([*form.usual, *form.further])

    plain, chosen, typed = looks(""), looks("status=submitted"), looks("q=Marlowe&received_after=2026-01-02")
    assert plain.count("checked") == 0
    assert chosen.count("checked") == 1
    assert 'value="Marlowe"' in typed
    assert 'value="2026-01-02"' in typed
    assert looks("") == plain
    assert not any("Marlowe" in kept or "2026-01-02" in kept for kept in fields._written.values())


def test_a_new_colleague_stands_among_the_owners_at_once(world: World) -> None:
    def owners() -> str:
        form = WorklistForm(QueryDict(""), world.coordinator)
        return str(fields.written(form["owner"]))

    assert "Newly Named" not in owners()
    type(world.colleague).objects.filter(pk=world.colleague.pk).update(name="Newly Named")
    assert "Newly Named" in owners()
