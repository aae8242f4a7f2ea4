"""Writing an enquiry from pages: the task list, and a page for each part of it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Transition
from intake.models import Attachment, book
from intake.pages.forms import DeskForm, unjudged
from intake.pages.views import find_enquiry
from intake.pages.writing import sections
from intake.pages.writing.asks import TYPED, Ask, Body
from intake.pages.writing.base import WritingView
from intake.pages.writing.forms import BodyForm, types_by_group
from intake.pages.writing.sections import ROW_FORMS, Part, asks_of
from intake.pages.writing.spoken import asked_besides, differences, hidden_from, row_in_words
from intake.refusals import Refused, Stale
from intake.requirements import Section


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
            "files": Attachment.objects.visible_to(self.user).filter(subject=reference).count(),
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
        messages.success(self.request, gettext("Saved: {title}.").format(title=section.title))
        return redirect("write", self.enquiry.reference)

    def refuse(self, form: DeskForm, refused: Refused, **more: Any) -> HttpResponse:
        """What was typed stays in the boxes; what somebody else saved meanwhile stands beside it."""
        if not isinstance(refused, Stale):
            return super().refuse(form, refused)
        self.enquiry = find_enquiry(self, self.enquiry.reference)
        for name in ("body", "sections", "here"):
            self.__dict__.pop(name, None)
        changed = self.changed(form, refused, self.enquiry)
        return super().refuse(form, refused, changed=changed, differences=differences(form, self.form()))


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
        title = called or gettext("Add {a} {noun}").format(
            a="an" if part.noun[0] in "aeiou" else "a", noun=part.noun
        )
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
            more=part.more,
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
        messages.success(self.request, gettext("Saved: {title}.").format(title=section.title))
        return redirect("write-section", self.enquiry.reference, section.code)


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
        messages.success(self.request, gettext("Taken out: {title}.").format(title=section.title))
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
