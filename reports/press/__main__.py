"""The life of a press: away from the network, load, to the files it needs, set up, all else shut; then page after page.

It ends when the other side of its pipe does, also in the middle of a page.
"""

import contextlib
import gc
import logging
import os
import select
import threading
import traceback
from typing import IO, Any, NoReturn

from reports.press import walls, wire
from reports.press.typesetter import Lacking, Typesetter, load

# So many objects more than freed: the layouts of a few pages, or of one summary. Then they are let go of.
OBJECTS = 100_000


def main() -> None:
    folder = os.environ["TMPDIR"]
    asked, answers = own_pipes()
    stands = walls.leave()
    head, stylesheet = wire.receive(asked)
    try:
        load()
        stands += walls.confine(os.path.dirname(folder))
        # Not before: a thread keeps the rights it began with.
        threading.Thread(target=end_with, args=(asked.fileno(), folder), daemon=True).start()
        typesetter = Typesetter(wire.decoded(stylesheet))
    except Lacking as lacking:
        wire.send(answers, {"lacking": str(lacking)})
        end(folder)
    gc.collect()
    gc.freeze()
    # The collector walks the whole layout again and again, and finds nothing until it is done.
    gc.disable()
    walls.shut(folder, memory=head["memory"], alone="user namespace" in stands)
    wire.send(answers, {"walls": stands, "resident": walls.resident()})
    try:
        while True:
            serve(typesetter, *wire.receive(asked), answers)
    except (EOFError, BrokenPipeError):
        end(folder)
    except MemoryError:
        # Not enough is left to say so, nor for the interpreter's own end.
        os._exit(wire.OUT_OF_MEMORY)


def serve(typesetter: Typesetter, head: dict[str, Any], html: bytes, answers: IO[bytes]) -> None:
    """One document. Of a fault only its kind and its place are told: its words may be somebody's."""
    walls.allow_seconds(head["seconds"])
    told: dict[str, Any] = {"number": head["number"]}
    try:
        pdf = typesetter.set(wire.decoded(html))
    except MemoryError:
        wire.send(answers, {**told, "failed": "memory"})
        return
    except Exception as fault:
        wire.send(answers, {**told, "failed": type(fault).__name__, "place": place(fault)})
        return
    told |= {"complaints": typesetter.complaints.told(), "resident": walls.resident()}
    wire.send(answers, told, pdf)
    if gc.get_count()[0] > OBJECTS:
        gc.collect()


def place(fault: Exception) -> str:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{os.path.basename(last.filename)}:{last.lineno}"


def own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes, under other numbers: what a library reads or prints goes past them."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    os.close(nowhere)
    return asked, answers


def end_with(pipe: int, folder: str) -> NoReturn:
    """Waits, without a share of the processor, until nobody holds the other end."""
    waiting = select.poll()
    waiting.register(pipe, 0)
    waiting.poll()
    end(folder)


def end(folder: str) -> NoReturn:
    """Without the interpreter's own clean-up: the fonts' goes wrong there."""
    # Whole paths, which the hook can judge: shutil goes by open folders.
    with contextlib.suppress(OSError):
        for inside, _, names in os.walk(folder, topdown=False):
            for name in names:
                os.remove(os.path.join(inside, name))
            os.rmdir(inside)
    os._exit(0)


if __name__ == "__main__":
    # Its text is the desk's: no logger of this process has anything to say.
    logging.lastResort = None
    main()
