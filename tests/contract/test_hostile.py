"""Hostile requests at each door: answered as problems without what was sent, and the house stands afterwards."""

import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from intake.actions import webhooks
from intake.models import (
    Attachment,
    Enquiry,
    Event,
    IdempotencyKey,
    Import,
    InformationRequest,
    Likeness,
    Message,
    Notification,
    Webhook,
)
from intake.strict_json import Unreadable, read
from tests.conftest import bearer
from tests.contract import hostile
from tests.contract.hostile import MARK, Sent
from tests.factories import World, example, new_key

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DOORS: dict[str, dict[str, Sent]] = {
    "reading a body": hostile.READING,
    "lists": hostile.LISTS,
    "messages": hostile.MESSAGES,
    "attachments": hostile.ATTACHMENTS,
    "imports": hostile.IMPORTS,
    "webhooks": hostile.WEBHOOKS,
    "continuing": hostile.CONTINUING,
    "the hub's": hostile.HUB,
}
KEPT = (
    Attachment,
    Enquiry,
    Event,
    IdempotencyKey,
    Import,
    InformationRequest,
    Likeness,
    Message,
    Notification,
)


def written() -> list[int]:
    return [model.objects.count() for model in (*KEPT, Webhook)]


class Caller:
    """Oldham's case system, or a coordinator at the hub's door; answers of faults instead of the faults."""

    def __init__(self, world: World, door: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.token = {"Authorization": bearer(*world.client)}
        enquiry, triaged = world.enquiry(), world.enquiry("in_triage" if door == "the hub's" else "submitted")
        self.known = {"{enquiry}": enquiry.reference, "{triaged}": triaged.reference, "{etag}": triaged.etag}
        if door == "the hub's":
            self.client.force_login(world.coordinator, backend=BACKEND)
            self.token = {}
        if door == "webhooks":
            row, _ = webhooks.subscribe(by=world.case_system, url="https://receiver.example.org/")
            self.known["{webhook}"] = str(row.pk)

    def fill(self, text: str) -> str:
        for name, value in self.known.items():
            text = text.replace(name, value)
        return text

    def send(self, sent: Sent) -> Any:
        headers = {name: self.fill(value) for name, value in sent.headers.items()}
        body = self.fill(sent.body.decode("latin-1")).encode("latin-1") if b"{" in sent.body else sent.body
        path, _, query = self.fill(sent.path).partition("?")
        more = {"CONTENT_LENGTH": headers.pop("Content-Length")} if "Content-Length" in headers else {}
        return self.client.generic(
            sent.method,
            path,
            body,
            content_type=sent.kind,
            headers={**self.token, **headers},
            QUERY_STRING=query,
            **more,
        )


class Lines(logging.Handler):
    """What reaches the log, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    kept = Lines()
    logging.getLogger().addHandler(kept)
    yield kept.lines
    logging.getLogger().removeHandler(kept)


def faults_of(answer: Any, sent: Sent) -> list[str]:
    """What is wrong with an answer."""
    if answer.status_code != sent.status:
        return [f"{answer.status_code} instead of {sent.status}: {answer.content[:300]!r}"]
    if answer["Content-Type"] != "application/problem+json":
        return [answer["Content-Type"]]
    problem, wrong = answer.json(), []
    if problem["status"] != sent.status or len(problem["trace_id"]) != 32:
        wrong.append("It is no whole problem.")
    if sent.status == 422 and not problem["errors"]:
        wrong.append("No fault is named at its place.")
    if MARK.encode() in answer.content:
        wrong.append(f"It repeats what was sent: {answer.content[:300]!r}")
    if len(answer.content) > 300_000:
        wrong.append("It is larger than it needs to be.")
    return wrong


@pytest.mark.parametrize("door", list(DOORS))
def test_hostile_requests_at_a_door_are_problems_write_nothing_and_harm_nobody(
    world: World, door: str, log: list[str]
) -> None:
    caller = Caller(world, door)
    before = written()
    wrong = {
        name: faults for name, sent in DOORS[door].items() if (faults := faults_of(caller.send(sent), sent))
    }
    assert not wrong
    assert written() == before
    assert not [line for line in log if MARK.lower() in line.lower()]
    assert_it_stands(world)


def assert_it_stands(world: World) -> None:
    caller = Client(headers={"Authorization": bearer(*world.client)})
    assert caller.get(hostile.E).status_code == 200
    key = {"Idempotency-Key": new_key()}
    assert caller.post(hostile.E, example(), content_type=hostile.JSON, headers=key).status_code == 201


def test_hostile_requests_at_the_pages_and_for_tokens_are_refused(world: World) -> None:
    caller = Client(raise_request_exception=False)
    before = written()
    answers = {
        name: caller.generic(sent.method, sent.path, sent.body, content_type=sent.kind, headers=sent.headers)
        for name, sent in hostile.ELSEWHERE.items()
    }
    got = {name: answer.status_code for name, answer in answers.items()}
    assert got == {name: sent.status for name, sent in hostile.ELSEWHERE.items()}
    assert written() == before
    assert_it_stands(world)


def test_a_megabyte_of_quotes_without_an_end_is_refused_in_a_moment() -> None:
    """A second is a hundred times what it takes; tried anew at each quote, it would take hours."""
    began = time.process_time()
    with pytest.raises(Unreadable):
        read(b"[" * 21 + b'"' + b'\\"' * 500_000)
    assert time.process_time() - began < 10


def test_brackets_in_a_text_are_no_depth() -> None:
    text = '[{"' * 100 + "\\"
    assert read(json.dumps({"text": text}).encode()) == {"text": text}


def stumbling(get_response: Any) -> Any:
    """A middleware that falls over."""

    def answer(request: Any) -> Any:
        raise ValueError(MARK)

    return answer


def test_a_fault_of_ours_on_the_way_to_a_view_is_a_problem_and_stands_in_the_log_without_a_word_of_it(
    settings: Any, log: list[str]
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.contract.test_hostile.stumbling"]
    answer = Client(raise_request_exception=False).get(hostile.E)
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert MARK.encode() not in answer.content
    assert len([line for line in log if line.startswith("A fault of ours: ValueError")]) == 1
    assert MARK not in "".join(log)
