"""What every page of writing an enquiry does alike: whether it may be changed, its sections, saving a part."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from intake import bodies
from intake.actions import enquiries
from intake.lifecycle import Status
from intake.models import book
from intake.pages.acting import ActingView
from intake.pages.views import find_enquiry
from intake.pages.writing import sections
from intake.pages.writing.asks import Body
from intake.pages.writing.forms import in_shape
from intake.pages.writing.sections import PARTS, Part, Task
from intake.refusals import Refused
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
        """All sections that this kind of enquiry can have, in the order of the pages."""
        found = {one.code: one for one in self.sections_for(book().types)}
        return tuple(found[code] for code in PARTS if code in found)

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
