"""Requirements at the doors: the address, an enquiry's completeness, the gates, and who reads which particular."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from intake.actions import attachments
from intake.actions.reference import load_reference
from intake.models import Requirement, book, put_away
from intake.refusals import Invalid
from referrals.actions import assessments, triage
from tests.factories import PDF, example, fresh

PATH = "/api/v1/assessment-types/SGO/requirements/"
SAID = {"viability_outcome": "Positive, with support.", "checks_done": "DBS is back; medical asked for."}


def asking_for_a_guardianship(**particulars: Any) -> dict[str, Any]:
    row = {"type": "SGO", "children": [0, 1], "adults": [0], "questions": ["Can they stay?"]}
    return {"assessments": [row | {"particulars": particulars}]}


def test_a_type_says_what_it_needs_and_how_to_validate_it(api: Any, world: Any) -> None:
    answer = api(world.case_system).get(PATH, {"on": "2026-11-23"})
    assert (answer.status_code, answer.data["type"], answer.data["valid_on"].isoformat()) == (
        200,
        "SGO",
        "2026-11-23",
    )
    acceptance = {row["code"]: row["level"] for row in answer.data["stages"]["acceptance"]}
    assert acceptance["viability_outcome"] == "required"
    assert answer.data["schema"]["$schema"].endswith("2020-12/schema")


def test_a_type_that_is_none_is_not_found(api: Any, world: Any) -> None:
    assert api(world.referrer).get("/api/v1/assessment-types/XXX/requirements/").status_code == 404


@pytest.mark.parametrize("query", [{"on": "soon"}, {"nation": "France"}, {"kind": "referral"}])
def test_a_question_that_is_none_is_refused(api: Any, world: Any, query: dict[str, str]) -> None:
    assert api(world.referrer).get(PATH, query).status_code == 400


def test_the_schema_is_of_the_callers_own_nation(api: Any, world: Any) -> None:
    ours = (
        api(world.referrer).get(PATH).data["schema"]["properties"]["legal"]["properties"]["framework"]["enum"]
    )
    theirs = api(world.coordinator).get(PATH, {"nation": "Wales"}).data["schema"]
    welsh = theirs["properties"]["legal"]["properties"]["framework"]["enum"]
    assert ("S17" in ours, "S17" in welsh, "S76" in ours, "S76" in welsh) == (True, False, False, True)


def test_an_enquiry_says_how_complete_it_is(api: Any, world: Any) -> None:
    shown = api(world.referrer).get(f"/api/v1/enquiries/{world.enquiry().reference}/").data
    complete = shown["completeness"]
    assert complete["sentence"].startswith(f"{complete['have']} of {complete['of']}; missing: ")
    assert shown["missing_at_acceptance"] == []


def test_particulars_come_back_as_sent_and_can_be_amended(api: Any, world: Any) -> None:
    enquiry = world.enquiry(**asking_for_a_guardianship(**SAID))
    caller, path = api(world.referrer), f"/api/v1/enquiries/{enquiry.reference}/"
    assert caller.get(path).data["assessments"][0]["particulars"] == SAID
    later = asking_for_a_guardianship(**SAID, support_plan_author="Tom Ashworth")
    answer = caller.patch(path, later, format="json", headers={"If-Match": fresh(enquiry).etag})
    assert answer.data["assessments"][0]["particulars"] == {**SAID, "support_plan_author": "Tom Ashworth"}


def test_a_case_system_reads_no_health_and_no_allegation_among_the_particulars_back(
    api: Any, world: Any
) -> None:
    enquiry = world.enquiry(**asking_for_a_guardianship(**SAID, support_plan_author="Tom Ashworth"))
    shown = api(world.case_system).get(f"/api/v1/enquiries/{enquiry.reference}/").data
    kept = shown["assessments"][0]["particulars"]
    assert kept["support_plan_author"] == "Tom Ashworth"
    assert sorted(kept["not_shown"]) == sorted(SAID)
    assert not set(SAID) & set(kept)


def test_an_unknown_particular_is_a_fault_at_its_pointer(api: Any, world: Any) -> None:
    body = {**example(), **asking_for_a_guardianship(shoe_size="9", viability_outcome=["?"])}
    answer = api(world.referrer).post("/api/v1/enquiries/", body, format="json")
    assert answer.status_code == 422
    assert {(fault["pointer"], fault["code"]) for fault in answer.data["errors"]} == {
        ("/assessments/0/particulars/viability_outcome", "not_an_answer"),
    }
    body = {**example(), **asking_for_a_guardianship(shoe_size="9")}
    answer = api(world.referrer).post("/api/v1/enquiries/", body, format="json")
    assert [fault["pointer"] for fault in answer.data["errors"]] == ["/assessments/0/particulars/shoe_size"]


def claimed(world: Any, **particulars: Any) -> Any:
    return triage.claim(
        enquiry=world.enquiry(**asking_for_a_guardianship(**particulars)), by=world.coordinator
    )


WHY = {"rationale": "Within our skills.", "conflict_statement": "None known."}


def test_what_a_type_requires_is_there_at_the_acceptance_or_waived_with_a_reason(world: Any) -> None:
    enquiry = claimed(world)
    with pytest.raises(Invalid) as refused:
        triage.accept(enquiry=enquiry, by=world.coordinator, **WHY)
    (fault,) = refused.value.faults
    assert fault.pointer == "/waiver_reason"
    assert "outcome of the viability assessment" in fault.detail
    accepted = triage.accept(
        enquiry=fresh(enquiry),
        by=world.coordinator,
        waiver_reason="The outcome is promised for Friday.",
        **WHY,
    )
    data = accepted.events.get(verb="enquiry.accept").data
    assert data["waiver_reason"] == "The outcome is promised for Friday."
    assert len(data["lacking"]) == 1


def test_nothing_is_waived_where_nothing_is_lacking(world: Any) -> None:
    accepted = triage.accept(enquiry=claimed(world, **SAID), by=world.coordinator, **WHY)
    assert "waiver_reason" not in accepted.events.get(verb="enquiry.accept").data


def test_the_decision_page_names_what_is_not_there_and_asks_why(signed_in: Any, world: Any) -> None:
    page = signed_in(world.coordinator)
    path = f"/enquiries/{claimed(world).reference}/accept/"
    text = page.get(path).content.decode()
    assert "Not there yet: Special guardianship assessment and report: outcome of the viability" in text
    answer = page.post(path, {**WHY, "version": 2})
    assert answer.status_code == 422
    assert "Say why you accept it all the same." in answer.content.decode()


def test_an_enquiry_page_shows_its_particulars_and_how_much_is_there(signed_in: Any, world: Any) -> None:
    enquiry = world.enquiry(**asking_for_a_guardianship(**SAID))
    text = signed_in(world.referrer).get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert "Positive, with support." in text
    assert "answers that these assessments ask for are there." in text


def test_a_letter_that_was_attached_opens_the_start(world: Any) -> None:
    referral = world.referral("allocated")
    with pytest.raises(Invalid, match="letter of instruction") as refused:
        assessments.start(referral=referral, by=world.assessor)
    assert refused.value.faults[0].pointer == "/waiver_reason"
    letter = SimpleUploadedFile("letter.pdf", PDF)
    attachments.attach(
        enquiry=referral.enquiry, by=world.coordinator, role="letter_of_instruction", file=letter
    )
    assert assessments.start(referral=fresh(referral), by=world.assessor).status == "in_progress"


@pytest.mark.django_db
def test_loading_again_adds_nothing_and_keeps_what_the_office_changed() -> None:
    Requirement.objects.filter(code="needed_by").update(sentence="Which day is it needed by?")
    assert load_reference()["requirements"] == 0
    assert Requirement.objects.get(code="needed_by").sentence == "Which day is it needed by?"


def test_a_sentence_that_the_office_changed_is_what_a_refusal_says(api: Any, world: Any) -> None:
    Requirement.objects.filter(code="needed_by").update(sentence="Which day is it needed by?")
    put_away()
    body = example()
    del body["urgency"]["needed_by"]
    answer = api(world.referrer).post("/api/v1/enquiries/", body, format="json")
    assert [fault["detail"] for fault in answer.data["errors"]] == ["Which day is it needed by?"]


@pytest.mark.django_db
def test_the_book_has_every_row_of_the_file() -> None:
    assert len(book().requirements.rows) == Requirement.objects.count() > 200
