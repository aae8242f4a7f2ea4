"""Files of many enquiries: checked, sent and answered row by row; the same file twice makes nothing twice."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from intake.actions import enquiries, imports
from intake.importing import columns, replies
from intake.models import Enquiry, Event, Import, ImportRow, Notification, Person, User
from tests.factories import World, example, fresh
from tests.intake.bulk_rows import as_csv, as_lines, bodies

URL = "/api/v1/enquiries/imports/"
GOOD_ENOUGH = b"kind\r\ngeneral\r\n"


def uploaded(content: bytes, name: str = "families.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(caller: Any, content: bytes, name: str = "families.csv", **more: Any) -> Any:
    return caller.post(URL, {"file": uploaded(content, name), **more}, format="multipart")


def run() -> None:
    """What the worker does, until nothing waits."""
    while imports.import_next(timezone.now()):
        pass


def reply(caller: Any, bulk: Any) -> list[dict[str, Any]]:
    answer = caller.get(f"{URL}{bulk['id']}/reply.jsonl")
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.content.decode().splitlines()]


def outcomes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["outcome"] for row in rows]


def send_file(caller: Any, content: bytes, name: str = "families.csv", **more: Any) -> list[dict[str, Any]]:
    """Sent without a check before it; the reply."""
    bulk = upload(caller, content, name, dry_run="false", **more)
    assert bulk.status_code == 202, bulk.content
    run()
    return reply(caller, bulk.json())


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Enquiry, Person, Event, Notification))


# --- Checked, then sent -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("write", "name"), [(as_csv, "a.csv"), (as_lines, "a.jsonl")])
def test_a_file_is_checked_first_and_sent_when_asked(world: World, api: Any, write: Any, name: str) -> None:
    caller = api(world.case_system)
    sent = upload(caller, write(bodies(3)), name)
    assert (sent.status_code, sent["Location"]) == (202, sent.json()["url"])
    assert (sent.json()["state"], sent.json()["total"], sent.json()["done"]) == ("checking", 3, 0)
    run()
    checked = caller.get(sent["Location"]).json()
    assert (checked["state"], checked["dry_run"], checked["ready"]) == ("checked", True, 3)
    assert written() == (0, 0, 0, 0)
    assert caller.post(f"{sent['Location']}apply/").status_code == 202
    run()
    done = caller.get(sent["Location"]).json()
    assert (done["state"], done["done"], done["accepted"], done["refused"]) == ("finished", 3, 3, 0)
    named = {row["reference"] for row in reply(caller, sent.json())}
    assert named == set(Enquiry.objects.values_list("reference", flat=True))


def test_what_comes_in_by_csv_is_what_came_in_by_json(world: World, api: Any) -> None:
    caller = api(world.authority_manager)
    send_file(caller, as_csv(bodies(1)))
    assert outcomes(send_file(caller, as_lines(bodies(1)), "a.jsonl")) == ["duplicate"]
    assert Enquiry.objects.count() == 1


def test_an_imported_enquiry_is_promised_its_acknowledgement_and_has_its_history(
    world: World, api: Any
) -> None:
    send_file(api(world.case_system), as_csv(bodies(1)))
    enquiry = Enquiry.objects.get()
    assert (enquiry.created_by, enquiry.status) == (world.case_system, "submitted")
    assert enquiry.notifications.get().kind == Notification.Kind.ACKNOWLEDGEMENT
    assert enquiry.events.get().verb == "enquiry.submit"


def test_the_hub_imports_for_an_authority_with_a_reason(world: World, api: Any) -> None:
    caller, content = api(world.coordinator), as_csv(bodies(1))
    assert upload(caller, content).status_code == 422
    assert upload(caller, content, authority="353").status_code == 422
    assert upload(caller, content, authority="000", on_behalf_reason="By post.").status_code == 422
    rows = send_file(caller, content, authority="353", on_behalf_reason="Their system is down.")
    enquiry = Enquiry.objects.get(reference=rows[0]["reference"])
    assert (enquiry.authority, enquiry.on_behalf_reason) == (world.oldham, "Their system is down.")


def test_every_fault_of_a_row_is_named_and_the_others_go_on(world: World, api: Any) -> None:
    rows = bodies(3)
    rows[1] = {**rows[1], "kind": "wish", "children": [{"name": "Connor Doyle", "sex": "Q"}], "surprise": 1}
    answered = send_file(api(world.case_system), as_lines(rows), "a.jsonl")
    assert outcomes(answered) == ["accepted", "refused", "accepted"]
    assert {"/kind", "/surprise", "/children/0/sex"} <= {fault["pointer"] for fault in answered[1]["faults"]}
    assert answered[1]["authority_reference"] == "BULK-00001"
    assert "Connor" not in json.dumps(answered)


def test_a_row_is_refused_with_the_faults_that_the_api_names(world: World, api: Any) -> None:
    body = {**example(), "assessments": [{"type": "NOPE"}], "urgency": {"immediate_danger": True}}
    alone = api(world.case_system).post("/api/v1/enquiries/", body, format="json").json()["errors"]
    assert send_file(api(world.case_system), as_lines([body]), "a.jsonl")[0]["faults"] == alone


# --- Nothing twice ----------------------------------------------------------------------------------------


def test_the_same_file_again_makes_nothing_and_says_what_each_row_repeats(world: World, api: Any) -> None:
    caller, content = api(world.case_system), as_csv(bodies(4))
    first, stands = send_file(caller, content), written()
    again = send_file(caller, content)
    assert outcomes(again) == ["duplicate"] * 4
    assert [row["reference"] for row in again] == [row["reference"] for row in first]
    assert written() == stands


def test_another_of_the_authority_who_sends_it_after_the_keys_are_forgotten_makes_nothing(
    world: World, api: Any
) -> None:
    content = as_csv(bodies(2))
    send_file(api(world.case_system), content)
    with time_machine.travel(timezone.now() + timedelta(days=45), tick=False):
        enquiries.forget_old_keys()
        assert outcomes(send_file(api(world.authority_manager), content)) == ["duplicate"] * 2
    assert Enquiry.objects.count() == 2


def test_another_authority_may_send_the_same(world: World, api: Any) -> None:
    content = as_lines([example("general_enquiry")])
    send_file(api(world.case_system), content, "a.jsonl")
    assert outcomes(send_file(api(world.stranger), content, "a.jsonl")) == ["accepted"]


def test_the_same_row_twice_in_a_file_is_one_enquiry(world: World, api: Any) -> None:
    caller, rows = api(world.case_system), [*bodies(2), *bodies(1)]
    checked = upload(caller, as_csv(rows)).json()
    run()
    assert [(row["outcome"], row["same_as"]) for row in reply(caller, checked)] == [
        ("ready", None),
        ("ready", None),
        ("duplicate", 2),
    ]
    sent = send_file(caller, as_csv(rows))
    assert outcomes(sent) == ["accepted", "accepted", "duplicate"]
    assert sent[2]["reference"] == sent[0]["reference"]


def test_what_was_sent_one_by_one_is_not_sent_again_by_a_file(world: World, api: Any) -> None:
    body = bodies(1)[0]
    sent = api(world.referrer).post("/api/v1/enquiries/", body, format="json").json()
    row = send_file(api(world.case_system), as_csv([body]))[0]
    assert (row["outcome"], row["reference"]) == ("duplicate", sent["reference"])


@pytest.mark.parametrize("change", ["amended", "withdrawn"])
def test_what_was_changed_or_taken_back_since_does_not_come_back(world: World, api: Any, change: str) -> None:
    caller, content = api(world.case_system), as_csv(bodies(1))
    send_file(caller, content)
    enquiry = Enquiry.objects.get()
    if change == "amended":
        enquiries.amend(enquiry=enquiry, by=world.case_system, changes={"background": "It is otherwise."})
    else:
        enquiries.withdraw(enquiry=enquiry, by=world.case_system, reason_code="NO_LONGER_NEEDED")
    assert outcomes(send_file(caller, content)) == ["duplicate"]


def test_applied_twice_is_sent_once(world: World, api: Any) -> None:
    caller = api(world.case_system)
    where = upload(caller, as_csv(bodies(2)))["Location"]
    run()
    assert [caller.post(f"{where}apply/").status_code for _ in range(2)] == [202, 202]
    run()
    assert caller.post(f"{where}apply/").json()["state"] == "finished"
    run()
    assert Enquiry.objects.count() == 2


# --- Killed, slow, retired --------------------------------------------------------------------------------


class Killed(BaseException):
    """kill -9, as far as a test can: nothing that comes after it is done."""


def halfway(world: World, monkeypatch: Any, content: bytes) -> Import:
    """A worker was killed at the third row, its lease still running."""
    bulk = imports.take_in(content=content, by=world.case_system, dry_run=False)
    real, seen = enquiries.submit, iter(range(100))

    def killed(**given: Any) -> Any:
        made = real(**given)
        if next(seen) == 2:
            raise Killed
        return made

    monkeypatch.setattr(enquiries, "submit", killed)
    with pytest.raises(Killed):
        imports.import_next(timezone.now())
    monkeypatch.setattr(enquiries, "submit", real)
    return bulk


def test_a_killed_worker_is_followed_by_another_that_does_no_row_twice(
    world: World, monkeypatch: Any
) -> None:
    bulk = halfway(world, monkeypatch, as_csv(bodies(6)))
    assert (Enquiry.objects.count(), bulk.rows.count()) == (2, 2)
    assert not imports.import_next(timezone.now()), "The lease still runs."
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        run()
    assert fresh(bulk).state == Import.State.FINISHED
    assert list(bulk.rows.values_list("outcome", flat=True)) == ["accepted"] * 6
    assert Enquiry.objects.count() == 6


def test_a_worker_that_lost_its_lease_does_not_go_on(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(imports, "SLICE", 1)
    imports.take_in(content=as_csv(bodies(3)), by=world.case_system, dry_run=False)
    slow = Import.objects.claim(timezone.now())
    assert slow is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert imports.import_next(timezone.now())
        with pytest.raises(imports.Lost):
            imports.work(slow)
    assert Enquiry.objects.count() == ImportRow.objects.count() == 1


def test_a_row_that_kills_its_worker_three_times_is_passed_over(world: World, monkeypatch: Any) -> None:
    bulk = imports.take_in(content=as_csv(bodies(3)), by=world.case_system, dry_run=False)
    real = enquiries.submit

    def kills(**given: Any) -> Any:
        if given["body"]["authority_reference"] == "BULK-00001":
            raise Killed
        return real(**given)

    monkeypatch.setattr(enquiries, "submit", kills)
    moment = timezone.now()
    for minutes in range(0, 6, 2):
        with time_machine.travel(moment + timedelta(minutes=minutes), tick=False), pytest.raises(Killed):
            imports.import_next(timezone.now())
    with time_machine.travel(moment + timedelta(minutes=8), tick=False):
        run()
    assert list(bulk.rows.values_list("outcome", flat=True)) == ["accepted", "refused", "accepted"]
    assert fresh(bulk).state == Import.State.FINISHED


def test_a_file_that_is_gone_ends_its_import_and_no_other(world: World, caplog: Any) -> None:
    lost = imports.take_in(content=as_csv(bodies(1)), by=world.case_system, dry_run=False)
    default_storage.delete(lost.file.name)
    other = imports.take_in(content=as_csv(bodies(1, 5)), by=world.case_system, dry_run=False)
    for minutes in range(0, 12, 2):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
            run()
    assert (fresh(lost).state, fresh(other).state) == (Import.State.GIVEN_UP, Import.State.FINISHED)
    assert "Doyle" not in caplog.text


def test_who_was_retired_meanwhile_sends_nothing(world: World) -> None:
    bulk = imports.take_in(content=as_csv(bodies(2)), by=world.authority_manager, dry_run=False)
    User.objects.filter(pk=world.authority_manager.pk).update(is_active=False)
    run()
    assert (fresh(bulk).state, Enquiry.objects.count()) == (Import.State.GIVEN_UP, 0)


def test_large_files_take_turns(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(imports, "SLICE", 2)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False) as clock:
        first = imports.take_in(content=as_csv(bodies(5)), by=world.case_system)
        clock.shift(1)
        second = imports.take_in(content=as_csv(bodies(5, 10)), by=world.case_system)
        for _ in range(2):
            clock.shift(1)
            imports.import_next(timezone.now())
    assert (first.rows.count(), second.rows.count()) == (2, 2)


# --- What is kept -----------------------------------------------------------------------------------------


def test_the_content_lies_under_a_random_name_and_goes_when_it_was_sent(world: World) -> None:
    bulk = imports.take_in(content=as_csv(bodies(1)), by=world.case_system, name="Doyle.csv", dry_run=False)
    name = bulk.file.name
    assert default_storage.exists(name)
    assert "Doyle" not in name
    run()
    assert not default_storage.exists(name)
    assert fresh(bulk).file.name == ""


def test_what_was_never_sent_goes_after_seven_days_and_cannot_be_sent_any_more(
    world: World, api: Any
) -> None:
    bulk = imports.take_in(content=as_csv(bodies(1)), by=world.case_system)
    run()
    name, checked = bulk.file.name, timezone.now()
    assert imports.forget_contents(checked + timedelta(days=6)) == 0
    assert imports.forget_contents(checked + timedelta(days=8)) == 1
    assert not default_storage.exists(name)
    answer = api(world.case_system).post(f"{URL}{bulk.uid}/apply/")
    assert (answer.status_code, answer.json()["current_status"]) == (409, "expired")


def test_no_table_of_imports_and_no_reply_holds_what_was_written_about_the_family(
    world: World, api: Any
) -> None:
    rows = bodies(2)
    rows[1]["kind"] = "Doyle"
    bulk = imports.take_in(content=as_lines(rows), by=world.authority_manager)
    run()
    kept = str([*Import.objects.values(), *ImportRow.objects.values()])
    sent = replies.reply(bulk, world.authority_manager, "csv").decode()
    assert "Doyle" not in kept + sent
    assert "BULK-00001" in sent


@pytest.mark.parametrize("who", ["authority_manager", "coordinator"])
def test_on_pages_a_file_is_sent_followed_applied_and_answered(
    world: World, signed_in: Any, who: str
) -> None:
    client, rows = signed_in(getattr(world, who)), bodies(2)
    rows[1]["kind"] = "wish"
    form = {"file": uploaded(as_csv(rows)), "authority": "353", "on_behalf_reason": "By post."}
    sent = client.post("/enquiries/imports/", form)
    assert sent.status_code == 302, sent.content
    assert "0 of 2 rows are done" in client.get(sent["Location"]).content.decode()
    run()
    page = client.get(sent["Location"]).content.decode()
    assert "Send 1 enquiry" in page
    assert "BULK-00001" in page
    assert not Enquiry.objects.exists()
    assert client.post(f"{sent['Location']}apply/").status_code == 302
    run()
    assert Enquiry.objects.count() == 1
    assert "Sent" in client.get("/enquiries/imports/").content.decode()


def test_on_pages_a_file_that_is_none_is_refused_with_the_same_sentences(
    world: World, signed_in: Any
) -> None:
    client = signed_in(world.authority_manager)
    page = client.post("/enquiries/imports/", {"file": uploaded(b"kind,childs.0.name\r\ngeneral,A\r\n")})
    assert page.status_code == 422
    assert "We know no column “childs.0.name”." in page.content.decode()


def test_on_pages_anothers_import_is_not_there(world: World, signed_in: Any) -> None:
    bulk = imports.take_in(content=as_csv(bodies(1)), by=world.case_system)
    client = signed_in(world.stranger)
    assert client.get(f"/enquiries/imports/{bulk.uid}/").status_code == 404
    assert client.post(f"/enquiries/imports/{bulk.uid}/apply/").status_code == 404
    assert signed_in(world.reviewer).get("/enquiries/imports/").status_code == 403


def test_on_pages_what_is_not_checked_yet_is_not_sent(world: World, signed_in: Any) -> None:
    bulk = imports.take_in(content=as_csv(bodies(1)), by=world.authority_manager)
    answer = signed_in(world.authority_manager).post(f"/enquiries/imports/{bulk.uid}/apply/")
    assert (answer.status_code, fresh(bulk).asked_at) == (409, None)


# --- The command ------------------------------------------------------------------------------------------


def command(path: Path, *more: str) -> str:
    said = io.StringIO()
    call_command("import_enquiries", str(path), "--authority", "353", *more, stdout=said)
    return said.getvalue()


def test_the_command_checks_sends_and_writes_the_reply(world: World, tmp_path: Path) -> None:
    path, answer = tmp_path / "families.csv", tmp_path / "reply.csv"
    path.write_bytes(as_csv(bodies(3)))
    by = ("--as", world.authority_manager.email)
    assert "ready to be sent: 3" in command(path, *by)
    assert not Enquiry.objects.exists()
    assert "accepted: 3" in command(path, *by, "--apply", "--reply", str(answer))
    assert answer.read_text(encoding="utf-8-sig").count("accepted,ENQ-") == 3
    assert "sent before: 3" in command(path, *by, "--apply")


def test_the_command_fails_when_a_row_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "families.jsonl"
    path.write_bytes(as_lines([*bodies(1), {}]))
    by = ("--as", world.coordinator.email, "--reason", "By post.")
    with pytest.raises(CommandError, match="Not every row"):
        command(path, *by, "--apply")
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "content", "sentence"),
    [
        ("nobody@353.example", GOOD_ENOUGH, "Nobody here"),
        ("ria.reviewer@hub.example", GOOD_ENOUGH, "Your role"),
        ("sam.stranger@936.example", GOOD_ENOUGH, "your own authority only"),
        ("ada.authority@353.example", b"wish,kind\r\na,b\r\n", "We know no column"),
    ],
)
def test_the_command_says_why_it_does_not_take_a_file(
    world: World, tmp_path: Path, email: str, content: bytes, sentence: str
) -> None:
    world.everybody()
    path = tmp_path / "families.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        command(path, "--as", email)


def test_an_import_that_is_not_checked_yet_cannot_be_applied(world: World, api: Any) -> None:
    caller = api(world.case_system)
    where = upload(caller, as_csv(bodies(1)))["Location"]
    assert caller.post(f"{where}apply/").status_code == 409


# --- Who --------------------------------------------------------------------------------------------------

PARTS = ["", "reply.csv", "reply.jsonl"]


@pytest.mark.parametrize("who", ["stranger", "coordinator", "lead", "assessor", "auditor", "administrator"])
def test_for_others_an_import_is_not_there(world: World, who: str) -> None:
    bulk = imports.take_in(content=as_csv(bodies(1)), by=world.authority_manager)
    run()
    client = Client()
    client.force_login(getattr(world, who), backend="allauth.account.auth_backends.AuthenticationBackend")
    none = "00000000-0000-4000-8000-000000000000"
    for part in PARTS:
        theirs, nothing = (client.get(f"{URL}{uid}/{part}") for uid in (bulk.uid, none))
        assert theirs.status_code == 404
        assert {**theirs.json(), "trace_id": ""} == {**nothing.json(), "trace_id": ""}
    assert client.post(f"{URL}{bulk.uid}/apply/").status_code in (403, 404)
    assert client.get(URL).json()["results"] == []


def test_a_referrer_sees_their_own_and_the_manager_all_of_the_authority(world: World, api: Any) -> None:
    mine = imports.take_in(content=as_csv(bodies(1)), by=world.referrer)
    other = imports.take_in(content=as_csv(bodies(1)), by=world.case_system)
    assert api(world.referrer).get(f"{URL}{other.uid}/").status_code == 404
    listed = api(world.referrer).get(URL).json()["results"]
    assert [row["id"] for row in listed] == [str(mine.uid)]
    assert len(api(world.authority_manager).get(URL).json()["results"]) == 2


@pytest.mark.parametrize("who", ["reviewer", "auditor", "administrator", "lead", "assessor"])
def test_who_sends_no_enquiries_imports_none(world: World, api: Any, who: str) -> None:
    assert upload(api(getattr(world, who)), as_csv(bodies(1))).status_code == 403


def test_a_reply_names_only_enquiries_that_its_reader_may_see(world: World, api: Any) -> None:
    bulk = imports.take_in(content=as_csv(bodies(1)), by=world.referrer, dry_run=False)
    run()
    assert replies.answers(bulk, world.referrer)[0]["reference"]
    Enquiry.objects.update(authority=world.surrey)
    assert replies.answers(bulk, world.referrer)[0]["reference"] == ""


# --- Files that are none ----------------------------------------------------------------------------------

GOOD = as_csv([example()])
FILES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "spaces": (b" \n \n", "empty"),
    "names and no rows": (GOOD.split(b"\n")[0] + b"\n", "empty"),
    "Latin-1": ("kind,referrer.name\r\ngeneral,Zoë\r\n".encode("latin-1"), "not_utf8"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "not_utf8"),
    "a column we do not know": (b"kind,childs.0.name\r\ngeneral,A\r\n", "unknown_column"),
    "a member that holds others": (b"kind,referrer\r\ngeneral,A\r\n", "unknown_column"),
    "a place that no list has": (b"kind,children.99.name\r\ngeneral,A\r\n", "unknown_column"),
    "an authority in a row": (b"kind,authority\r\ngeneral,353\r\n", "unknown_column"),
    "semicolons": (b"kind;language\r\ngeneral;en\r\n", "unknown_column"),
    "a column twice": (b"kind,kind\r\ngeneral,general\r\n", "repeated_column"),
    "a list and its part": (
        b"assessments.0.questions,assessments.0.questions.0\r\nA,B\r\n",
        "repeated_column",
    ),
    "an open quotation mark": (b'kind,background\r\ngeneral,"never closed\r\n', "not_csv"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\n", "not_utf8"),
    "2,001 columns": (b"kind" + b",kind" * 2_000, "too_many_columns"),
    "5,001 rows": (b"kind\r\n" + b"general\r\n" * 5_001, "too_many_rows"),
    "more than 10 MB": (b"kind,background\r\n" + b"general," + b"x" * (10 * 1024 * 1024), "too_large"),
}


@pytest.mark.parametrize("name", list(FILES))
def test_a_file_that_is_none_is_refused_whole_with_the_reason(world: World, api: Any, name: str) -> None:
    content, code = FILES[name]
    answer = upload(api(world.case_system), content)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert code in [error["code"] for error in answer.json()["errors"]]
    assert not Import.objects.exists()


def test_an_unknown_column_is_named_and_a_family_in_its_place_is_not(world: World, api: Any) -> None:
    caller = api(world.case_system)
    misspelt = upload(caller, b"kind,childs.0.name\r\ngeneral,A\r\n").json()
    assert misspelt["errors"][0]["detail"] == "We know no column “childs.0.name”."
    headless = upload(caller, b"general,Connor Doyle\r\ngeneral,A\r\n").json()
    assert "Connor" not in json.dumps(headless)
    assert headless["errors"][1]["detail"] == "We know no column number 2."


LINES: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{kind: general}", ""),
    "a member twice": (b'{"kind": "general", "kind": "referral"}', ""),
    "NaN": (b'{"kind": NaN}', ""),
    "no UTF-8": (b'{"background": "\xff"}', ""),
    "a list": (b"[1, 2]", ""),
    "null": (b"null", ""),
    "a draft": (json.dumps({**example(), "draft": True}).encode(), "/draft"),
    "its own authority": (json.dumps({**example(), "authority": "936"}).encode(), "/authority"),
    "more than 1 MB": (json.dumps({**example(), "background": "x" * 1_050_000}).encode(), ""),
}


def test_a_line_that_cannot_be_read_is_refused_and_the_next_is_read(world: World, api: Any) -> None:
    content = b"\n".join([*(line for line, _ in LINES.values()), *as_lines(bodies(1)).splitlines()])
    rows = send_file(api(world.case_system), content, "a.jsonl")
    assert outcomes(rows) == ["refused"] * len(LINES) + ["accepted"]
    assert [row["faults"][0]["pointer"] for row in rows[:-1]] == [pointer for _, pointer in LINES.values()]


@pytest.mark.parametrize("form", [{"dry_run": "perhaps"}, {"format": "xml"}, {"surprise": "1"}])
def test_a_form_with_a_fault_is_refused(world: World, api: Any, form: dict[str, str]) -> None:
    answer = upload(api(world.case_system), GOOD, **form)
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)


def test_a_row_with_very_many_faults_names_the_first_and_no_words_in_a_members_place(
    world: World, api: Any
) -> None:
    line = {**example(), **{f"Connor Doyle {n}": n for n in range(500)}}
    row = send_file(api(world.case_system), as_lines([line]), "a.jsonl")[0]
    assert "Connor" not in json.dumps(row)
    assert (len(row["faults"]), row["faults"][-1]["detail"]) == (201, "There are 300 faults more.")


def test_without_a_word_about_it_nothing_is_sent(world: World, api: Any) -> None:
    assert upload(api(world.case_system), GOOD).json()["dry_run"] is True


# --- Cells ------------------------------------------------------------------------------------------------


def test_a_cell_that_looks_like_a_formula_is_text(world: World, api: Any) -> None:
    rows = send_file(api(world.case_system), as_csv(bodies(1, background="=HYPERLINK(A1)")))
    assert Enquiry.objects.get(reference=rows[0]["reference"]).background == "=HYPERLINK(A1)"


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(world: World, api: Any) -> None:
    head, *rest = as_csv(bodies(2)).splitlines(keepends=True)
    content = b"\xef\xbb\xbf" + head + b"," * head.count(b",") + b"\r\n" + b"".join(rest) + b"too,few\r\n"
    rows = send_file(api(world.case_system), content)
    assert [(row["row"], row["outcome"]) for row in rows] == [
        (3, "accepted"),
        (4, "accepted"),
        (5, "refused"),
    ]


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠A",
    "  =1",
    "'=1",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_reply_calculates_nothing_in_a_spreadsheet_and_gives_the_text_back(text: str) -> None:
    row = {
        "row": 2,
        "authority_reference": text,
        "outcome": "refused",
        "reference": "",
        "same_as": None,
        "faults": [],
    }
    cells = list(csv.reader(io.StringIO(replies.as_csv([row]).decode("utf-8-sig"), newline="")))[1]
    assert cells[1] == f"'{text}"


@pytest.mark.parametrize("text", ["OLD-2026-1", "a=b", "1", "", "Ünï"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert replies.safe(text) == text


def test_the_reply_opens_in_a_spreadsheet_with_a_line_a_row(world: World, api: Any) -> None:
    rows = bodies(2)
    rows[1]["kind"] = "wish"
    bulk = imports.take_in(content=as_lines(rows), by=world.case_system, dry_run=False)
    run()
    answer = api(world.case_system).get(f"{URL}{bulk.uid}/reply.csv")
    assert answer.content.startswith(b"\xef\xbb\xbfrow,authority_reference,outcome,reference,faults\r\n")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store"
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [line["outcome"] for line in table] == ["accepted", "refused"]
    assert table[1]["faults"].startswith("/kind: ")


def test_the_template_holds_only_columns_that_a_file_may_have(world: World, api: Any) -> None:
    answer = api(world.referrer).get(f"{URL}template.csv")
    names = answer.content.decode("utf-8-sig").strip().split(",")
    assert {"kind", "referrer.name", "children.0.name", "children.2.disabilities"} <= set(names)
    assert all(columns.column(name) for name in names)


def test_every_answer_of_a_body_has_a_column(world: World) -> None:
    for name in ("parenting_assessment", "prebirth_pams", "general_enquiry"):
        assert as_csv([example(name)]).decode().splitlines()[0]
        assert all(
            columns.column(cell) for cell in as_csv([example(name)]).decode().splitlines()[0].split(",")
        )


def test_particulars_of_a_type_have_columns_by_their_codes() -> None:
    name = "assessments.0.particulars.hospital"
    found = columns.column(name)
    assert found is not None
    assert columns.body([found], ["yes"]) == {"assessments": [{"particulars": {"hospital": "yes"}}]}
    assert columns.body([found], ["true"]) == {"assessments": [{"particulars": {"hospital": True}}]}
    assert columns.column("assessments.0.particulars") is None
