"""Papers about many children leave with a second person's word; and in the language that is chosen for all of them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake.actions import enquiries
from intake.lifecycle import Role
from intake.models import Enquiry, User
from intake.refusals import Forbidden, Invalid, KeyReused, NotPossible
from reports.actions import agreeing, export_telling, print_runs, printing
from reports.actions.agreeing import AGREED_WITHIN
from reports.actions.print_runs import KEPT
from reports.languages import UNREVIEWED
from reports.models import Document, PrintRun
from tests.factories import World, example, fresh
from tests.reports import structure
from tests.reports.papers import pages_of
from tests.reports.test_print_runs import asking, begun, chosen, lines, outcomes, printed, worked

State = PrintRun.State
WHY = "For the court bundle."
API = "/api/v1/print-runs/"


@pytest.fixture
def many(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Enquiry]:
    """More children than one may print of alone; the example has two."""
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 3)
    return [world.enquiry(), world.enquiry()]


@pytest.fixture
def waiting(world: World, many: list[Enquiry]) -> PrintRun:
    return begun(world.coordinator, chosen(*many), reason=WHY)


@pytest.fixture
def second(world: World) -> User:
    return world.person(world.hub, "Max Manager", Role.MANAGER)


def one_more_child(world: World, enquiry: Enquiry) -> None:
    third = {**example()["children"][0], "name": "Rory Doyle", "upn": "", "nhs_number": ""}
    changes = {"children": [*example()["children"], third]}
    enquiries.amend(enquiry=fresh(enquiry), by=world.referrer, changes=changes)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# --- A second person ------------------------------------------------------------------------------------------


def test_nothing_is_printed_before_a_second_person_agrees(
    world: World, many: list[Enquiry], waiting: PrintRun, second: User
) -> None:
    assert (waiting.state, waiting.people) == (State.WAITING, 4)
    assert worked(waiting).state == State.WAITING
    assert not Document.objects.exists()
    agreeing.answer(asked=waiting, by=second, agreed=True)
    assert worked(waiting).state == State.READY
    assert [lines(row) for row in many] == [1, 1]


def test_as_many_as_one_may_take_alone_wait_for_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 4)
    run = begun(world.coordinator, chosen(world.enquiry(), world.enquiry()))
    assert (run.state, run.people, run.needs_second) == (State.RUNNING, 4, False)


def test_what_is_left_out_is_not_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 3)
    decided, waiting = world.enquiry("declined"), world.enquiry()
    run = begun(world.coordinator, chosen(decided, waiting), kind="decision")
    assert (run.state, run.people) == (State.RUNNING, 2)


def test_never_oneself_and_never_another_role(world: World, waiting: PrintRun, second: User) -> None:
    for who in ("coordinator", "colleague", "reviewer", "administrator", "authority_manager", "lead"):
        with pytest.raises(Forbidden):
            agreeing.answer(asked=waiting, by=getattr(world, who), agreed=True)
    own = begun(second, chosen(*Enquiry.objects.all()), reason=WHY)
    with pytest.raises(Forbidden, match="Nobody agrees to what they asked for themselves"):
        agreeing.answer(asked=own, by=second, agreed=True)
    assert (fresh(waiting).state, fresh(own).state) == (State.WAITING, State.WAITING)


def test_the_database_lets_none_begin_without_it_and_nobody_agree_to_their_own(waiting: PrintRun) -> None:
    rows = PrintRun.objects.filter(pk=waiting.pk)
    for wrong in ({"asked_at": timezone.now()}, {"agreed_by": waiting.made_by}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_not_agreed_to_it_ends_with_the_reason_and_nothing_brings_it_back(
    world: World, waiting: PrintRun, second: User
) -> None:
    with pytest.raises(Invalid, match="Say why not"):
        agreeing.answer(asked=waiting, by=world.auditor, agreed=False)
    run = agreeing.answer(asked=waiting, by=world.auditor, agreed=False, reason="The court has them.")
    assert (worked(run).state, run.answer_reason) == (State.NOT_AGREED, "The court has them.")
    with pytest.raises(NotPossible):
        agreeing.answer(asked=run, by=second, agreed=True)
    with pytest.raises(NotPossible):
        print_runs.resume(run=run, by=world.coordinator)
    assert print_runs.start(run=run, by=world.coordinator).state == State.NOT_AGREED
    assert not Document.objects.exists()


def test_nobody_agrees_after_a_week(world: World, waiting: PrintRun, second: User) -> None:
    with time_machine.travel(timezone.now() + AGREED_WITHIN + timedelta(minutes=1), tick=False):
        assert fresh(waiting).state == State.EXPIRED
        with pytest.raises(NotPossible, match="Nobody agreed in time"):
            agreeing.answer(asked=waiting, by=second, agreed=True)
        assert print_runs.start(run=waiting, by=world.coordinator).state == State.EXPIRED


def test_cancelled_it_waits_no_more_and_taken_up_again_it_waits_anew(
    world: World, waiting: PrintRun, second: User
) -> None:
    run = print_runs.cancel(run=waiting, by=world.coordinator)
    with pytest.raises(NotPossible):
        agreeing.answer(asked=run, by=second, agreed=True)
    assert print_runs.resume(run=run, by=world.coordinator).state == State.WAITING


def test_more_children_than_were_agreed_to_need_another_word(
    world: World, many: list[Enquiry], waiting: PrintRun, second: User
) -> None:
    agreeing.answer(asked=waiting, by=second, agreed=True)
    one_more_child(world, many[0])
    run = worked(waiting)
    assert (run.state, run.people, run.agreed_by) == (State.WAITING, 5, None)
    assert not Document.objects.exists()
    agreeing.answer(asked=run, by=second, agreed=True)
    assert worked(run).state == State.READY


def test_counted_again_when_it_begins(world: World, many: list[Enquiry], second: User) -> None:
    run = asking(world.coordinator, chosen(many[0]), reason=WHY)
    one_more_child(world, many[0])
    one_more_child(world, many[1])
    assert print_runs.start(run=run, by=world.coordinator).state == State.RUNNING
    more = asking(world.coordinator, chosen(*many), reason=WHY)
    assert print_runs.start(run=more, by=world.coordinator).people == 6


def test_begun_with_few_it_waits_when_they_have_become_many(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 2)
    enquiry = world.enquiry()
    run = begun(world.coordinator, chosen(enquiry))
    one_more_child(world, enquiry)
    assert worked(run).state == State.WAITING
    assert lines(enquiry) == 0


def test_taken_up_again_and_fetched_the_same_papers_need_no_other_word(
    world: World, many: list[Enquiry], waiting: PrintRun, second: User
) -> None:
    agreeing.answer(asked=waiting, by=second, agreed=True)
    run = print_runs.cancel(run=waiting, by=world.coordinator)
    run = worked(print_runs.resume(run=run, by=world.coordinator))
    assert run.state == State.READY
    print_runs.open_file(run=run, by=world.coordinator).close()
    again = print_runs.resume(run=run, by=world.coordinator)
    assert (again.state, again.agreed_by) == (State.RUNNING, second)
    one_more_child(world, many[0])
    run = worked(again)
    assert run.state == State.READY
    with pytest.raises(NotPossible, match="more children in them than somebody agreed to"):
        print_runs.resume(run=run, by=world.coordinator)
    assert fresh(run).agreed_by == second


def test_another_authority_and_a_service_are_sent_to_the_hub(world: World, many: list[Enquiry]) -> None:
    with pytest.raises(Forbidden, match=r"There are 4 children in it\..* ask the hub’s manager"):
        asking(world.authority_manager, chosen(*many), reason=WHY)
    assert not PrintRun.objects.exists()
    assert asking(world.authority_manager, chosen(many[0]), reason=WHY).people == 2


def test_of_many_the_reason_is_asked_also_of_a_coordinator(world: World, many: list[Enquiry]) -> None:
    with pytest.raises(Invalid, match="They are about 4 children") as refused:
        asking(world.coordinator, chosen(*many), reason=" ")
    assert refused.value.faults[0].pointer == "/reason"
    assert asking(world.coordinator, chosen(many[0])).reason == ""


def test_the_second_person_is_written_to_once_and_nobody_is_named(
    world: World, waiting: PrintRun, second: User
) -> None:
    assert world.auditor
    mail.outbox.clear()
    assert export_telling.tell_of_waiting(timezone.now()) == 1
    assert export_telling.tell_of_waiting(timezone.now()) == 0
    (letter,) = mail.outbox
    assert sorted(letter.to) == sorted([second.email, world.auditor.email])
    assert f"/prints/{waiting.uid}/agree/" in letter.body
    assert WHY not in letter.body


def test_who_agreed_stays_in_the_log_when_the_run_is_forgotten(
    world: World, waiting: PrintRun, second: User
) -> None:
    agreeing.answer(asked=waiting, by=second, agreed=True)
    run = worked(waiting)
    later = timezone.now() + KEPT + timedelta(days=1)
    print_runs.forget_files(later)
    assert print_runs.forget_runs(later) == 2
    assert list(PrintRun.objects.log_for(world.auditor)) == [run]
    assert not run.rows.exists()
    assert print_runs.forget_runs(later) == 0


def test_the_log_is_for_the_hubs_manager_and_auditor_and_of_these_runs_only(
    world: World, waiting: PrintRun
) -> None:
    asking(world.coordinator, chosen(Enquiry.objects.first()))
    readers = {name for name, user in world.everybody().items() if PrintRun.objects.log_for(user).exists()}
    assert readers == {"manager", "auditor"}
    assert list(PrintRun.objects.log_for(world.auditor)) == [waiting]


# --- At the two doors -----------------------------------------------------------------------------------------


def test_a_coordinator_asks_and_a_second_person_answers_on_pages(
    world: World, signed_in: Any, many: list[Enquiry]
) -> None:
    here = signed_in(world.coordinator)
    sent = {
        "reference": [row.reference for row in many],
        "run": str(uuid4()),
        "paper": "summary:authority",
        "form": "zip",
        "language": "cy",
    }
    lacking = here.post("/prints/new/", sent)
    assert lacking.status_code == 422
    assert "They are about 4 children" in text(lacking)
    there = here.post("/prints/new/", {**sent, "reason": WHY})
    preview = text(here.get(there.url))
    assert "More than 50 need a second person’s word" in preview
    assert "Language: All in Welsh" in preview
    assert "Ask a second person" in preview
    assert "It waits for a second person." in text(here.post(f"{there.url}start/", follow=True))
    assert "Waits for a second person" in text(here.get("/prints/"))
    assert here.get(f"{there.url}agree/").status_code == 403

    other, address = signed_in(world.manager), f"{there.url}agree/"
    assert address in text(other.get("/exports/"))
    page = text(other.get(address))
    for said in (
        "Case summary for: The authority",
        "Oldham (2)",
        WHY,
        "All in Welsh",
        world.coordinator.name,
    ):
        assert said in page
    assert "Doyle" not in page
    assert all(row.reference not in page for row in many)
    assert other.post(address, {}).status_code == 422
    refused = other.post(address, {"answer": "no", "reason": ""})
    assert (refused.status_code, "Say why not" in text(refused)) == (422, True)
    other.post(address, {"answer": "yes", "reason": "Until Friday."})
    assert address not in text(other.get("/exports/"))
    assert f"Agreed to by {world.manager.name}" in text(other.get("/prints/log/"))
    assert other.get(there.url).status_code == 404
    worked(PrintRun.objects.get())
    ready = text(signed_in(world.coordinator).get(there.url))
    assert "“Until Friday.”" in ready
    assert "Save the file (zip" in ready


def test_whoever_asked_reads_that_it_was_not_agreed_to_and_why(
    world: World, signed_in: Any, waiting: PrintRun
) -> None:
    agreeing.answer(asked=waiting, by=world.auditor, agreed=False, reason="The court has them.")
    page = text(signed_in(world.coordinator).get(f"/prints/{waiting.uid}/"))
    assert f"{world.auditor.name} did not agree." in page
    assert "“The court has them.”" in page
    assert "Not agreed to" in text(signed_in(world.manager).get("/prints/log/"))


def test_over_the_api_the_same(world: World, api: Any, many: list[Enquiry], second: User) -> None:
    mine, other = api(world.manager), api(second)
    body = {"kind": "history", "audience": "internal", "form": "zip", "reason": WHY, "preview": False}
    made = mine.post(API, {**body, "references": [row.reference for row in many]}, format="json").data
    assert (made["state"], made["people"], made["needs_second"]) == ("waiting", 4, True)
    url = made["url"]
    assert [row["id"] for row in other.get(f"{API}log/").data["results"]] == [made["id"]]
    assert other.get(url).status_code == 404
    assert mine.post(f"{url}agreement/", {"agreed": True}, format="json").status_code == 403
    assert other.post(f"{url}agreement/", {}, format="json").status_code == 422
    assert other.post(f"{url}agreement/", {"agreed": False}, format="json").status_code == 422
    stranger = api(world.authority_manager)
    assert stranger.post(f"{url}agreement/", {"agreed": True}, format="json").status_code == 403
    assert api(world.coordinator).get(f"{API}log/").status_code == 403
    answered = other.post(f"{url}agreement/", {"agreed": True}, format="json")
    assert (answered.status_code, answered.data["state"]) == (202, "running")
    worked(PrintRun.objects.get())
    done = mine.get(url).data
    assert (done["state"], done["agreed_by"], done["printed"]) == ("ready", second.name, 2)


def test_a_run_that_waits_for_nobody_is_not_there_for_a_second_person(
    world: World, api: Any, signed_in: Any
) -> None:
    run = begun(world.coordinator, chosen(world.enquiry()))
    assert signed_in(world.manager).get(f"/prints/{run.uid}/agree/").status_code == 404
    there = f"{API}{run.uid}/agreement/"
    assert api(world.manager).post(there, {"agreed": True}, format="json").status_code == 404


# --- In which language ----------------------------------------------------------------------------------------


def languages_of(run: PrintRun) -> list[str]:
    return [row.document.language for row in run.rows.select_related("document").order_by("number")]


def content(run: PrintRun, by: User) -> bytes:
    with print_runs.open_file(run=run, by=by) as file:
        return file.read()


@pytest.fixture
def mixed(world: World) -> Iterator[list[Enquiry]]:
    return [world.enquiry(), world.enquiry(language="cy")]


@pytest.mark.parametrize(
    ("language", "found"), [("", ["en", "cy"]), ("en", ["en", "en"]), ("cy", ["cy", "cy"])]
)
def test_each_is_in_its_own_language_or_all_are_in_one(
    world: World, mixed: list[Enquiry], language: str, found: list[str]
) -> None:
    run = printed(world.coordinator, chosen(*mixed), language=language)
    assert languages_of(run) == found


def test_the_same_paper_in_the_same_language_is_the_one_that_is_there(
    world: World, mixed: list[Enquiry]
) -> None:
    own = printed(world.coordinator, chosen(*mixed))
    welsh = printed(world.coordinator, chosen(*mixed), language="cy")
    papers = [[row.document_id for row in run.rows.order_by("number")] for run in (own, welsh)]
    assert papers[0][1] == papers[1][1]
    assert papers[0][0] != papers[1][0]
    assert Document.objects.count() == 3


def test_the_language_is_part_of_what_a_name_stands_for(world: World, mixed: list[Enquiry]) -> None:
    name = uuid4()
    asking(world.coordinator, chosen(*mixed), uid=name, language="cy")
    with pytest.raises(KeyReused):
        asking(world.coordinator, chosen(*mixed), uid=name)
    with pytest.raises(Invalid) as refused:
        asking(world.coordinator, chosen(*mixed), language="fr")
    assert refused.value.faults[0].pointer == "/language"


def test_one_pdf_in_welsh_speaks_welsh_from_its_contents_to_the_foot_of_each_page(
    world: World, mixed: list[Enquiry]
) -> None:
    run = printed(world.coordinator, chosen(*mixed), form="one_pdf", language="cy")
    pdf = content(run, world.coordinator)
    pages = [" ".join(page.split()) for page in pages_of(pdf)]
    said = (
        *("Cynnwys", "2 ddogfen", "Cronoleg. Ar gyfer: Yr awdurdod", "Argraffwyd gan", "Cyfeirnod"),
        *("Trin y ddogfen", *UNREVIEWED, "Tudalen 1 o 1", f"Tudalen 1 o {len(pages)} yn y ffeil"),
    )
    assert [words for words in said if words not in pages[0]] == []
    assert f"Tudalen {len(pages)} o {len(pages)} yn y ffeil" in pages[-1]
    assert [words for words in ("Page", "Contents", "Reference", "File page") if words in pages[0]] == []
    assert structure.faults(pdf, "cy") == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "cy"
        with opened.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles == ["Cynnwys", *(f"{row.reference}, cronoleg, fersiwn 1" for row in mixed)]


def test_where_each_is_in_its_own_the_file_is_in_the_language_of_whoever_asked(
    world: World, mixed: list[Enquiry]
) -> None:
    for language, word in (("en", "Contents"), ("cy", "Cynnwys")):
        User.objects.filter(pk=world.coordinator.pk).update(language=language)
        by = User.objects.get(pk=world.coordinator.pk)
        run = printed(by, chosen(*mixed), form="one_pdf")
        pdf = content(run, by)
        assert word in pages_of(pdf)[0]
        assert structure.faults(pdf, {"en": "en-GB", "cy": "cy"}[language]) == []
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            parts = [part for part in opened.Root.StructTreeRoot.K[0].K if part.S == "/Part"]
            assert [str(part.Lang) for part in parts] == ["en-GB", "cy"]


def test_the_table_in_a_zip_speaks_the_language_of_the_run(world: World, mixed: list[Enquiry]) -> None:
    run = printed(world.coordinator, chosen(*mixed), language="cy")
    with zipfile.ZipFile(io.BytesIO(content(run, world.coordinator))) as made:
        table = list(csv.DictReader(io.StringIO(made.read("contents.csv").decode("utf-8-sig"))))
    assert [(row["paper"], row["audience"]) for row in table] == [("Cronoleg", "Yr awdurdod")] * 2


def test_over_the_api_a_run_says_its_language(world: World, api: Any, mixed: list[Enquiry]) -> None:
    here = api(world.coordinator)
    body = {
        "kind": "chronology",
        "audience": "authority",
        "references": [row.reference for row in mixed],
        "language": "cy",
    }
    assert here.post(API, body, format="json").data["language"] == "cy"
    assert here.post(API, {**body, "language": "fr"}, format="json").status_code == 422
    del body["language"]
    assert here.post(API, body, format="json").data["language"] == ""


def test_the_page_asks_for_a_language_and_each_in_its_own_is_chosen_already(
    world: World, signed_in: Any
) -> None:
    here, enquiry = signed_in(world.coordinator), world.enquiry(language="cy")
    sent = {"reference": [enquiry.reference], "of": "enquiries", "query": ""}
    asked = text(here.post("/prints/new/", sent))
    for words in ("Each in the language of its enquiry", "All in English", "All in Welsh"):
        assert words in asked
    answered = {**sent, "run": str(uuid4()), "paper": "chronology:authority", "form": "zip", "language": ""}
    there = here.post("/prints/new/", answered)
    here.post(f"{there.url}start/")
    run = worked(PrintRun.objects.get())
    assert (languages_of(run), outcomes(run)) == (["cy"], ["printed"])
    assert printing.print_next(timezone.now()) is False
