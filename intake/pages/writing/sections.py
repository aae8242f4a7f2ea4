"""The parts of the web form: which page asks what, and how far each is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from intake import checks
from intake.codes import CodeBook
from intake.pages.writing import questions
from intake.pages.writing.asks import Ask, Body, More, Repeat
from intake.pages.writing.forms import AdultForm, AssessmentForm, BodyForm, RisksForm
from intake.requirements import Section
from intake.words import _


@dataclass(frozen=True)
class Part:
    """A section as pages ask it: one page, or a list with a page for each row."""

    asks: tuple[Ask, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    form: type[BodyForm] = BodyForm
    # The member whose rows have a page each.
    rows: str = ""
    noun: str = ""
    # The member the page's answers stand in; "": at the top of the body.
    inside: str = ""
    why: str = ""
    more: More | None = None


# In the order in which they can be answered: who it is about before what is asked about them.
PARTS: Mapping[str, Part] = {
    "you": Part(questions.YOU),
    "legal": Part(questions.LEGAL, (questions.HEARINGS, questions.SHARES), inside="legal"),
    "children": Part(questions.CHILD, rows="children", noun="child", more=questions.CHILD_MORE),
    "adults": Part(questions.ADULT, form=AdultForm, rows="adults", noun="adult"),
    "household": Part(questions.HOUSEHOLD, rows="household", noun="person"),
    "service": Part(
        questions.WHEN,
        form=BodyForm,
        rows="assessments",
        noun="assessment",
        why=_("Each assessment by itself: whom it is about, and the questions it has to answer."),
    ),
    "risks": Part(
        form=RisksForm,
        why=_(
            "Each of the three needs an answer, also when nothing is known. They come first on everything we print."
        ),
    ),
    "background": Part(questions.BACKGROUND),
    "documents": Part(
        repeats=(questions.PAPERS,),
        why=_(
            "Say which documents there are, which are to come, and which cannot be had. Files are attached apart."
        ),
    ),
    "information": Part(questions.INFORMATION, inside="information"),
}
ROW_FORMS: Mapping[str, type[BodyForm]] = {"assessments": AssessmentForm, "adults": AdultForm}


def asks_of(part: Part, kind: str) -> tuple[Ask, ...]:
    """The questions that a kind of enquiry has."""
    return tuple(ask for ask in part.asks if not ask.kinds or kind in ask.kinds)


class State(NamedTuple):
    words: str
    tone: str = ""


NOT_YET, IN_PROGRESS = State(_("Not yet started"), "soon"), State(_("In progress"), "soon")
COMPLETED, PROBLEM = State(_("Completed")), State(_("There is a problem"), "late")
CANNOT = State(_("Cannot start yet"), "waiting")


@dataclass
class Task:
    """A section on the task list: how far it is, and what is lacking."""

    section: Section
    state: State
    missing: list[str] = field(default_factory=list)
    faults: list[checks.Fault] = field(default_factory=list)
    by: str = ""
    at: datetime | None = None
    # A list of people with nobody in it: one begins with the first of them.
    empty: bool = False


def tasks(
    body: Body,
    sections: Iterable[Section],
    *,
    codes: CodeBook,
    today: date,
    nation: str,
    marks: Mapping[str, Any],
) -> list[Task]:
    """Each section that is needed, with its state; the declaration comes at the end, on its own page."""
    faults = checks.check(body, book=codes, today=today, nation=nation)
    missing = checks.missing(body, book=codes, today=today, nation=nation)
    found = []
    for section in sections:
        if section.code not in PARTS:
            continue
        wrong = [fault for fault in faults if belongs(fault.pointer, section)]
        lacking = [row.label for row in missing if belongs(row.pointer, section)]
        rows = PARTS[section.code].rows
        task = Task(section, state_of(section, body, wrong, lacking), lacking, wrong)
        task.empty = bool(rows) and rows != "assessments" and not body.get(rows)
        mark(task, marks)
        found.append(task)
    return found


def belongs(pointer: str, section: Section) -> bool:
    return pointer.split("/")[1:2] != [] and pointer.split("/")[1] in section.members


def state_of(section: Section, body: Body, faults: list[checks.Fault], missing: list[str]) -> State:
    """Wrong before short; "service" is begun with the types, and done when nothing of it is lacking."""
    if not all(fault.gap for fault in faults):
        return PROBLEM
    begun = any(body.get(member) for member in section.members)
    if section.code == "adults" and not body.get("children") and not begun:
        return CANNOT
    if not begun:
        return NOT_YET
    return IN_PROGRESS if faults or missing else COMPLETED


def mark(task: Task, marks: Mapping[str, Any]) -> None:
    """Who filled it last, and when."""
    made = [marks[member] for member in task.section.members if member in marks]
    if made:
        last = max(made, key=lambda row: row["at"])
        task.by, task.at = last["by"], datetime.fromisoformat(last["at"])


def without(body: Body, member: str, place: int) -> Body:
    """The members that change when a row of a list is taken out: who is pointed at by place moves up."""
    changes: Body = {member: [row for n, row in enumerate(body.get(member) or ()) if n != place]}
    if member in ("children", "adults"):
        changes["assessments"] = [
            {**row, member: moved(row.get(member) or (), place)} for row in body.get("assessments") or ()
        ]
    if member == "children":
        changes["adults"] = [
            {**adult, "relationships": links_moved(adult["relationships"], place)}
            if "relationships" in adult
            else adult
            for adult in body.get("adults") or ()
        ]
    return {name: value or None for name, value in changes.items()}


def moved(places: Iterable[int], gone: int) -> list[int]:
    return [n - (n > gone) for n in places if n != gone]


def links_moved(links: Iterable[Body], gone: int) -> list[Body]:
    return [
        {**link, "child": link["child"] - (link["child"] > gone)} for link in links if link["child"] != gone
    ]


def expected_of(section: Section) -> frozenset[str]:
    """The places that the assessments need answered, as forms name them: /children/*/sex is sex."""
    if section.code == "risks":
        return frozenset("*")
    return frozenset(
        step
        for row in section.facts
        for pattern in row.fact.split(" or ")
        for step in places(pattern, section)
    )


def places(pattern: str, section: Section) -> Iterable[str]:
    plain = pattern.partition("=")[0].partition("?")[0].partition("[")[0].strip()
    for member in section.members:
        for start in (f"/{member}/*/", f"/{member}/", "./"):
            if plain.startswith(start):
                yield plain.removeprefix(start)
                yield plain.removeprefix("/")
                return
        if plain == f"/{member}":
            yield member
            return
