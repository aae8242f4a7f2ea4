"""The web form: a referrer writes an enquiry section by section, and sends it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from intake import bodies
from intake.actions import enquiries
from intake.models import Enquiry
from tests.factories import PDF, World, example, fresh


@pytest.fixture
def browser(signed_in: Any, world: World) -> "Browser":
    return Browser(signed_in(world.referrer))


class Browser:
    """Somebody who reads a page, changes some of its fields and presses its button."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def read(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return str(answer.content.decode())

    def fill(self, path: str, **fields: Any) -> Any:
        """Send what the page's form holds, with some fields changed; a name's dashes are written as __."""
        form = self.client.get(path).context["form"]
        data: dict[str, Any] = {}
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = value
        data |= {name.replace("__", "-"): value for name, value in fields.items()}
        return self.client.post(path, data)


def begin(browser: Browser, kind: str, *types: str) -> Enquiry:
    browser.client.post("/enquiries/new/", {"danger": "no"})
    browser.fill("/enquiries/new/what/", kind=kind, authority_reference="OLD-1", types=list(types))
    return Enquiry.objects.get()


def test_a_special_guardianship_of_two_siblings_from_start_to_confirmation(browser: Browser) -> None:
    draft = begin(browser, "referral", "SGO")
    write = f"/enquiries/{draft.reference}/write/"
    assert "Not yet started" in browser.read(write)
    browser.fill(write + "you/", referrer__phone="0161 496 0120")
    browser.fill(write + "service/", urgency__needed_by="2027-03-05", urgency__why_now="The order ends.")
    for n, name in enumerate(("Ada Fenn", "Bo Fenn")):
        browser.fill(
            f"{write}children/{n}/",
            name=name,
            date_of_birth=f"202{n}-02-03",
            sex="F",
            ethnicity="WBRI",
            disabilities=["NONE"],
        )
    browser.fill(
        write + "adults/0/",
        name="Cleo Fenn",
        date_of_birth="1970-01-02",
        phone="0161 496 0121",
        relationships__0__relationship="maternal_grandmother",
        relationships__1__relationship="maternal_grandmother",
    )
    browser.fill(write + "service/0/", adults=["0"], questions="Can she care for both?\nWith what support?")
    browser.fill(write + "legal/", framework="S14A", stage="permanence", permission="not_needed")
    browser.fill(
        write + "risks/",
        child__level="low",
        child__text="None at home.",
        worker__level="none_known",
        contact__level="none_known",
    )
    browser.fill(write + "background/", background="Their mother died.")
    browser.fill(write + "information/", family_told="yes", lawful_basis="public_task")
    answer = browser.fill(write + "check/", authority_to_instruct="on", accurate="on", name="Rosa Referrer")
    assert answer.status_code == 302, answer.context["elsewhere"]
    sent = browser.read(answer["Location"])
    assert draft.reference in sent
    enquiry = fresh(draft)
    assert enquiry.status == "submitted"
    assert [row.name for row in enquiry.people.filter(part="child")] == ["Ada Fenn", "Bo Fenn"]
    assert enquiry.assessment_rows.get().questions == ["Can she care for both?", "With what support?"]


def test_what_was_typed_is_there_again_after_the_session_ended(signed_in: Any, world: World) -> None:
    draft, client = world.enquiry("draft"), signed_in(world.referrer)
    path = f"/enquiries/{draft.reference}/write/background/"
    prose = 'She said: "it\'s fine"; SELECT * FROM people; DROP TABLE -- é\n' * 320
    who = client.get(path).context["who"]
    client.logout()
    to_sign_in = client.post(path, {"version": draft.version, "background": prose, "who": who})
    assert to_sign_in.status_code == 302
    answer = signed_in(world.referrer).get(parse_qs(urlsplit(to_sign_in["Location"]).query)["next"][0])
    assert answer.context["form"]["background"].value() == prose
    assert "it is not saved yet" in answer.content.decode()


def test_typed_words_come_back_to_nobody_else_and_only_once(signed_in: Any, world: World) -> None:
    draft, client = world.enquiry("draft"), signed_in(world.referrer)
    path = f"/enquiries/{draft.reference}/write/background/"
    who = client.get(path).context["who"]
    client.logout()
    kept = client.post(path, {"version": "1", "background": "Mine.", "who": who})["Location"]
    back = parse_qs(urlsplit(kept).query)["next"][0]
    assert "Mine." not in signed_in(world.authority_manager).get(back).content.decode()
    assert "Mine." in signed_in(world.referrer).get(back).content.decode()
    assert "Mine." not in signed_in(world.referrer).get(back).content.decode()


def test_the_page_refuses_in_the_sentences_of_the_api(browser: Browser, api: Any, world: World) -> None:
    body = example()
    del body["risks"], body["information"]
    body["children"][1].pop("ethnicity")
    refused = api(world.referrer).post("/api/v1/enquiries/", body, format="json")
    told = {fault["detail"] for fault in refused.json()["errors"]}
    draft = enquiries.save_draft(body=body, by=world.referrer)[0]
    path = f"/enquiries/{draft.reference}/write/check/"
    answer = browser.fill(path, authority_to_instruct="on", accurate="on", name="Rosa Referrer")
    assert answer.status_code == 422
    assert {fault["detail"] for fault in answer.context["elsewhere"]} == told
    assert fresh(draft).status == "draft"


def test_two_of_a_team_who_change_the_same_section_see_both_versions(browser: Browser, world: World) -> None:
    draft = world.enquiry("draft")
    path = f"/enquiries/{draft.reference}/write/background/"
    read_before = draft.version
    browser.fill(path, background="The first of us.")
    answer = browser.client.post(path, {"version": read_before, "background": "The second of us."})
    assert answer.status_code == 412
    page = answer.content.decode()
    assert "Rosa Referrer changed it" in page
    assert answer.context["differences"] == [
        ("What has happened, and what are you worried about?", "The second of us.", "The first of us.")
    ]
    assert answer.context["form"]["background"].value() == "The second of us."
    assert fresh(draft).background == "The first of us."


def test_a_child_taken_out_leaves_the_others_in_their_places(browser: Browser, world: World) -> None:
    draft = world.enquiry("draft")
    browser.fill(f"/enquiries/{draft.reference}/write/children/0/remove/")
    body = bodies.read(fresh(draft))
    assert [child["name"] for child in body["children"]] == ["Ella Doyle"]
    assert [asked["children"] for asked in body["assessments"]] == [[0], [0]]
    assert [adult["relationships"][0]["child"] for adult in body["adults"]] == [0, 0]


def test_what_a_page_does_not_ask_stays_as_it_was(browser: Browser, world: World) -> None:
    draft = world.enquiry("draft")
    before = bodies.read(fresh(draft))
    for part in ("you", "service", "legal", "risks", "background", "documents", "information"):
        answer = browser.fill(f"/enquiries/{draft.reference}/write/{part}/")
        assert answer.status_code == 302, (part, answer.context["form"].errors)
    for part, member in (("children", "children"), ("adults", "adults"), ("service", "assessments")):
        for n in range(len(before[member])):
            answer = browser.fill(f"/enquiries/{draft.reference}/write/{part}/{n}/")
            assert answer.status_code == 302, (part, n, answer.context["form"].errors)
    assert bodies.read(fresh(draft)) == before


def test_twenty_thousand_characters_with_quotes_and_sql_words_are_kept_as_typed(
    browser: Browser, world: World
) -> None:
    draft = world.enquiry("draft")
    prose = ('She said: "it\'s fine"; SELECT * FROM people; DROP TABLE enquiry; -- é\n' * 320)[:20_000]
    browser.fill(f"/enquiries/{draft.reference}/write/background/", background=prose)
    assert fresh(draft).background == prose


def test_a_child_in_danger_stops_the_form_and_nothing_is_kept(browser: Browser) -> None:
    answer = browser.client.post("/enquiries/new/", {"danger": "yes"})
    assert "ring 999" in answer.content.decode()
    assert not Enquiry.objects.exists()


def test_a_declined_enquiry_is_sent_again_from_its_page(browser: Browser, world: World) -> None:
    declined = world.enquiry("declined")
    page = browser.read(f"/enquiries/{declined.reference}/")
    assert f"/enquiries/{declined.reference}/again/" in page
    answer = browser.fill(
        f"/enquiries/{declined.reference}/again/", prompted_by="sent_again", kind="referral"
    )
    draft = Enquiry.objects.get(status="draft")
    assert answer["Location"] == f"/enquiries/{draft.reference}/write/"
    assert draft.continues_id == declined.reference
    assert draft.background == declined.background


def test_somebody_of_another_authority_finds_no_draft(signed_in: Any, world: World) -> None:
    draft = world.enquiry("draft")
    client = signed_in(world.stranger)
    for path in ("", "you/", "check/", "children/0/"):
        assert client.get(f"/enquiries/{draft.reference}/write/{path}").status_code == 404


def test_a_message_that_outlives_a_session_stays_for_whom_it_was(signed_in: Any, world: World) -> None:
    enquiry, client = world.enquiry("in_triage"), signed_in(world.coordinator)
    path = f"/enquiries/{enquiry.reference}/messages/?to=authority"
    who = client.get(path).context["who"]
    client.logout()
    sent = client.post(path, {"audience": "authority", "text": "For Oldham.", "who": who})
    back = parse_qs(urlsplit(sent["Location"]).query)["next"][0]
    page = signed_in(world.coordinator).get(back)
    assert page.context["to"].readers.startswith("Oldham will read this.")
    assert page.context["form"]["text"].value() == "For Oldham."


def test_words_that_cannot_be_taken_any_more_are_given_back_to_copy(browser: Browser, world: World) -> None:
    draft = world.enquiry("draft")
    path, words = f"/enquiries/{draft.reference}/write/background/", "Long notes. " * 20
    who = browser.client.get(path).context["who"]
    world.bring(enquiries.send(enquiry=draft, by=world.referrer), "declined")
    answer = browser.client.post(path, {"version": draft.version, "background": words, "who": who})
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert "Send it again" not in answer.content.decode()


def test_a_fault_of_ours_gives_back_what_was_typed(signed_in: Any, world: World) -> None:
    enquiry, client = world.enquiry("in_triage"), signed_in(world.coordinator)
    path, words = f"/enquiries/{enquiry.reference}/messages/?to=hub", "Long notes. " * 20
    sent = {"audience": "hub", "text": words, "who": client.get(path).context["who"]}
    client.raise_request_exception = False

    def break_down(execute: Any, sql: str, *more: Any) -> Any:
        if sql.startswith("INSERT"):
            raise RuntimeError
        return execute(sql, *more)

    with connection.execute_wrapper(break_down):
        answer = client.post(path, sent)
    assert (answer.status_code, answer["Cache-Control"]) == (500, "no-store")
    assert words in answer.content.decode()
    assert client.post(path, sent).status_code == 302
    assert enquiry.messages.get().text == words


def test_no_password_comes_back(client: Any, settings: Any, tmp_path: Any, world: World) -> None:
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.MAINTENANCE_FILE.write_text("Back soon.")
    answer = client.post("/accounts/login/", {"login": world.referrer.email, "password": "secret words"})
    assert "secret words" not in answer.content.decode()


def test_an_attached_file_is_a_document_that_we_have(browser: Browser, world: World) -> None:
    draft = world.enquiry("draft", documents=[{"role": "chronology", "state": "to_come"}])
    path = f"/enquiries/{draft.reference}/attach/"
    for role in ("order", "chronology"):
        file = SimpleUploadedFile("paper.pdf", PDF)
        answer = browser.client.post(path, {"role": role, "file": file})
        assert answer["Location"] == f"/enquiries/{draft.reference}/write/"
    papers = bodies.read(fresh(draft))["documents"]
    assert [(row["role"], row["state"]) for row in papers] == [("chronology", "have"), ("order", "have")]


def test_what_nobody_needs_of_a_child_stands_closed_until_it_says_something(
    browser: Browser, world: World
) -> None:
    draft = begin(browser, "referral", "SGO")
    closed = "<details><summary>More that you can add"
    assert closed in browser.read(f"/enquiries/{draft.reference}/write/children/0/")
    whole = world.enquiry("draft")
    assert closed not in browser.read(f"/enquiries/{whole.reference}/write/children/0/")
