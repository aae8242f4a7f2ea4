"""From a case system's POST to a closed enquiry, through the API alone, seen as each person sees it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from intake import history
from intake.models import Enquiry
from referrals.models import Defect, Referral
from tests.factories import PDF, World, all_met, example, in_days

E, R = "/api/v1/enquiries/", "/api/v1/referrals/"


def test_an_enquiry_goes_from_submission_to_its_reports_and_is_closed(world: World, api: Any) -> None:
    system, hub, lead, assessor, reviewer = (
        api(user)
        for user in (world.case_system, world.coordinator, world.lead, world.assessor, world.reviewer)
    )

    def move(caller: Any, reference: str, transition: str, **facts: Any) -> Any:
        model = Enquiry if reference.startswith("ENQ") else Referral
        answer = caller.make(model.objects.get(reference=reference), transition, facts)
        assert answer.status_code == 200, (transition, answer.data)
        return answer.json()

    # The case system sends, twice because the line dropped: one enquiry, and a date of decision.
    key = {"Idempotency-Key": "case-4711"}
    sent = [system.post(E, example(), format="json", headers=key) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201]
    reference = sent[0].data["reference"]
    assert sent[1].data["reference"] == reference
    due = sent[0].json()["decision_due_at"]
    assert due
    assert sent[0].data["turn"] == "hub"

    # The coordinator finds it unowned, claims it, and asks; the clock stands still and it is the authority's turn.
    assert [row["reference"] for row in hub.get(E, {"owner": "nobody"}).data["results"]] == [reference]
    assert move(hub, reference, "claim")["owner"] == world.coordinator.name
    asked = move(
        hub,
        reference,
        "request_information",
        questions=[
            {"text": "Is the filing date fixed?", "field": "/legal/filing_date"},
            {"text": "Any dogs?"},
        ],
        reply_by=str(in_days(5)),
    )
    assert (asked["clock"], asked["decision_due_at"], asked["turn"]) == ("paused", None, "authority")

    # The authority answers; the answer amends the field, and the clock runs again.
    answers = [{"number": 1, "text": "It moved.", "value": "2027-03-08"}, {"number": 2, "text": "Two."}]
    answered = move(system, reference, "answer", answers=answers)
    assert answered["legal"]["filing_date"] == "2027-03-08"
    assert (answered["clock"], answered["turn"]) == ("running", "hub")
    assert answered["decision_due_at"] >= due
    [line] = [
        row for row in hub.get(f"{E}{reference}/events/").data["results"] if row["verb"] == "enquiry.answer"
    ]
    assert line["data"]["changed"]["legal"][0]["filing_date"] == "2027-03-05"
    assert line["data"]["changed"]["legal"][1]["filing_date"] == "2027-03-08"

    # Accepted: two assessments, two referrals that wait. A service sees nothing yet.
    move(hub, reference, "accept", rationale="Within our skills.", conflict_statement="None known.")
    waiting = [row["reference"] for row in hub.get(R, {"enquiry": reference}).data["results"]]
    assert len(waiting) == 2
    assert lead.get(f"{E}{reference}/").status_code == 404

    for referral in waiting:
        do_one(world, referral, move, hub, lead, assessor, reviewer)

    # With the last referral the enquiry closes by itself; the authority reads the course, without the hub's notes.
    assert system.get(f"{E}{reference}/").data["status"] == "closed"
    course = system.get(f"{E}{reference}/events/").data["results"]
    assert [row["verb"] for row in course if row["verb"].startswith("enquiry.")] == [
        "enquiry.submit",
        "enquiry.claim",
        "enquiry.request_information",
        "enquiry.answer",
        "enquiry.accept",
        "enquiry.close",
    ]
    assert not any("note" in row for row in course)
    assert api(world.stranger).get(f"{E}{reference}/").status_code == 404
    assert list(history.broken()) == []


def do_one(world: World, referral: str, move: Any, hub: Any, lead: Any, assessor: Any, reviewer: Any) -> None:
    """One referral: offered, taken, begun, sent back once, delivered, closed."""
    move(hub, referral, "offer", service=world.north.code, reply_by=str(in_days(3)))
    assert lead.get(f"{R}{referral}/").data["status"] == "offered"
    taken = move(
        lead, referral, "accept_offer", assessor=world.assessor.email, conflict_statement="None known."
    )
    assert taken["assessor"] == world.assessor.name
    move(assessor, referral, "start", waiver_reason="The letter is on its way.")
    assessor.post(f"{R}{referral}/evidence/", {"source": "School", "state": "received"}, format="json")
    upload = {"role": "report", "file": SimpleUploadedFile("report.pdf", PDF)}
    attached = assessor.post(f"{R}{referral}/attachments/", upload, format="multipart")
    assert attached.status_code == 201, attached.data
    seen = [{"child": n, "seen_on": str(in_days(-1)), "views": "Wants to go home."} for n in (0, 1)]
    report = {"report": attached.data["id"], "children_seen": seen}
    move(assessor, referral, "submit_report", **report)
    move(reviewer, referral, "send_back", defects=[{"code": "VOICE", "text": "What did she say?"}])
    move(assessor, referral, "submit_report", **report)
    delivered = move(
        reviewer,
        referral,
        "deliver",
        checklist=all_met(),
        mended=[{"defect": row.pk, "mended": True} for row in Defect.objects.filter(mended=None)],
    )
    assert delivered["filing_met"] is True
    move(
        hub,
        referral,
        "close",
        outcome_code="REPORT_USED",
        follow_up_3_months=str(in_days(90)),
        follow_up_6_months=str(in_days(180)),
    )
