"""Exports at the two doors: what a list and the figures lead to, own, another's, a second person's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake.lifecycle import Role
from reports.actions import agreeing, exports
from reports.models import Export, ExportFetch
from tests.factories import World

API = "/api/v1/exports/"
REASON = "For the meeting with the authority."


def name_in(answer: Any) -> str:
    found = re.search(r'name="run" value="([0-9a-f-]{36})"', answer.content.decode())
    assert found
    return found[1]


def test_from_a_list_to_the_file(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(), signed_in(world.coordinator)
    assert "/exports/new/" in page.get("/enquiries/").content.decode()
    asked = page.post("/exports/new/", {"of": "enquiries", "query": "status=submitted", "all": "1"})
    assert "Status: Received" in asked.content.decode()
    form = {
        "of": "enquiries",
        "query": "status=submitted",
        "run": name_in(asked),
        "kind": "enquiries",
        "form": "csv",
    }
    shown = page.post("/exports/new/", form, follow=True)
    export = Export.objects.get()
    assert "Save the file (CSV" in shown.content.decode()
    file = page.get(f"/exports/{export.uid}/file/")
    assert enquiry.reference in b"".join(file.streaming_content).decode()
    assert file["Content-Disposition"] == f'attachment; filename="export-{export.uid}.csv"'
    assert file["Cache-Control"].startswith("no-store")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert page.post("/exports/new/", form).status_code == 302
    assert Export.objects.count() == 1


def test_what_is_ticked_travels_along_and_a_missing_reason_is_asked_for_with_it_kept(
    world: World, signed_in: Any
) -> None:
    first, _ = world.enquiry(), world.enquiry()
    page = signed_in(world.manager)
    asked = page.post("/exports/new/", {"of": "enquiries", "reference": [first.reference], "query": ""})
    assert "1 row selected." in asked.content.decode()
    form = {
        "of": "enquiries",
        "reference": [first.reference],
        "run": name_in(asked),
        "kind": "children",
        "form": "csv",
    }
    answer = page.post("/exports/new/", form)
    assert answer.status_code == 422
    assert "Say what it is for." in answer.content.decode()
    assert first.reference in answer.content.decode()
    page.post("/exports/new/", {**form, "reason": REASON})
    assert Export.objects.get().rows == 2


def test_who_may_export_nothing_has_no_button_and_no_page(world: World, signed_in: Any) -> None:
    world.enquiry()
    page = signed_in(world.referrer)
    assert "/exports/" not in page.get("/enquiries/").content.decode()
    assert page.get("/exports/").status_code == page.get("/exports/new/").status_code == 403


def test_the_figures_lead_to_their_export_with_their_question(world: World, signed_in: Any) -> None:
    page = signed_in(world.manager)
    address = "/exports/new/?of=figures&query=period%3D2026-Q1&figure=decided"
    assert address.replace("&", "&amp;") in page.get("/figures/?period=2026-Q1").content.decode()
    assert "Decisions in time." in page.get(address).content.decode()


def test_anothers_export_does_not_exist(world: World, signed_in: Any) -> None:
    world.enquiry()
    export = exports.ask(by=world.coordinator, wanted=exports.Wanted("enquiries", "csv"))
    for other in (world.colleague, world.manager, world.authority_manager):
        page = signed_in(other)
        for path in ("", "file/"):
            assert page.get(f"/exports/{export.uid}/{path}").status_code == 404
        assert page.post(f"/exports/{export.uid}/cancel/").status_code == 404


@pytest.fixture
def waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> Export:
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 1)
    world.enquiry()
    return exports.ask(by=world.manager, wanted=exports.Wanted("children", "csv", reason=REASON))


def test_a_second_person_reads_how_much_and_not_whom_and_answers(
    world: World, signed_in: Any, waiting: Export
) -> None:
    mine = signed_in(world.manager)
    assert "2 children would be in it by name." in mine.get(f"/exports/{waiting.uid}/").content.decode()
    assert "You asked for this yourself." in mine.get(f"/exports/{waiting.uid}/agree/").content.decode()
    assert mine.post(f"/exports/{waiting.uid}/agree/", {"answer": "yes"}).status_code == 403
    page, address = signed_in(world.auditor), f"/exports/{waiting.uid}/agree/"
    assert address in page.get("/exports/").content.decode()
    text = page.get(address).content.decode()
    assert REASON in text
    assert "Doyle" not in text
    assert page.post(address, {}).status_code == 422
    page.post(address, {"answer": "yes"})
    assert page.get(f"/exports/{waiting.uid}/file/").status_code == 404
    log = page.get("/exports/log/").content.decode()
    assert f"Agreed to by {world.auditor.name}" in log
    assert "Never fetched." in log
    assert "Save the file" in signed_in(world.manager).get(f"/exports/{waiting.uid}/").content.decode()


def test_over_the_api_the_same(world: World, api: Any, waiting: Export) -> None:
    second = world.person(world.hub, "Max Manager", Role.MANAGER)
    mine, other = api(world.manager), api(second)
    url = f"{API}{waiting.uid}/"
    assert mine.get(url).json()["state"] == "waiting"
    assert other.get(url).status_code == 404
    assert mine.post(f"{url}agreement/", {"agreed": True}, format="json").status_code == 403
    assert other.post(f"{url}agreement/", {}, format="json").status_code == 422
    assert other.post(f"{url}agreement/", {"agreed": True}, format="json").json()["state"] == "ready"
    shown = mine.get(url).json()
    assert (shown["agreed_by"], shown["people"], shown["file"]) == (second.name, 2, f"{url}file/")
    assert b"Doyle" in b"".join(mine.get(shown["file"]).streaming_content)
    assert ExportFetch.objects.count() == 1
    assert [row["id"] for row in other.get(f"{API}log/").json()["results"]] == [str(waiting.uid)]
    assert api(world.coordinator).get(f"{API}log/").status_code == 403


def test_asked_for_over_the_api_it_is_what_the_page_makes(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    made = api(world.coordinator).post(API, {"kind": "enquiries", "query": "status=submitted"}, format="json")
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["rows"], made.json()["of"]) == ("ready", 1, "Status: Received")
    file = api(world.coordinator).get(made.json()["file"])
    assert enquiry.reference in b"".join(file.streaming_content).decode()


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"kind": "enquiries", "query": "stauts=x"}, 422, "/query"),
        ({"kind": "enquiries", "form": "zip"}, 422, "/form"),
        ({"kind": "odd"}, 422, "/kind"),
        ({"kind": "census", "reason": "x", "authority": "353"}, 422, "/year"),
        ({"kind": "census", "reason": "x", "authority": "000", "year": 2027}, 422, "/authority"),
        ({"kind": "figures", "query": "perod=2026"}, 422, "/query"),
        ({"kind": "figures", "figures": ["odd"]}, 422, "/figures"),
        ({"kind": "enquiries", "view": 99}, 422, "/view"),
    ],
)
def test_what_is_wrong_is_named_at_its_place(
    world: World, api: Any, body: dict[str, Any], status: int, pointer: str
) -> None:
    answer = api(world.manager).post(API, body, format="json")
    assert answer.status_code == status
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_the_export_of_a_day_ago_says_that_its_file_is_gone(world: World, signed_in: Any) -> None:
    world.enquiry()
    page = signed_in(world.coordinator)
    page.post("/exports/new/", {"of": "enquiries", "run": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
                                "kind": "enquiries", "form": "xlsx"})  # fmt: skip
    export = Export.objects.get()
    Export.objects.update(kept_until=timezone.now() - timedelta(minutes=1))
    assert "is deleted" in page.get(f"/exports/{export.uid}/").content.decode()
    assert page.get(f"/exports/{export.uid}/file/").status_code == 409
