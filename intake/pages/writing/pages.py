"""Writing an enquiry from pages: the task list, a page for each part of it, and the sending."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from intake import bodies, checks
from intake.actions import enquiries, writing
from intake.checks import Fault
from intake.lifecycle import Status, Transition
from intake.models import Enquiry, Risk, book
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, unjudged
from intake.pages.views import find_enquiry
from intake.pages.writing import sections
from intake.pages.writing.asks import TYPED, Ask, Body, at, in_words
from intake.pages.writing.forms import BodyForm, Declare, in_shape, particular, types_by_group
from intake.pages.writing.sections import PARTS, ROW_FORMS, Part, Task, asks_of
from intake.refusals import Invalid, Refused, Stale
from intake.requirements import Section, types_of


class WritingView(ActingView):
    """A page about one enquiry that its reader may still change."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.enquiry = find_enquiry(self, kwargs["reference"])
            try:
                enquiries.refuse_amending(self.enquiry, self.user)
            except Refused as refused:
                return self.refuse_page(refused)
        return super().dispatch(request, *args, **kwargs)

    def refuse_page(self, refused: Refused) -> HttpResponse:
        context = {"enquiry": self.enquiry, "refused": refused}
        return render(self.request, "intake/writing/refused.html", context, status=refused_status(refused))

    @cached_property
    def body(self) -> Body:
        return bodies.read(self.enquiry)

    @property
    def nation(self) -> str:
        return self.enquiry.authority.nation

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections that what is asked for needs, and those that say something already."""
        needed = {one.code: one for one in self.sections_for(types_of(self.body))}
        filled = (one for one in self.every if any(self.body.get(member) for member in one.members))
        wanted = {one.code: one for one in filled} | needed
        return tuple(wanted[one.code] for one in self.every if one.code in wanted)

    @cached_property
    def every(self) -> tuple[Section, ...]:
        """All sections that this kind of enquiry can have."""
        return tuple(one for one in self.sections_for(book().types) if one.code in PARTS)

    def sections_for(self, types: Iterable[str]) -> tuple[Section, ...]:
        shelf = book().codes.requirements
        return shelf.sections_for(types, self.enquiry.kind, self.nation, timezone.localdate())

    def section(self, code: str) -> tuple[Section, Part]:
        found = next((one for one in (*self.sections, *self.every) if one.code == code), None)
        if found is None:
            raise Http404
        return found, PARTS[code]

    def tasks(self) -> list[Task]:
        return sections.tasks(
            self.body,
            self.sections,
            codes=book().codes,
            today=timezone.localdate(),
            nation=self.nation,
            marks=self.enquiry.section_marks,
        )

    @property
    def is_draft(self) -> bool:
        return self.enquiry.status == Status.DRAFT

    def context(self) -> dict[str, Any]:
        return {"enquiry": self.enquiry, "is_draft": self.is_draft}

    def save(self, form: Any, changes: Mapping[str, Any]) -> None:
        """Save just these members, against the version that the page had read."""
        self.enquiry.version = form.cleaned_data["version"]
        enquiries.amend(enquiry=self.enquiry, by=self.user, changes=in_shape(changes))


def refused_status(refused: Refused) -> int:
    return {"Forbidden": 403, "NotPossible": 409}.get(type(refused).__name__, 422)


class TaskList(WritingView):
    """How far each part is, what is still to come, and until when a draft is kept."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        tasks = self.tasks()
        rules = book().codes.requirements.rules_for(self.body, self.nation, timezone.localdate())
        context = {
            **self.context(),
            "tasks": tasks,
            "completeness": rules.survey(self.body).completeness,
            "others": [one for one in self.every if one.code not in {task.section.code for task in tasks}],
            "done": sum(task.state is sections.COMPLETED for task in tasks),
            "may_discard": Transition.DISCARD in self.enquiry.transitions_for(self.user),
        }
        return render(request, "intake/writing/tasks.html", context)


class SectionPage(WritingView):
    """One section: its questions on one page, or its rows as a list with a page for each."""

    template_name = "intake/writing/section.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.code = kwargs["section"]

    @cached_property
    def here(self) -> tuple[Section, Part]:
        return self.section(self.code)

    def context(self) -> dict[str, Any]:
        section, part = self.here
        return {
            **super().context(),
            "section": section,
            "part": part,
            "rows": self.rows(),
            "title": section.title,
            "types": types_by_group(book()) if section.code == "service" else (),
        }

    def rows(self) -> list[dict[str, Any]]:
        part = self.here[1]
        return (
            [row_in_words(part, row, n) for n, row in enumerate(self.body.get(part.rows) or ())]
            if part.rows
            else []
        )

    def value(self) -> Body:
        """The object that the page's answers stand in."""
        section, part = self.here
        if part.inside:
            return self.body.get(part.inside) or {}
        return {member: self.body[member] for member in section.members if member in self.body}

    def form(self, data: Any = None) -> BodyForm | None:
        section, part = self.here
        if part.rows and section.code != "service":
            return None
        return part.form(
            data,
            value=self.value(),
            version=self.enquiry.version,
            asks=asks_of(part, self.enquiry.kind),
            repeats=part.repeats,
            pointer=f"/{part.inside}" if part.inside else "",
            expected=sections.expected_of(section),
        )

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        if (typed := self.given_back()) and (form := self.form(typed)):
            unjudged(form)
            return self.answer(form)
        return self.answer(self.form() or DeskForm())

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        form = self.form(request.POST)
        if form is None:
            return redirect("write", self.enquiry.reference)
        if "add" in request.POST:
            # Another row to fill: nothing is saved, nothing typed is lost.
            unjudged(form)
            return self.answer(form)
        return self.attempt(form, lambda: self.keep(form))

    def keep(self, form: BodyForm) -> HttpResponse:
        section, part = self.here
        answers = form.answers()
        if part.inside:
            changes: Body = {part.inside: answers or None}
        else:
            changes = {
                member: answers.get(member)
                for member in section.members
                if answers.get(member) != self.body.get(member)
            }
        self.save(form, changes)
        messages.success(self.request, f"Saved: {section.title}.")
        return redirect("write", self.enquiry.reference)

    def refuse(self, form: DeskForm, refused: Refused) -> HttpResponse:
        """What was typed stays in the boxes; what somebody else saved meanwhile stands beside it."""
        if isinstance(refused, Stale):
            return self.show_both(form, refused)
        return super().refuse(form, refused)

    def show_both(self, form: DeskForm, refused: Stale) -> HttpResponse:
        self.enquiry = find_enquiry(self, self.enquiry.reference)
        for name in ("body", "sections", "here"):
            self.__dict__.pop(name, None)
        typed: Any = form.data
        form.data = typed.copy()
        form.data["version"] = str(self.enquiry.version)  # type: ignore[index]
        return self.answer(form, 412, refused=refused, differences=differences(form, self.form()))


def differences(mine: DeskForm, theirs: DeskForm | None) -> list[tuple[str, str, str]]:
    """Each field that says one thing here and another as it stands now: label, mine, theirs."""
    if theirs is None:
        return []
    found = []
    for bound in theirs.visible_fields():
        if bound.name not in mine.fields:
            continue
        here, there = (spelt(form[bound.name].value(), bound.field) for form in (mine, theirs))
        if here != there:
            found.append((str(bound.label), here, there))
    return found


def spelt(value: Any, field: Any) -> str:
    """A field's value as a reader sees it."""
    given = value if isinstance(value, list | tuple) else [value]
    labels = dict(choices_of(field))
    return ", ".join(labels.get(str(one), str(one)) for one in given if one not in (None, "")).replace(
        "\r\n", "\n"
    )


def choices_of(field: Any) -> list[tuple[str, str]]:
    return [
        (str(code), str(words))
        for code, words in getattr(field, "choices", ())
        if not isinstance(words, list)
    ]


def row_in_words(part: Part, row: Body, place: int) -> dict[str, Any]:
    """A row of a list: what it is called, and a line about it."""
    if part.rows == "assessments":
        kind = book().types.get(row.get("type", ""))
        about = len(row.get("children") or ()) + len(row.get("adults") or ())
        questions = len(row.get("questions") or ())
        line = f"about {about} of the people named, {questions} question{'' if questions == 1 else 's'}"
        return {"name": kind.name if kind else "Assessment", "line": line, "place": place}
    born = row.get("date_of_birth") or row.get("expected_date_of_delivery")
    words = "expected" if row.get("expected_date_of_delivery") else "born"
    line = (
        f"{words} {born.day} {born:%B %Y}" if isinstance(born, date) else str(row.get("relationship") or "")
    )
    return {"name": row.get("name") or f"{part.noun.capitalize()} {place + 1}", "line": line, "place": place}


class RowPage(SectionPage):
    """One child, adult, person of the household, or assessment."""

    template_name = "intake/writing/row.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.place = int(kwargs["place"])
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def rows_there(self) -> list[Body]:
        return list(self.body.get(self.here[1].rows) or ())

    def context(self) -> dict[str, Any]:
        part = self.here[1]
        new = self.place == len(self.rows_there)
        called = row_in_words(part, self.rows_there[self.place], self.place)["name"] if not new else ""
        title = called or f"Add {'an' if part.noun[0] in 'aeiou' else 'a'} {part.noun}"
        return {**super().context(), "title": title, "new": new, "place": self.place}

    def value(self) -> Body:
        return self.rows_there[self.place] if self.place < len(self.rows_there) else {}

    def form(self, data: Any = None) -> BodyForm:
        section, part = self.here
        if not part.rows or self.place > len(self.rows_there):
            raise Http404
        if part.rows == "assessments" and self.place == len(self.rows_there):
            raise Http404
        return ROW_FORMS.get(part.rows, BodyForm)(
            data,
            value=self.value(),
            version=self.enquiry.version,
            asks=() if part.rows == "assessments" else self.seen(asks_of(part, self.enquiry.kind)),
            pointer=f"/{part.rows}/{self.place}",
            expected=sections.expected_of(section),
            children=self.body.get("children") or [],
            body=self.body,
            particulars=asked_besides(self.value().get("type", "")),
        )

    def also(self, part: Part) -> Body:
        """A child who is added to a draft is one that the assessments are about, until somebody says otherwise."""
        if part.rows != "children" or self.place < len(self.rows_there) or not self.is_draft:
            return {}
        asked = self.body.get("assessments") or ()
        return {
            "assessments": [{**row, "children": [*(row.get("children") or ()), self.place]} for row in asked]
        }

    def seen(self, asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
        """Without what this reader must not see; it stays as it is."""
        hidden = hidden_from(self.enquiry, self.user, self.here[1].rows, self.value())
        return tuple(ask for ask in asks if ask.place.split("/")[0] not in hidden)

    def keep(self, form: BodyForm) -> HttpResponse:
        section, part = self.here
        rows = [*self.rows_there]
        rows[self.place : self.place + 1] = [form.answers()]
        self.save(form, {part.rows: rows, **self.also(part)})
        messages.success(self.request, f"Saved: {section.title}.")
        return redirect("write-section", self.enquiry.reference, section.code)


def asked_besides(code: str) -> list[Any]:
    """What a type asks today that has no place of its own in the body, in the order of the requirements."""
    today, asked = timezone.localdate(), book().codes.requirements.particulars(code)
    return sorted((row for row in asked.values() if row.holds(today)), key=lambda row: (row.order, row.code))


def hidden_from(enquiry: Enquiry, user: Any, member: str, row: Body) -> frozenset[str]:
    """The members of one row that this reader does not see."""
    veiled = bodies.veil({member: [row]}, bodies.sight_for(user, enquiry))[member][0]
    return frozenset(veiled.get("not_shown", ()))


class RemovePage(RowPage):
    """Taking somebody or an assessment out: a page, because others may point at it."""

    template_name = "intake/writing/remove.html"

    def form(self, data: Any = None) -> Any:
        if not self.here[1].rows or self.place >= len(self.rows_there):
            raise Http404
        return Removing(data, initial={"version": self.enquiry.version})

    def keep(self, form: Any) -> HttpResponse:
        section, part = self.here
        self.save(form, sections.without(self.body, part.rows, self.place))
        messages.success(self.request, f"Taken out: {section.title}.")
        return redirect("write-section", self.enquiry.reference, section.code)


class Removing(DeskForm):
    version = BodyForm.base_fields["version"]


class AddAssessment(SectionPage):
    """Another assessment for the same family: about all its children, until somebody says otherwise."""

    template_name = "intake/writing/section.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, section="service", **kwargs)

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        return redirect("write-section", self.enquiry.reference, "service")

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        form = OneMore(request.POST)
        return self.attempt(form, lambda: self.keep(form))

    def keep(self, form: Any) -> HttpResponse:
        rows = [*(self.body.get("assessments") or ())]
        everybody = list(range(len(self.body.get("children") or ())))
        self.save(form, {"assessments": [*rows, {"type": form.cleaned_data["type"], "children": everybody}]})
        return redirect("write-row", self.enquiry.reference, "service", len(rows))

    def answer(self, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        """The page it was asked from, with what is wrong of it on top."""
        asked = self.form() or DeskForm()
        vars(asked)["_errors"] = form.errors
        return super().answer(asked, status, **more)


class OneMore(DeskForm):
    version = BodyForm.base_fields["version"]
    type = TYPED["menu"].field(Ask("type", "", codes="assessment_type"))


class CheckAnswers(WritingView):
    """Everything once more, with links to change it; then the declaration, and it is sent."""

    template_name = "intake/writing/check.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "parts": [self.answers_of(one) for one in self.sections]}

    def answers_of(self, section: Section) -> dict[str, Any]:
        part = PARTS[section.code]
        return {
            "section": section,
            "pairs": pairs(part, section, self.body, self.enquiry.kind),
            "rows": self.people(part),
        }

    def people(self, part: Part) -> list[dict[str, Any]]:
        rows = self.body.get(part.rows) or () if part.rows else ()
        return [
            {**row_in_words(part, row, n), "pairs": self.said_in(part, row)} for n, row in enumerate(rows)
        ]

    def said_in(self, part: Part, row: Body) -> list[tuple[str, str]]:
        if part.rows == "assessments":
            return assessment_pairs(row, self.body)
        return row_pairs(part, row, self.enquiry, self.user)

    def form(self, data: Any = None) -> Declare:
        said = self.body.get("declaration") or {}
        initial = {"version": self.enquiry.version, "name": said.get("name") or self.user.name}
        return Declare(data, initial={**said, **initial})

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.send(form))

    def send(self, form: Declare) -> HttpResponse:
        """Keep the declaration, then send the whole of it: refused together, or sent together."""
        said = {ask: form.cleaned_data[ask] or None for ask in ("authority_to_instruct", "accurate", "name")}
        declaration = {name: value for name, value in said.items() if value}
        self.enquiry.version = form.cleaned_data["version"]
        writing.declare_and_send(enquiry=self.enquiry, by=self.user, declaration=declaration)
        return redirect("sent", self.enquiry.reference)

    def refuse(self, form: DeskForm, refused: Refused) -> HttpResponse:
        """Each fault with a link to the page on which it is mended."""
        if isinstance(refused, Invalid):
            outside = [fault for fault in refused.faults if not form.field_at(fault.pointer)]
            for fault in refused.faults:
                if fault not in outside:
                    form.add_error(form.field_at(fault.pointer), fault.detail)
            return self.answer(form, 422, elsewhere=[self.linked(fault) for fault in outside])
        return super().refuse(form, refused)

    def linked(self, fault: Fault) -> dict[str, Any]:
        section = next((one for one in self.sections if sections.belongs(fault.pointer, one)), None)
        steps = fault.pointer.split("/")
        rows = PARTS[section.code].rows if section and section.code in PARTS else ""
        place = (
            int(steps[2]) if rows and len(steps) > 2 and steps[1] == rows and steps[2].isdecimal() else None
        )
        return {"detail": fault.detail, "section": section, "place": place}


def pairs(part: Part, section: Section, body: Body, kind: str) -> list[tuple[str, str]]:
    """Question and answer of a section, as its reader checks them."""
    value = (body.get(part.inside) or {}) if part.inside else body
    label = book().codes.label
    asks = asks_of(part, kind) if not part.rows or section.code == "service" else ()
    said = [(ask.label, in_words(ask, at(value, ask.place), label)) for ask in asks]
    for repeat in part.repeats:
        for n, row in enumerate(at(value, repeat.member) or (), 1):
            words = [in_words(ask, at(row, ask.place), label) for ask in repeat.asks]
            said.append((f"{repeat.legend} {n}", ", ".join(word for word in words if word)))
    if section.code == "risks":
        said += [(about_words(row), risk_words(row, label)) for row in body.get("risks") or ()]
    return said


def about_words(row: Body) -> str:
    return dict(Risk.About.choices).get(row.get("about", ""), "Risk")


def risk_words(row: Body, label: Callable[[str, str], str]) -> str:
    return ". ".join(
        part for part in (label("risk_level", row.get("level", "")), row.get("text", "")) if part
    )


def row_pairs(part: Part, row: Body, enquiry: Enquiry, user: Any) -> list[tuple[str, str]]:
    """What was answered about one person or assessment; what was not asked of this kind is left out."""
    label = book().codes.label
    hidden = hidden_from(enquiry, user, part.rows, row)
    return [
        (ask.label, in_words(ask, at(row, ask.place), label))
        for ask in asks_of(part, enquiry.kind)
        if ask.place.split("/")[0] not in hidden
    ]


def assessment_pairs(row: Body, body: Body) -> list[tuple[str, str]]:
    """Whom an assessment is about, what it has to answer, and what its type asks besides."""
    named = {
        member: "\n".join(
            body[member][n].get("name", "") for n in row.get(member) or () if n < len(body.get(member) or ())
        )
        for member in ("children", "adults")
    }
    label = book().codes.label
    besides = [particular(one) for one in asked_besides(row.get("type", ""))]
    return [
        ("About the children", named["children"]),
        ("About the adults", named["adults"]),
        ("Questions", "\n".join(row.get("questions") or ())),
        *((ask.label, in_words(ask, at(row, ask.place), label)) for ask in besides),
    ]


class Sent(ActingView):
    """What was received, what happens next and by when; right also when it is opened again later."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        enquiry = find_enquiry(self, reference)
        if enquiry.status == Status.DRAFT:
            raise Http404
        missing = checks.missing(
            bodies.read(enquiry),
            book=book().codes,
            today=timezone.localdate(),
            nation=enquiry.authority.nation,
        )
        return render(request, "intake/writing/sent.html", {"enquiry": enquiry, "missing": missing})
