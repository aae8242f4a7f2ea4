"""Printing many from the pages, as a person does it; and the same over the API."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.actions import enquiries, restricting
from intake.models import Event
from referrals.actions import saved_views
from reports.actions import print_runs, printing
from reports.models import Document, PrintRun
from tests.factories import World, example, fresh, new_key

PATH = "/api/v1/print-runs/"
HISTORY = {"paper": "history:internal", "form": "zip"}
BODY = {"kind": "history", "audience": "internal", "form": "zip"}


def work() -> None:
    while printing.print_next(timezone.now()):
        pass


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


# --- The pages -------------------------------------------------------------------------------------------------


def test_from_ticked_rows_to_the_file(world: World, signed_in: Any) -> None:
    here, enquiry = signed_in(world.coordinator), world.enquiry()
    assert 'formaction="/prints/new/"' in text(here.get("/enquiries/"))
    asked = here.post("/prints/new/", {"reference": [enquiry.reference], "of": "enquiries", "query": ""})
    assert "1 selected" in text(asked)
    sent = {"reference": [enquiry.reference], "run": str(uuid4()), **HISTORY}
    there = here.post("/prints/new/", sent)
    assert there.status_code == 302
    preview = text(here.get(there.url))
    assert "1 will be printed" in preview
    assert "it must not leave the house" in preview
    begun = text(here.post(f"{there.url}start/", follow=True))
    assert "We are printing. You can leave this page" in begun
    assert "0 of 1 papers are done." in begun
    assert "Look again" in begun
    work()
    assert "1 printed" in text(here.get(there.url))
    file = here.get(f"{there.url}file/")
    assert content(file).startswith(b"PK")
    run = PrintRun.objects.get()
    assert file["Content-Disposition"] == f'attachment; filename="print-run-{run.uid}.zip"'
    assert "no-store" in file["Cache-Control"]
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "1 of 1 printed" in text(here.get("/prints/"))


def test_nothing_chosen_is_said_and_a_paper_of_another_role_is_no_choice(
    world: World, signed_in: Any
) -> None:
    here, reference = signed_in(world.coordinator), world.enquiry().reference
    nothing = here.post("/prints/new/", {"query": ""})
    assert nothing.status_code == 422
    assert "Nothing was chosen" in text(nothing)
    sent = {"reference": [reference], "run": str(uuid4()), "paper": "summary:internal", "form": "zip"}
    refused = here.post("/prints/new/", sent)
    assert refused.status_code == 422
    assert reference in text(refused)
    assert not PrintRun.objects.exists()


def test_all_that_match_are_printed_and_the_words_of_a_search_are_not_kept(
    world: World, signed_in: Any
) -> None:
    here, enquiry = signed_in(world.coordinator), world.enquiry()
    sent = {"all": "1", "query": "q=Doyle&status=submitted", "run": str(uuid4()), **HISTORY}
    there = here.post("/prints/new/", sent)
    assert enquiry.reference in text(here.get(there.url))
    assert PrintRun.objects.get().query == "status=submitted"


def test_a_saved_view_is_printed_whole_and_another_ones_private_view_is_none(
    world: World, signed_in: Any
) -> None:
    enquiry = world.enquiry()
    view = saved_views.save(by=world.coordinator, name="New ones", of="enquiries", query="status=submitted")
    here = signed_in(world.coordinator)
    assert f'href="/prints/new/?view={view.pk}"' in text(here.get("/views/"))
    assert "Print all of “New ones”" in text(here.get(f"/prints/new/?view={view.pk}"))
    there = here.post("/prints/new/", {"view": view.pk, "run": str(uuid4()), **HISTORY})
    assert enquiry.reference in text(here.get(there.url))
    assert signed_in(world.colleague).get(f"/prints/new/?view={view.pk}").status_code == 404


@pytest.mark.parametrize("view", ["x", "²", "9" * 40, "0"])
def test_a_view_that_is_none_has_no_page(world: World, signed_in: Any, view: str) -> None:
    assert signed_in(world.coordinator).get("/prints/new/", {"view": view}).status_code == 404


def test_several_authorities_in_one_pdf_are_warned_of(world: World, signed_in: Any) -> None:
    theirs = enquiries.submit(body=example(), by=world.stranger, key=new_key())[0]
    names = [world.enquiry().reference, theirs.reference]
    sent = {"reference": names, "run": str(uuid4()), "paper": "summary:authority", "form": "one_pdf"}
    here = signed_in(world.coordinator)
    page = text(here.get(here.post("/prints/new/", sent).url))
    assert "To: Oldham (1), Surrey (1)." in page
    assert "These are papers for 2 recipients" in page


def test_another_ones_run_has_no_page(world: World, signed_in: Any) -> None:
    run = started(world)
    here = signed_in(world.colleague)
    assert here.get(f"/prints/{run.uid}/").status_code == 404
    assert here.get(f"/prints/{run.uid}/file/").status_code == 404
    for act in ("start", "cancel", "resume"):
        assert here.post(f"/prints/{run.uid}/{act}/").status_code == 404


def started(world: World, number: int = 1) -> PrintRun:
    names = [world.enquiry().reference for _ in range(number)]
    run = print_runs.preview(
        by=world.coordinator,
        kind="history",
        audience="internal",
        form="zip",
        chosen=print_runs.Choice(names),
    )
    return print_runs.start(run=run, by=world.coordinator)


def test_cancelled_and_taken_up_again_by_its_buttons(world: World, signed_in: Any) -> None:
    run, here = started(world), signed_in(world.coordinator)
    page = text(here.post(f"/prints/{run.uid}/cancel/", follow=True))
    assert "You cancelled it. It can go on where it was" in page
    assert f'action="/prints/{run.uid}/resume/"' in page
    assert here.get(f"/prints/{run.uid}/file/").status_code == 409
    here.post(f"/prints/{run.uid}/resume/")
    work()
    assert content(here.get(f"/prints/{run.uid}/file/")).startswith(b"PK")


def test_what_is_restricted_afterwards_is_neither_named_nor_counted_nor_fetched(
    world: World, signed_in: Any
) -> None:
    run, here = started(world, 2), signed_in(world.coordinator)
    work()
    shut = run.rows.get(number=2)
    restricting.restrict(
        enquiry=fresh(shut.enquiry), by=world.manager, reason="A threat.", people=[world.colleague]
    )
    page = text(here.get(f"/prints/{run.uid}/"))
    assert shut.reference not in page
    assert "1 printed" in page
    assert "Put it together again" in page
    assert "1 of 1 printed" in text(here.get("/prints/"))
    refused = here.get(f"/prints/{run.uid}/file/")
    assert refused.status_code == 409
    assert "not yours to see any more" in text(refused)


def test_a_session_of_another_role_has_none_of_it(world: World, signed_in: Any) -> None:
    here = signed_in(world.administrator)
    assert here.get("/prints/").status_code == 403
    assert here.post("/prints/new/", {"all": "1", "query": ""}).status_code == 403


def test_a_referrer_prints_of_the_own_list_and_is_offered_nothing_else(world: World, signed_in: Any) -> None:
    world.enquiry()
    page = text(signed_in(world.referrer).get("/enquiries/"))
    assert 'formaction="/prints/new/"' in page
    assert "Assign" not in page
    asked = text(signed_in(world.referrer).post("/prints/new/", {"all": "1", "query": ""}))
    assert "The authority" in asked
    assert "internal" not in asked


def test_a_longer_list_of_runs_asks_the_database_no_more(world: World, signed_in: Any) -> None:
    here = signed_in(world.coordinator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert here.get("/prints/").status_code == 200
        return len(queries)

    started(world)
    asked()  # What is kept for a minute is read.
    few = asked()
    started(world)
    started(world)
    assert asked() == few


# --- The API -----------------------------------------------------------------------------------------------------


def test_previewed_begun_followed_and_fetched(world: World, api: Any) -> None:
    enquiry, here = world.enquiry(), api(world.coordinator)
    made = here.post(PATH, {**BODY, "references": [enquiry.reference]}, format="json")
    assert made.status_code == 201
    assert (made.data["state"], made.data["ready"], made.data["file"]) == ("previewed", 1, "")
    there = made.headers["Location"]
    assert here.post(f"{there}start/").status_code == 202
    work()
    done = here.get(there).data
    assert (done["state"], done["printed"]) == ("ready", 1)
    assert done["rows"][0]["sha256"] == Document.objects.get().sha256
    assert content(here.get(done["file"])).startswith(b"PK")
    assert [row["id"] for row in here.get(PATH).data["results"]] == [done["id"]]
    assert Event.objects.filter(verb="document.printed").count() == 1


def test_begun_at_once_cancelled_and_taken_up_again(world: World, api: Any) -> None:
    enquiry, here = world.enquiry(), api(world.coordinator)
    sent = {**BODY, "references": [enquiry.reference], "preview": False}
    made = here.post(PATH, sent, format="json").data
    assert made["state"] == "running"
    assert here.post(f"{made['url']}cancel/").data["state"] == "cancelled"
    assert here.get(f"{made['url']}file/").status_code == 409
    assert here.post(f"{made['url']}resume/").data["state"] == "running"


def test_a_view_that_is_not_theirs_and_none_are_the_same_fault(world: World, api: Any) -> None:
    view = saved_views.save(by=world.coordinator, name="Mine", of="enquiries", query="status=submitted")
    faults = [
        api(world.colleague).post(PATH, {**BODY, "view": number}, format="json").data["errors"]
        for number in (view.pk, view.pk + 1000)
    ]
    assert faults[0] == faults[1]
    assert faults[0][0]["pointer"] == "/view"


def test_another_ones_run_is_none_over_the_api(world: World, api: Any) -> None:
    run = started(world)
    for path in ("", "file/"):
        assert api(world.colleague).get(f"{PATH}{run.uid}/{path}").status_code == 404
    for act in ("start", "cancel", "resume"):
        assert api(world.colleague).post(f"{PATH}{run.uid}/{act}/").status_code == 404


def test_a_case_system_prints_none(world: World, api: Any) -> None:
    assert api(world.case_system).post(PATH, {**BODY, "query": ""}, format="json").status_code == 403
