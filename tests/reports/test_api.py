"""Documents over the API and from the pages: for whom, as what, and what strangers get."""

from typing import Any

import pytest

from intake.lifecycle import Status
from intake.models import Event
from tests.conftest import bearer
from tests.factories import World
from tests.reports.papers import text_of


def acknowledgement(reference: str) -> str:
    return f"/api/v1/enquiries/{reference}/acknowledgement.pdf"


def summary(reference: str, audience: str) -> str:
    return f"/api/v1/enquiries/{reference}/summary.pdf?audience={audience}"


def test_the_acknowledgement_is_made_when_it_is_first_asked_for(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    first = api(world.referrer).get(acknowledgement(enquiry.reference))
    assert first.status_code == 200
    assert first.content.startswith(b"%PDF-1.7")
    assert api(world.referrer).get(acknowledgement(enquiry.reference)).content == first.content


def test_a_document_is_a_download_with_nobody_in_its_name(world: World, api: Any) -> None:
    reference = world.enquiry().reference
    answer = api(world.coordinator).get(summary(reference, "service"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{reference}-summary-1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


def test_a_stranger_s_enquiry_and_none_are_the_same_answer(world: World, api: Any) -> None:
    reference = world.enquiry().reference
    for path in (acknowledgement, lambda ref: summary(ref, "authority")):
        theirs, none = (api(world.stranger).get(path(ref)) for ref in (reference, "ENQ-AAAA-AAAA-A"))
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert theirs.json() | {"trace_id": ""} == none.json() | {"trace_id": ""}


def test_an_audience_of_others_is_refused(world: World, api: Any) -> None:
    assert api(world.referrer).get(summary(world.enquiry().reference, "internal")).status_code == 403


def test_a_manager_says_why_and_it_stands_in_the_history(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    path = f"/api/v1/enquiries/{enquiry.reference}/papers/summary.pdf"
    for refused in (
        api(world.manager).get(summary(enquiry.reference, "internal")),
        api(world.manager).get(f"{path}?audience=internal"),
        api(world.manager).post(path, {"audience": "internal", "reason": " "}, format="json"),
    ):
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "/reason"
    body = {"audience": "internal", "reason": "A complaint of the family."}
    printed = api(world.manager).post(path, body, format="json")
    assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
    line = Event.objects.filter(enquiry=enquiry, verb="document.printed").get()
    assert (line.by, line.note) == (world.manager, "A complaint of the family.")


def test_sections_are_left_out_by_their_codes(world: World, api: Any) -> None:
    path = f"/api/v1/enquiries/{world.enquiry().reference}/papers/summary.pdf"
    body = {"audience": "authority", "without": ["children"]}
    assert "Children, as whoever printed it chose" in text_of(
        api(world.referrer).post(path, body, format="json").content
    )
    unknown = api(world.referrer).post(path, {**body, "without": ["children", "astrology"]}, format="json")
    assert unknown.status_code == 422
    assert "no such section: astrology" in unknown.json()["errors"][0]["detail"]


@pytest.mark.parametrize("query", ["", "?audience=", "?audience=press", "?audience=authority&size=a4"])
def test_an_unknown_audience_or_parameter_is_named(world: World, api: Any, query: str) -> None:
    reference = world.enquiry().reference
    answer = api(world.referrer).get(f"/api/v1/enquiries/{reference}/summary.pdf{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["errors"]


def test_a_draft_has_no_acknowledgement_and_no_summary(world: World, api: Any) -> None:
    reference = world.enquiry(Status.DRAFT).reference
    assert api(world.referrer).get(acknowledgement(reference)).status_code == 404
    assert api(world.referrer).get(summary(reference, "authority")).status_code == 409


@pytest.mark.parametrize(("scope", "status"), [("documents:read", 200), ("enquiries:read", 403)])
def test_a_case_system_needs_the_scope_for_documents(world: World, api: Any, scope: str, status: int) -> None:
    caller = api(world.case_system)
    caller.credentials(HTTP_AUTHORIZATION=bearer(*world.client, scope=scope))
    assert caller.get(acknowledgement(world.enquiry().reference)).status_code == status


def test_a_case_system_gets_no_summary(world: World, api: Any) -> None:
    caller = api(world.case_system)
    caller.credentials(HTTP_AUTHORIZATION=bearer(*world.client, scope="documents:read"))
    assert caller.get(summary(world.enquiry().reference, "authority")).status_code == 403


@pytest.mark.usefixtures("no_pango")
def test_without_pango_a_pdf_is_503_and_the_enquiry_is_there(world: World, api: Any) -> None:
    reference = world.enquiry().reference
    answer = api(world.referrer).get(acknowledgement(reference))
    assert answer.status_code == 503
    assert "Pango" in answer.json()["detail"]
    assert api(world.referrer).get(f"/api/v1/enquiries/{reference}/").status_code == 200


def test_the_pages_give_the_same_bytes(world: World, api: Any, signed_in: Any) -> None:
    reference = world.enquiry().reference
    page = signed_in(world.referrer).get(f"/enquiries/{reference}/acknowledgement.pdf")
    assert page.content == api(world.referrer).get(acknowledgement(reference)).content
    assert "no-store" in page["Cache-Control"]


def test_who_has_not_signed_in_is_asked_to(world: World, client: Any) -> None:
    answer = client.get(f"/enquiries/{world.enquiry().reference}/acknowledgement.pdf")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
