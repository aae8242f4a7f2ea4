"""The front door's pages, as a person meets them; no browser needed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.actions import enquiries
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Organisation
from intake.pages import paging
from tests.factories import PASSWORD, PDF, World, example, fresh, in_days, new_key
from tests.faults.server import COUNTED

WITHHELD = "14 Weaver Court"


def text(response: Any) -> str:
    """What a person reads: the page without its tags, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def statements(page: Any, path: str) -> int:
    page.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert page.get(path).status_code == 200
    return len(seen)


def post(page: Any, row: Any, transition: str, **data: Any) -> Any:
    kind = "enquiries" if row.reference.startswith("ENQ") else "referrals"
    path = f"/{kind}/{row.reference}/{transition}/"
    return page.post(path, {"version": row.version, **data}, follow=True)


# --- Getting in -------------------------------------------------------------------------------------------


def test_a_person_signs_in_with_e_mail_and_password(client: Any, world: World) -> None:
    answer = client.post(
        "/accounts/login/", {"login": world.coordinator.email, "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/desk/"


def test_a_wrong_password_is_said_in_the_title_and_on_top(client: Any, world: World) -> None:
    answer = client.post("/accounts/login/", {"login": world.coordinator.email, "password": "not this one"})
    assert "<title>Error: Sign in" in answer.content.decode()
    assert "There is a problem" in text(answer)


@pytest.mark.parametrize("path", ["/", "/enquiries/", "/referrals/", "/enquiries/ENQ-7K3M-9QXD-4/"])
def test_a_stranger_to_the_house_is_asked_to_sign_in(client: Any, db: None, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("coordinator", "/desk/"),
        ("administrator", "/admin/"),
    ],
)
def test_each_comes_home_to_what_they_work_from(world: World, signed_in: Any, who: str, where: str) -> None:
    assert signed_in(getattr(world, who)).get("/")["Location"] == where


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/"]
)
def test_the_account_pages_stand_in_the_same_frame(world: World, signed_in: Any, path: str) -> None:
    assert "Skip to the main content" in text(signed_in(world.referrer).get(path, follow=True))


def test_no_page_asks_for_style_or_script_that_the_policy_forbids(world: World, signed_in: Any) -> None:
    page = signed_in(world.coordinator)
    enquiry = world.enquiry(Status.IN_TRIAGE)
    for path in (
        "/enquiries/",
        f"/enquiries/{enquiry.reference}/",
        f"/enquiries/{enquiry.reference}/accept/",
    ):
        html = page.get(path).content.decode()
        assert not re.search(r'\sstyle=|<style|<script(?! src="/static/)|\son\w+=', html)


# --- The worklist -----------------------------------------------------------------------------------------


def test_a_line_names_children_by_age_and_nobody_by_name(world: World, signed_in: Any) -> None:
    world.enquiry()
    words = text(signed_in(world.coordinator).get("/enquiries/"))
    assert re.search(r"2 children \(\d+, \d+\)", words)
    assert "Doyle" not in words


def test_a_line_says_when_the_decision_is_due(world: World, signed_in: Any) -> None:
    world.enquiry()
    words = text(signed_in(world.coordinator).get("/enquiries/"))
    assert re.search(r"Decision due \w+ \d+ \w+( \d{4})?, \d working days? left", words)


def test_an_authority_sees_its_own_enquiries_only(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    assert enquiry.reference in text(signed_in(world.referrer).get("/enquiries/"))
    assert enquiry.reference not in text(signed_in(world.stranger).get("/enquiries/"))


def test_filters_choose_and_a_chip_takes_each_away(world: World, signed_in: Any) -> None:
    mine, other = world.enquiry(Status.IN_TRIAGE), world.enquiry()
    answer = signed_in(world.coordinator).get("/enquiries/?q=&status=in_triage&authority=353&owner=me")
    assert mine.reference in text(answer)
    assert other.reference not in text(answer)
    assert 'href="?authority=353&amp;owner=me"' in answer.content.decode()


def test_a_filter_that_does_not_exist_is_said_and_shows_nothing(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    answer = signed_in(world.coordinator).get("/enquiries/?status=nonsense")
    assert answer.status_code == 400
    assert enquiry.reference not in text(answer)


@pytest.mark.parametrize("sort", ["pressing", "newest", "oldest"])
def test_the_pages_hold_every_enquiry_once_there_and_back(
    world: World, signed_in: Any, monkeypatch: Any, sort: str
) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    made = {
        world.enquiry(status).reference for status in (Status.SUBMITTED, Status.IN_TRIAGE, Status.DECLINED)
    }
    made |= {world.enquiry().reference, world.enquiry(Status.INFORMATION_REQUESTED).reference}
    page, path, there = signed_in(world.coordinator), f"/enquiries/?sort={sort}", []
    while path:
        shown = page.get(path).context["page"]
        there.append([row.reference for row in shown.rows])
        path = f"/enquiries/{shown.next}" if shown.next else ""
    assert {row for rows in there for row in rows} == made
    assert sum(map(len, there)) == 5
    assert (shown.first, shown.last) == (5, 5)
    back = page.get(f"/enquiries/{shown.previous}").context["page"]
    assert ([row.reference for row in back.rows], back.first) == (there[-2], 3)


def test_the_count_stops_at_a_cap(world: World, signed_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(paging, "SIZE", 1)
    monkeypatch.setattr(paging, "CAP", 1)
    world.enquiry(), world.enquiry()
    assert "1–1 of more than 1" in text(signed_in(world.coordinator).get("/enquiries/"))


def test_the_worklist_asks_as_much_of_the_database_for_one_row_as_for_many(
    world: World, signed_in: Any
) -> None:
    world.enquiry()
    page = signed_in(world.coordinator)
    one = statements(page, "/enquiries/?status=submitted")
    for _ in range(4):
        world.enquiry()
    assert statements(page, "/enquiries/?status=submitted") == one <= 12 + COUNTED


# --- The enquiry ------------------------------------------------------------------------------------------


def test_the_header_says_where_it_stands_and_whose_turn_it_is(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.INFORMATION_REQUESTED)
    words = text(signed_in(world.coordinator).get(f"/enquiries/{enquiry.reference}/"))
    for fact in ("Oldham", "Information requested", "Waiting for the authority", "Owner: Ann Coordinator"):
        assert fact in words
    assert "Decision clock paused until the authority answers" in words


def test_risks_stand_in_three_boxes(world: World, signed_in: Any) -> None:
    words = text(signed_in(world.coordinator).get(f"/enquiries/{world.enquiry().reference}/"))
    assert all(box in words for box in ("Risk to the child", "Risk to the worker", "Safety of contact"))


def test_the_enquiry_page_asks_the_same_of_the_database_however_much_happened(
    world: World, signed_in: Any
) -> None:
    page = signed_in(world.manager)
    small = world.enquiry(Status.ACCEPTED, children=example()["children"][:1], adults=[], assessments=[
        {"type": "PA", "children": [0], "adults": [], "questions": ["What?"]}
    ])  # fmt: skip
    large = world.referral("delivered").enquiry
    few = statements(page, f"/enquiries/{small.reference}/")
    assert statements(page, f"/enquiries/{large.reference}/") <= 30 + COUNTED
    assert abs(statements(page, f"/enquiries/{large.reference}/") - few) <= 1


@pytest.mark.parametrize("path", ["", "claim/", "accept/", "attach/", "disclose/"])
def test_anothers_enquiry_and_none_at_all_are_the_same_page(world: World, signed_in: Any, path: str) -> None:
    page, reference = signed_in(world.stranger), world.enquiry().reference
    theirs, none = page.get(f"/enquiries/{reference}/{path}"), page.get(f"/enquiries/ENQ-2222-2222-2/{path}")
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content


def test_a_page_with_a_person_in_it_is_kept_in_no_cache(world: World, signed_in: Any) -> None:
    answer = signed_in(world.referrer).get(f"/enquiries/{world.enquiry().reference}/")
    assert "no-store" in answer["Cache-Control"]


def test_a_coordinator_reads_the_withheld_address_after_giving_a_reason(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(), signed_in(world.coordinator)
    path = f"/enquiries/{enquiry.reference}/"
    assert WITHHELD not in text(page.get(path))
    assert WITHHELD not in text(page.post(f"{path}disclose/", {"reason": ""}))
    assert WITHHELD in text(page.post(f"{path}disclose/", {"reason": "Visit tomorrow"}))
    assert "Visit tomorrow" in text(page.get(path))
    assert WITHHELD not in text(page.get(path))


def test_the_auditor_opens_an_enquiry_with_a_reason(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(), signed_in(world.auditor)
    assert page.get(f"/enquiries/{enquiry.reference}/").status_code == 404
    answer = page.post(
        "/enquiries/open/", {"reference": enquiry.reference, "reason": "Complaint 12"}, follow=True
    )
    assert "is open to you for eight hours" in text(answer)


def test_a_reference_that_is_none_keeps_the_reason_typed(world: World, signed_in: Any) -> None:
    answer = signed_in(world.auditor).post(
        "/enquiries/open/", {"reference": "ENQ-1", "reason": "Complaint 12"}
    )
    assert answer.status_code == 404
    assert "Complaint 12" in text(answer)


def test_a_file_is_attached_with_its_role(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(), signed_in(world.referrer)
    file = SimpleUploadedFile("order.pdf", PDF)
    answer = page.post(
        f"/enquiries/{enquiry.reference}/attach/", {"role": "order", "file": file}, follow=True
    )
    assert "order.pdf" in text(answer)
    assert "Waiting for scan" in text(answer)


def test_a_file_that_is_not_what_it_says_is_refused_beside_the_field(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(), signed_in(world.referrer)
    file = SimpleUploadedFile("order.pdf", b"MZ no pdf at all")
    answer = page.post(f"/enquiries/{enquiry.reference}/attach/", {"role": "order", "file": file})
    assert answer.status_code == 422
    assert "Send a PDF" in text(answer)


# --- Acting -----------------------------------------------------------------------------------------------


def test_buttons_are_what_the_lifecycle_offers_this_person(world: World, signed_in: Any) -> None:
    path = f"/enquiries/{world.enquiry().reference}/"
    assert "Claim" in text(signed_in(world.coordinator).get(path))
    theirs = text(signed_in(world.referrer).get(path))
    assert "Withdraw" in theirs
    assert "Claim" not in theirs


def test_a_claim_is_one_press_and_says_so_once(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(), signed_in(world.coordinator)
    answer = post(page, enquiry, "claim")
    assert f"Claimed: {enquiry.reference}." in text(answer)
    assert fresh(enquiry).owner == world.coordinator
    assert f"Claimed: {enquiry.reference}." not in text(page.get(f"/enquiries/{enquiry.reference}/"))


def test_an_empty_form_is_refused_on_top_and_beside_the_field(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(Status.IN_TRIAGE), signed_in(world.coordinator)
    answer = post(page, enquiry, "request-information", **{"questions-0-text": "Is the date fixed?"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Request information" in html
    assert '<a href="#id_reply_by">Give the day by which you need the answer.</a>' in html
    assert 'aria-describedby="id_reply_by_helptext id_reply_by_error"' in html
    assert "Is the date fixed?" in html


def test_what_the_action_refuses_stands_beside_its_field(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(Status.IN_TRIAGE), signed_in(world.coordinator)
    asked = {"questions-0-text": "Is the date fixed?", "reply_by": in_days(-1).isoformat()}
    answer = post(page, enquiry, "request-information", **asked)
    assert answer.status_code == 422
    assert 'href="#id_reply_by">Give a day after today' in answer.content.decode()


def test_the_second_of_two_reads_who_was_first_and_keeps_what_was_typed(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(Status.IN_TRIAGE), signed_in(world.coordinator)
    world.accept(enquiry)
    said = {"reason_code": "AREA", "text": "Too far from us.", "elsewhere": "The regional list."}
    answer = post(page, enquiry, "decline", **said)
    assert answer.status_code == 409
    assert "Too far from us." in text(answer)
    assert "This is not possible while" in text(answer)
    assert "Accepted" in text(answer)
    assert fresh(enquiry).status == Status.ACCEPTED


def test_a_form_read_too_long_ago_says_who_changed_it_and_can_be_sent_again(
    world: World, signed_in: Any
) -> None:
    enquiry, page = world.enquiry(Status.IN_TRIAGE), signed_in(world.coordinator)
    enquiries.amend(enquiry=enquiry, by=world.referrer, changes={"background": "New facts."})
    said = {"reason_code": "AREA", "text": "Too far from us.", "elsewhere": "The regional list."}
    enquiry.version = 2
    answer = post(page, enquiry, "decline", **said)
    assert answer.status_code == 412
    assert "Rosa Referrer changed it" in text(answer)
    assert "Too far from us." in text(answer)
    assert post(page, fresh(enquiry), "decline", **said).redirect_chain


def test_a_role_that_may_not_is_told_so(world: World, signed_in: Any) -> None:
    answer = post(signed_in(world.referrer), world.enquiry(), "claim")
    assert answer.status_code == 403
    assert "Your role does not allow this" in text(answer)


def test_the_referrer_answers_each_question_and_the_field_it_is_about(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(Status.INFORMATION_REQUESTED), signed_in(world.referrer)
    day = (timezone.localdate() + timedelta(days=60)).isoformat()
    said = {"answers-0-text": "Yes.", "answers-0-value": "", "answers-1-text": "A dog."}
    assert "Is the filing date fixed?" in text(page.get(f"/enquiries/{enquiry.reference}/answer/"))
    assert post(page, enquiry, "answer", **{**said, "answers-0-value": day}).redirect_chain
    assert fresh(enquiry).filing_date.isoformat() == day


def test_a_draft_is_deleted_on_a_page_that_says_what_will_happen(world: World, signed_in: Any) -> None:
    draft, page = world.enquiry(Status.DRAFT), signed_in(world.referrer)
    assert "deleted for good" in text(page.get(f"/enquiries/{draft.reference}/discard/"))
    answer = post(page, draft, "discard")
    assert answer.redirect_chain[-1][0] == "/enquiries/"
    assert not Enquiry.objects.filter(pk=draft.pk).exists()


# --- Words ------------------------------------------------------------------------------------------------


def test_an_unborn_child_has_no_age(world: World, signed_in: Any) -> None:
    cardiff = Organisation.objects.get(code="681")
    someone = world.person(cardiff, "Cai Cardiff", Role.REFERRER)
    enquiries.submit(body=example("prebirth_pams"), by=someone, key=new_key())
    assert "1 child (unborn)" in text(signed_in(someone).get("/enquiries/"))
