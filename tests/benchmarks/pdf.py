"""`bin/bench pdf`: an acknowledgement and a case summary of ten to twelve pages, against three others in one run.

Milliseconds of the processor, of all processes that take part, and by the clock; medians of rounds in which each has
its turn. Ours as the product makes them: template, press, tags. typst (tagged, PDF/UA-1) and a warm Chromium (tagged)
print the same content; reportlab prints it without tags, which it has not got. Then what memory a press keeps.
"""

import argparse
import io
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.utils import timezone

from config import wsgi
from intake.actions.reference import load_reference
from reports import pdf
from reports.actions import documents
from reports.models import Document
from reports.summaries import acknowledgement
from reports.summaries.blocks import Items, Pairs, Paper, Prose, Section, Timeline, moment
from tests.benchmarks import _pdf_peers as peers
from tests.factories import World, fresh

assert wsgi.application  # sets Django up
TARGETS = {
    ("acknowledgement", "typst"): 8.0,
    ("acknowledgement", "reportlab"): 6.0,
    ("acknowledgement", "chromium"): 1 / 3,
    ("summary", "typst"): 7.5,
    ("summary", "chromium"): 1.4,
}
MOST_MEMORY = 100


def main() -> None:
    wanted = arguments()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    papers = our_papers(World())
    warm = resident()

    def html(paper: Paper) -> str:
        return papers[kind_of(paper)].html(paper)

    with peers.chromium_programs(html, pdf.stylesheet_text()) as (chromium, used_by_chromium):
        programs = {
            "ours": (None, lambda: time.process_time() + press_cpu()),
            "typst": (peers.typst_program(), time.process_time),
            "reportlab": (peers.reportlab_program(), time.process_time),
            **{name: (program, used_by_chromium) for name, program in chromium.items()},
        }
        for kind, ours in papers.items():
            show(kind, measured(ours, programs, wanted.rounds))
    memory(papers, warm, wanted.documents)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench pdf", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--documents", type=int, default=200, help="how many for the memory")
    return parser.parse_args()


# --- What is printed -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ours:
    """A paper in shapes that the others can print, and how the product prints it."""

    paper: Paper
    template: str
    context: Callable[[Paper], dict[str, Any]]

    def html(self, paper: Paper) -> str:
        return render_to_string(self.template, {**self.context(paper), "made_at": "2026-11-28T09:30:00Z"})

    def pdf(self, paper: Paper) -> bytes:
        return pdf.render(self.template, self.context(paper), made_at=timezone.now())


def kind_of(paper: Paper) -> str:
    return "acknowledgement" if "received your enquiry" in paper.title else "summary"


def our_papers(world: World) -> dict[str, Ours]:
    enquiry = fresh(world.referral("in_progress").enquiry)
    order = documents.Order(Document.Kind.SUMMARY, Document.Audience.INTERNAL)
    summary = longer(documents.assembled(enquiry, order, world.manager, timezone.localdate()))
    receipt = acknowledgement(enquiry)
    common = {
        "provider": documents.provider(),
        "version": 1,
        "printed_by": "Ann Lee, Provider",
        **documents.language(),
    }
    now = moment(timezone.now())

    def of_summary(paper: Paper) -> dict[str, Any]:
        return {**common, "paper": paper, "printed_at": now}

    def of_receipt(paper: Paper) -> dict[str, Any]:
        return {**common, "receipt": replace(receipt, reference=paper.reference)}

    return {
        "acknowledgement": Ours(
            as_paper(receipt, common["provider"]), "reports/acknowledgement.html", of_receipt
        ),
        "summary": Ours(summary, "reports/paper.html", of_summary),
    }


def longer(paper: Paper) -> Paper:
    """A case that went on: four children, as many again asked about, eighty lines of history."""

    def grown(section: Section) -> Section:
        if section.title in ("Children", "Needs and adjustments"):
            return replace(section, blocks=section.blocks * 2)
        return replace(section, blocks=[more(block) for block in section.blocks])

    def more(block: Any) -> Any:
        if isinstance(block, Timeline):
            return replace(block, lines=(block.lines * 80)[:80])
        if isinstance(block, Prose):
            return replace(block, text="\n\n".join([block.text] * 4))
        return block

    return replace(paper, sections=[grown(section) for section in paper.sections])


def as_paper(receipt: Any, provider: dict[str, str]) -> Paper:
    """The acknowledgement's own template says this; the others get it in shapes."""
    told = [
        "A coordinator reads the enquiry, looks at the risks first, and takes it on.",
        "If something is unclear, you get numbered questions. You answer them by signing in.",
        "You are told the decision: accepted, declined with the reason and where else to go, or passed on.",
        "What is accepted is offered to an assessment service, and you are told who the assessor is.",
    ]
    received = [
        ("Received", receipt.received),
        ("Authority", receipt.authority),
        ("Asked by", receipt.requester),
        ("Your reference", receipt.their_reference),
        ("Kind", receipt.kind),
        ("Report to be filed by", receipt.filing_date),
    ]
    call = [
        ("In office hours", provider["phone"]),
        ("Out of hours", provider["out_of_hours"]),
        ("E-mail, without personal data", provider["email"]),
    ]
    handling = (
        "This letter names nobody of the family, so that it can travel. Please keep it so: do not add names to it, "
        "and do not send it on outside your authority. If it reached you by mistake, call us.\n"
        "We handle the enquiry's personal data for your authority. Keep this letter with the case."
    )
    sections = [
        Section("What we received", [Pairs(received), Items(receipt.assessments, "Assessments asked for")]),
        Section("What is still missing", [Items(receipt.missing)]),
        Section("What happens next", [Items(told), Prose(receipt.rule)]),
        Section("Who to call", [Pairs(call)]),
        Section("Handling", [Prose(handling)]),
    ]
    front = Pairs([("Our reference", receipt.reference), ("We decide by", receipt.due)])
    return Paper("We have received your enquiry", receipt.reference, "Authority", "en", front, sections)


def another(paper: Paper, number: int) -> Paper:
    """The next case: no program finds what it has set before."""

    def told(text: str) -> str:
        return f"{text} ({number})" if text else text

    def changed(block: Any) -> Any:
        match block:
            case Pairs():
                return replace(block, rows=[(name, told(value)) for name, value in block.rows])
            case Prose():
                return replace(block, text=told(block.text))
            case Items():
                return replace(block, items=[told(item) for item in block.items])
            case Timeline():
                return replace(block, lines=[(when, told(what), note) for when, what, note in block.lines])
            case _:
                return block

    sections = [replace(one, blocks=[changed(block) for block in one.blocks]) for one in paper.sections]
    return replace(paper, reference=f"ENQ-BENCH-{number}", sections=sections, front=changed(paper.front))


# --- What it takes ---------------------------------------------------------------------------------------------


@dataclass
class Taken:
    """Of one program: seconds of each round, and the last paper."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    made: bytes = b""


def measured(ours: Ours, programs: dict[str, Any], rounds: int) -> dict[str, Taken]:
    taken = {name: Taken() for name in programs}
    # The first two make everything warm.
    for number in range(-2, rounds):
        paper = another(ours.paper, number)
        for name, (program, used) in programs.items():
            before, began = used(), time.perf_counter()
            made = (program or ours.pdf)(paper)
            wall, cpu = time.perf_counter() - began, used() - before
            if number >= 0:
                taken[name].cpu.append(cpu)
                taken[name].wall.append(wall)
                taken[name].made = made
    return taken


def show(kind: str, taken: dict[str, Taken]) -> None:
    print(f"\n{kind:18}{'pages':>6}{'kB':>6}{'tags':>6}{'CPU ms':>9}{'clock ms':>10}{'ours is':>10}  target")
    ours = statistics.median(taken["ours"].cpu)
    for name, one in taken.items():
        cpu, wall = statistics.median(one.cpu), statistics.median(one.wall)
        with pikepdf.open(io.BytesIO(one.made)) as opened:
            pages, tags = len(opened.pages), "yes" if "/StructTreeRoot" in opened.Root else "no"
        ratio = "" if name == "ours" else f"{ours / cpu:.2f}×"
        target = TARGETS.get((kind, name))
        told = f"{target:.2f}×: {'reached' if ours / cpu <= target else 'MISSED'}" if target else ""
        print(f"  {name:16}{pages:6}{len(one.made) / 1000:6.0f}{tags:>6}{cpu * 1000:9.1f}{wall * 1000:10.1f}"
              f"{ratio:>10}  {told}")  # fmt: skip


def press_of() -> int:
    return next(iter(pdf.presses().living)).process.pid


def press_cpu() -> float:
    """By the scheduler's own count, which is finer than the ticks of /proc/PID/stat."""
    living = pdf.presses().living
    return sum(int(Path(f"/proc/{one.process.pid}/schedstat").read_text().split()[0]) / 1e9 for one in living)


def resident(peak: bool = False) -> int:
    """Of the press, in MiB; starts it when there is none."""
    if not pdf.presses().living:
        pdf.printed("<html lang='en-GB'><head><title>One</title></head><body><h1>One</h1></body></html>")
    wanted = "VmHWM:" if peak else "VmRSS:"
    lines = Path(f"/proc/{press_of()}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(wanted)) // 1024


def memory(papers: dict[str, Ours], warm: int, number: int) -> None:
    """Of a fresh press: warm, after one summary, after so many documents of both kinds."""
    pdf.end_presses()
    warm = resident()
    pdfs = [(one, another(one.paper, n)) for n in range(number // 2) for one in papers.values()]
    papers["summary"].pdf(papers["summary"].paper)
    first, first_peak, press = resident(), resident(peak=True), press_of()
    halfway = 0
    for n, (one, paper) in enumerate(pdfs):
        one.pdf(paper)
        halfway = resident() if n == len(pdfs) // 2 else halfway
    last, peak = resident(), resident(peak=True)
    same = "the same press" if press == press_of() else "ANOTHER PRESS"
    print(f"\nMemory of a press, MiB: warm {warm}; after a summary {first} (at most {first_peak}); after "
          f"{len(pdfs) // 2} documents {halfway}, after {len(pdfs)} {last} (at most {peak}), {same}; target "
          f"{MOST_MEMORY}: {'reached' if peak <= MOST_MEMORY else 'MISSED'}")  # fmt: skip
    asking = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"The asking process, with the other programs in it: {asking} MiB at most.")


if __name__ == "__main__":
    main()
