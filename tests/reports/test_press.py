"""The process that makes our documents: what it cannot do, what is done when it dies, and that it leaves nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from intake.refusals import Invalid, Unavailable
from reports import pdf
from reports.press.pool import Broken, Busy, Limits, Pool, TooMuch
from tests.faults.server import TOP

pytestmark = pytest.mark.own_database

PAGE = "<html lang='en-GB'><head><title>One</title></head><body><h1>One</h1><p>{words}</p></body></html>"
PATIENCE = 60


def page(words: str = "Some words.") -> str:
    return PAGE.format(words=words)


# Enough to be at it for seconds: what is killed in the middle has to be in the middle.
LONG = page("</p><p>".join(["The same words, again and again."] * 2000))


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Callable[..., Pool]]:
    made: list[Pool] = []

    def pool_of(presses: int = 1, wait: float = PATIENCE, **limits: Any) -> Pool:
        made.append(
            Pool(pdf.stylesheet_text(), tmp_path / "press", Limits(**limits), presses=presses, wait=wait)
        )
        return made[-1]

    yield pool_of
    for one in made:
        one.close()


def only_press(pool: Pool) -> int:
    (press,) = pool.living
    return press.process.pid


def until(it_is_so: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not it_is_so():
        assert monotonic() < end
        sleep(0.01)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


# --- Equal, again and again ------------------------------------------------------------------------------------


def test_two_presses_make_equal_bytes_and_one_press_does_so_after_another_document(pool: Any) -> None:
    first, second = pool(), pool()
    made = first.print(page())[0]
    first.print(page("Other words."))
    assert first.print(page())[0] == second.print(page())[0] == made


def test_many_at_once_on_one_press_are_made_one_after_the_other(pool: Any) -> None:
    presses = pool()
    with ThreadPoolExecutor(4) as askers:
        made = list(askers.map(lambda n: presses.print(page(f"Number {n % 2}"))[0], range(8)))
    assert len(set(made)) == 2
    assert len(presses.living) == 1


def test_who_waits_too_long_for_a_press_is_told_so(pool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    presses = pool(wait=0.01)
    taken = presses.own().get()
    with pytest.raises(Busy):
        presses.print(page())
    monkeypatch.setattr(pdf, "presses", lambda: presses)
    with pytest.raises(Unavailable, match="Many documents are being made"):
        pdf.printed(page())
    presses.own().put(taken)
    assert presses.print(page())


# --- What it takes too much of, and how it dies ----------------------------------------------------------------


@pytest.mark.parametrize(("limits", "what"), [({"seconds": 0}, "time"), ({"memory": 1}, "memory")])
def test_a_document_that_takes_too_much_is_refused_and_the_next_one_is_made(
    pool: Any, monkeypatch: pytest.MonkeyPatch, limits: Any, what: str
) -> None:
    presses = pool(**limits)
    monkeypatch.setattr(pdf, "presses", lambda: presses)
    with pytest.raises(Invalid, match="too much text") as refused:
        pdf.printed(LONG)
    assert isinstance(refused.value.__cause__, TooMuch)
    assert str(refused.value.__cause__) == what
    assert pdf.printed(page()).startswith(b"%PDF-")


def test_one_that_hangs_is_killed_by_the_clock_and_the_next_one_is_made(
    pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    presses = pool(patience=2)
    monkeypatch.setattr(pdf, "presses", lambda: presses)
    presses.print(page())
    stopped = only_press(presses)
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(Unavailable, match="takes too long just now"):
        pdf.printed(page())
    assert is_gone(stopped)
    assert presses.print(page())


def test_killed_in_the_middle_the_document_is_made_by_another_press(pool: Any) -> None:
    presses = pool()
    presses.print(page())
    first = only_press(presses)
    with ThreadPoolExecutor(1) as asker:
        asked = asker.submit(presses.print, LONG)
        working_on_it(first)
        os.kill(first, signal.SIGKILL)
        assert asked.result()[0].startswith(b"%PDF-")
    assert only_press(presses) != first


def test_killed_at_it_twice_it_is_refused_and_the_next_one_is_made(
    pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    presses = pool()
    monkeypatch.setattr(pdf, "presses", lambda: presses)
    pdf.printed(page())
    with ThreadPoolExecutor(1) as asker:
        asked = asker.submit(pdf.printed, LONG)
        killed: set[int] = set()
        for _ in range(2):
            until(lambda: {press.process.pid for press in presses.living} - killed)
            killed.add(pid := only_press(presses))
            working_on_it(pid)
            os.kill(pid, signal.SIGKILL)
            until(lambda pid=pid: pid not in {press.process.pid for press in presses.living})  # type: ignore[misc]
        with pytest.raises(Unavailable, match="could not be made") as refused:
            asked.result()
    assert isinstance(refused.value.__cause__, Broken)
    assert pdf.printed(page()).startswith(b"%PDF-")


class Interrupted(BaseException):
    """As Ctrl-C, or a server that ends its threads, would be."""


def test_interrupted_in_the_middle_the_next_one_does_not_get_the_paper_of_the_one_before(pool: Any) -> None:
    presses = pool()
    made = presses.print(page())[0]

    def interrupt(*_: Any) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(Interrupted):
            presses.print(LONG)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert presses.print(page())[0] == made


def working_on_it(pid: int) -> None:
    """It has used more of the processor than starting takes, or than it had when it was asked."""
    ticks = os.sysconf("SC_CLK_TCK")

    def used() -> float:
        columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(columns[11]) + int(columns[12])) / ticks

    ready = Path(f"/proc/{pid}/limits")
    until(lambda: "Max file size             0" in ready.read_text())
    before = used()
    until(lambda: used() > before + 0.2)


def test_a_press_is_replaced_after_so_many_documents_and_when_it_has_grown(pool: Any) -> None:
    for limits in ({"documents": 1}, {"resident": 1}):
        presses = pool(**limits)
        presses.print(page())
        second = only_press(presses)
        presses.print(page())
        assert is_gone(second)
        assert only_press(presses) != second


# --- The walls -------------------------------------------------------------------------------------------------

TRIED = """
    import json, os, socket, subprocess, sys, tempfile
    from pathlib import Path
    from reports.press import walls

    port, secret, parent = int(sys.argv[1]), sys.argv[2], sys.argv[3]

    def attempts():
        yield "connect", lambda: socket.create_connection(("127.0.0.1", port), 2)
        yield "resolve", lambda: socket.getaddrinfo("localhost", port)
        yield "read", lambda: Path(secret).read_text()
        yield "environment", lambda: Path(f"/proc/{{parent}}/environ").read_bytes()
        yield "write", lambda: Path(secret).write_text("x")
        yield "write here", lambda: Path(folder, "x").write_text("x")
        yield "run", lambda: subprocess.run(["/bin/true"], check=True)
        yield "shell", lambda: os.system("true")
        yield "exec", lambda: os.execv("/bin/true", ["true"])
        yield "delete", lambda: os.remove(secret)
        yield "kill", lambda: os.kill(int(parent), 0)
        yield "fork", os.fork

    folder = tempfile.mkdtemp(dir=sys.argv[4])
    {walls}
    done = {{}}
    for name, attempt in attempts():
        if name not in {names}:
            continue
        try:
            attempt()
            done[name] = "done"
        except BaseException as refused:
            done[name] = type(refused).__name__
    print(json.dumps([stands, done]))
"""
ALL = (
    "connect",
    "resolve",
    "read",
    "environment",
    "write",
    "write here",
    "run",
    "shell",
    "exec",
    "delete",
    "kill",
)


def tried(tmp_path: Path, walls: str, names: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """What an interpreter behind these walls could do, with a server that listens and a file with a secret in it."""
    secret, scratch = tmp_path / "secret.txt", tmp_path / "scratch"
    secret.write_text("the secret of the house")
    scratch.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        ran = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(TRIED).format(walls=walls, names=names),
             str(server.getsockname()[1]), str(secret), str(os.getpid()), str(scratch)],
            capture_output=True, text=True, cwd=TOP, check=True,
        )  # fmt: skip
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert secret.read_text() == "the secret of the house"
    stands, done = json.loads(ran.stdout)
    return stands, done


def test_behind_the_hook_alone_nothing_is_connected_read_written_run_or_deleted(tmp_path: Path) -> None:
    hook = "stands = []; sys.addaudithook(walls.Hook(folder))"
    _, done = tried(tmp_path, hook, (*ALL, "fork"))
    assert done == dict.fromkeys((*ALL, "fork"), "Refused")


def test_behind_the_kernel_s_walls_alone_it_is_so_as_well(tmp_path: Path) -> None:
    """As far as this kernel has them: what stands is told, and what stands has to hold."""
    kernel = f"stands = walls.leave() + walls.confine({str(tmp_path / 'scratch')!r})"
    stands, done = tried(tmp_path, kernel, ALL[:-1])
    held = {
        "network namespace": ("connect",),
        "user namespace": ("environment",),
        "landlock": ("read", "write", "run", "exec", "delete"),
    }
    assert [(wall, name) for wall in stands for name in held[wall] if done[name] == "done"] == []


def test_a_press_at_work_has_its_own_network_and_its_limits(pool: Any) -> None:
    presses = pool()
    presses.print(page())
    (press,) = presses.living
    theirs, ours = (os.readlink(f"/proc/{pid}/ns/net") for pid in (press.process.pid, "self"))
    assert (theirs != ours) == ("network namespace" in press.walls)
    limits = {row[:25].strip(): row[26:].split()[0] for row in lines(press.process.pid, "limits")}
    assert (limits["Max file size"], limits["Max core file size"]) == ("0", "0")
    assert int(limits["Max open files"]) < 100
    assert int(limits["Max address space"]) < 600 * 1024 * 1024
    assert int(limits["Max cpu time"]) < 60


def lines(pid: int, name: str) -> list[str]:
    return Path(f"/proc/{pid}/{name}").read_text().splitlines()


def test_no_secret_of_ours_is_in_its_environment(
    pool: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://desk:hidden@db/desk")
    monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)
    presses = pool()
    presses.print(page())
    environment = Path(f"/proc/{only_press(presses)}/environ").read_text()
    assert settings.SECRET_KEY not in environment
    assert "hidden" not in environment
    assert "DJANGO_SETTINGS_MODULE" not in environment


# --- Leaving nothing behind ------------------------------------------------------------------------------------

ASKER = """
    import sys, time
    from pathlib import Path
    from reports.press.pool import Limits, Pool
    pool = Pool(Path(sys.argv[1]).read_text(), Path(sys.argv[2]), Limits(), presses=1, wait=60)
    pool.print("<html lang='en'><head><title>One</title></head><body><h1>One</h1></body></html>")
    print(next(iter(pool.living)).process.pid, flush=True)
    pool.print(sys.stdin.read())
"""


def test_with_whoever_asked_killed_the_press_ends_in_the_middle_and_its_files_are_gone(
    tmp_path: Path,
) -> None:
    sheet, folder = tmp_path / "sheet.css", tmp_path / "press"
    sheet.write_text(pdf.stylesheet_text())
    command = [sys.executable, "-c", textwrap.dedent(ASKER), str(sheet), str(folder)]
    with subprocess.Popen(
        command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as asker:
        assert asker.stdout is not None
        assert asker.stdin is not None
        press = int(asker.stdout.readline())
        # More than a pipe holds: read from, it is at it.
        with suppress(BrokenPipeError):
            asker.stdin.write(LONG)
            asker.stdin.close()
        asker.kill()
    until(lambda: is_gone(press))
    until(lambda: list(folder.iterdir()) == [])


def test_a_command_that_ends_takes_its_press_along(tmp_path: Path) -> None:
    code = """
        import django; django.setup()
        from reports import pdf
        pdf.printed("<html lang='en'><head><title>One</title></head><body><h1>One</h1></body></html>")
        print(next(iter(pdf.presses().living)).process.pid)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=TOP, env={**os.environ, "VAR_DIR": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert is_gone(int(ran.stdout.split()[-1]))
    assert list((tmp_path / "press").iterdir()) == []


def test_after_a_fork_each_has_presses_of_its_own(pool: Any) -> None:
    presses = pool()
    made = presses.print(page())[0]
    ours = only_press(presses)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        same = presses.print(page())[0] == made and only_press(presses) != ours
        presses.close()
        os.write(writing, b"1" if same else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 1) == b"1"
    os.close(reading)
    os.close(writing)
    assert presses.print(page())[0] == made
    assert only_press(presses) == ours
