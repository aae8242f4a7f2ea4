"""`python -m tests.faults.soak`: submissions with keys and retries, while the server is killed again and again.

Runs on the database of DATABASE_URL, which has to be an empty one. The short form is a test.
"""

import argparse
import json
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.models import Count

# Sets Django up, when this is run as a program.
import config.wsgi  # noqa: F401
from intake.actions.reference import load_reference
from intake.models import Enquiry
from tests.factories import World, example
from tests.faults.server import Server, bearer, call

SENDERS = 8


@dataclass
class Record:
    """What the senders were told, by key, and how rough it was."""

    told: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    retries: int = 0
    kills: int = 0
    seconds: float = 0.0


def submit_while_killing(
    server: Server,
    token: dict[str, str],
    body: dict[str, Any],
    *,
    submissions: int,
    kills: int,
    seed: int = 7,
) -> Record:
    """Send so many enquiries at least, each with a key until it is acknowledged; kill -9 in between.

    The senders go on for as long as there are kills to come, so that every kill finds them at work.
    """
    record, numbers, lock, started = Record(), count(), threading.Lock(), time.monotonic()
    killed = threading.Event()

    def send_all() -> None:
        while (number := next(numbers)) < submissions or not killed.is_set():
            send_one(
                server,
                token,
                {**deepcopy(body), "authority_reference": f"SOAK-{number}"},
                number,
                record,
                lock,
            )

    with ThreadPoolExecutor(SENDERS) as senders:
        work = [senders.submit(send_all) for _ in range(SENDERS)]
        try:
            kill_at_odd_moments(server, kills, random.Random(seed), record)
        finally:
            killed.set()
        for one in work:
            one.result()
    record.seconds = time.monotonic() - started
    return record


def send_one(
    server: Server, token: dict[str, str], body: dict[str, Any], number: int, record: Record, lock: Any
) -> None:
    """Until it is acknowledged, and once more: the repetition has to name the same enquiry."""
    headers, sent = {**token, "Idempotency-Key": f"soak-{number}"}, json.dumps(body).encode()
    for _ in range(2):
        reference = until_acknowledged(server, headers, sent, record, lock)
        with lock:
            if record.told.setdefault(headers["Idempotency-Key"], reference) != reference:
                record.changed.append(headers["Idempotency-Key"])


def until_acknowledged(
    server: Server, headers: dict[str, str], sent: bytes, record: Record, lock: Any
) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            answer = call(server.port, "POST", "/api/v1/enquiries/", headers, sent)
            if answer.status == 201:
                return str(answer.data["reference"])
            assert answer.status in (409, 503), answer
        except OSError:
            pass
        with lock:
            record.retries += 1
        time.sleep(0.05)
    raise AssertionError("A submission was not acknowledged in time.")


def kill_at_odd_moments(server: Server, kills: int, draw: random.Random, record: Record) -> None:
    """Kill, start, let it serve for a moment that is never the same."""
    for _ in range(kills):
        time.sleep(draw.uniform(0.02, 0.4))
        server.kill()
        record.kills += 1
        server.start()
        server.wait()


def lost_and_doubled(record: Record) -> tuple[list[str], list[str]]:
    """Keys whose enquiry is not there, and authority's references that are there twice."""
    there = set(Enquiry.objects.values_list("reference", flat=True))
    lost = [key for key, reference in record.told.items() if reference not in there]
    soaked = Enquiry.objects.filter(authority_reference__startswith="SOAK-")
    doubled = soaked.values("authority_reference").annotate(number=Count("id")).filter(number__gt=1)
    return lost, [row["authority_reference"] for row in doubled]


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--submissions", type=int, default=3000)
    wanted.add_argument("--kills", type=int, default=150)
    wanted.add_argument("--seed", type=int, default=7)
    options = wanted.parse_args()
    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    if Enquiry.objects.exists():
        raise SystemExit("This database holds enquiries. Give an empty one by DATABASE_URL.")
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        token = bearer(World().client)
        record = submit_while_killing(server, token, example(), **vars(options))
    lost, doubled = lost_and_doubled(record)
    call_command("verify_history")
    print(
        f"{len(record.told)} acknowledged in {record.seconds:.0f} s with {record.kills} kills and {record.retries} "
        f"retries: {len(lost)} lost, {len(doubled)} doubled, {len(record.changed)} changed their reference."
    )
    raise SystemExit(bool(lost or doubled or record.changed))


if __name__ == "__main__":
    main()
