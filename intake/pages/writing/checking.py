"""The last pages: everything once more, the declaration, and what was received."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from intake import bodies, checks
from intake.actions import writing
from intake.checks import Fault
from intake.lifecycle import Status
from intake.models import book
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm
from intake.pages.views import find_enquiry
from intake.pages.writing import sections
from intake.pages.writing.asks import Body
from intake.pages.writing.base import WritingView
from intake.pages.writing.forms import Declare
from intake.pages.writing.sections import PARTS, Part
from intake.pages.writing.spoken import assessment_pairs, pairs, row_in_words, row_pairs
from intake.refusals import Invalid, Refused
from intake.requirements import Section


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

    def refuse(self, form: DeskForm, refused: Refused, **more: Any) -> HttpResponse:
        """Each fault with a link to the page on which it is mended."""
        if isinstance(refused, Invalid):
            outside = [fault for fault in refused.faults if not form.field_at(fault.pointer)]
            for fault in refused.faults:
                if fault not in outside:
                    form.add_error(form.field_at(fault.pointer), fault.detail)
            return self.answer(form, 422, elsewhere=[self.linked(fault) for fault in outside])
        return super().refuse(form, refused, **more)

    def linked(self, fault: Fault) -> dict[str, Any]:
        section = next((one for one in self.sections if sections.belongs(fault.pointer, one)), None)
        steps = fault.pointer.split("/")
        rows = PARTS[section.code].rows if section and section.code in PARTS else ""
        place = (
            int(steps[2]) if rows and len(steps) > 2 and steps[1] == rows and steps[2].isdecimal() else None
        )
        return {"detail": fault.detail, "section": section, "place": place}


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
