"""Two hundred calls at once at a limit of one hundred, against a server of several processes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.factories import World
from tests.faults.server import UNLIMITED, Answer, Server, bearer, call

ENQUIRIES = "/api/v1/enquiries/"
LIMITS = f"{UNLIMITED},reading=100/3600,lookup=10/3600"


def many(server: Server, times: int, path: str, headers: dict[str, str]) -> list[Answer]:
    with ThreadPoolExecutor(20) as threads:
        return list(threads.map(lambda _: call(server.port, "GET", path, headers), range(times)))


def test_of_200_calls_at_two_processes_exactly_100_pass(committed: World, tmp_path: Path) -> None:
    with Server(tmp_path, workers=2, LIMITS=LIMITS) as server:
        read = many(server, 200, "/api/v1/me/", bearer(committed.client))
        missed = many(server, 20, f"{ENQUIRIES}ENQ-2222-2222-2/", bearer(committed.other_client))
    assert Counter(answer.status for answer in read) == {200: 100, 429: 100}
    left = sorted(int(answer.headers["ratelimit"].split(";")[1][2:]) for answer in read)
    assert left == [0] * 100 + list(range(100))
    assert {"retry-after" in answer.headers for answer in read if answer.status == 429} == {True}
    assert Counter(answer.status for answer in missed) == {404: 10, 429: 10}
