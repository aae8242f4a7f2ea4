"""The pages that are for everybody: about the service, one's account, and when nothing works."""

from typing import Any

import pytest
from django.conf import settings as configured

from tests.factories import PASSWORD, World


@pytest.mark.parametrize("path", ["/cookies/", "/accessibility/", "/privacy/"])
def test_anybody_reads_about_the_service(client: Any, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Skip to the main content" in answer.content.decode()


def test_every_cookie_that_is_set_is_told(world: World, client: Any) -> None:
    client.post("/accounts/login/", {"login": world.coordinator.email, "password": PASSWORD})
    client.get("/enquiries/?rows=compact")
    told = client.get("/cookies/").content.decode()
    assert set(client.cookies) >= {configured.SESSION_COOKIE_NAME, "rows"}
    assert [name for name in client.cookies if f">{name}<" not in told] == []


def test_somebody_reads_who_they_are_here(world: World, signed_in: Any) -> None:
    text = signed_in(world.coordinator).get("/account/").content.decode()
    assert world.coordinator.email in text
    assert "Coordinator" in text


def test_signing_out_everywhere_else_ends_the_other_sessions(world: World, client: Any) -> None:
    given = {"login": world.coordinator.email, "password": PASSWORD}
    other = type(client)()
    for one in (other, client):
        one.post("/accounts/login/", given)
    assert "Sign out everywhere else" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert other.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 200


def test_while_we_work_on_it_everybody_is_told_so(
    world: World, signed_in: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    client = signed_in(world.coordinator)
    assert client.get("/desk/").status_code == 200
    settings.MAINTENANCE_FILE.write_text("Back at 14:00.")
    page = client.get("/desk/")
    assert (page.status_code, page["Retry-After"]) == (503, "600")
    assert "Back at 14:00." in page.content.decode()
    problem = client.get("/api/v1/enquiries/")
    assert (problem.status_code, problem["Content-Type"]) == (503, "application/problem+json")
    assert client.get("/health/live/").status_code == 200


def test_a_fault_of_ours_says_the_number_to_read_out(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("intake.pages.about.cookies", lambda: 1 / 0)
    answer = client.get("/cookies/")
    assert answer.status_code == 500
    assert answer["X-Trace-Id"] in answer.content.decode()
