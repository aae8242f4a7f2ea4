"""What can be printed of an enquiry; and, before anything leaves, for whom it is and what will be in it."""

from typing import Any, NamedTuple

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from intake.lifecycle import Status
from intake.models import Enquiry, User
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, words
from intake.pages.views import find_enquiry
from intake.refusals import NotFound, Refused
from intake.words import Language, _
from referrals.models import Referral
from reports import pdf
from reports.actions import documents
from reports.actions.documents import WITH_A_REASON, Order
from reports.models import Document
from reports.summaries.blocks import Paper
from reports.summaries.shelf import SHELVES, Shelf

Kind, Audience = Document.Kind, Document.Audience
# Who will be able to read it, said before it is made.
READERS = {
    Audience.AUTHORITY: _("The authority that sent the enquiry, and everybody it gives this paper to."),
    Audience.SERVICE: _(
        "The assessment service and its assessor. They carry it about: no withheld address is in it."
    ),
    Audience.INTERNAL: _(
        "The provider only. It has our own notes and rationale in it: it must not leave the house."
    ),
    Audience.COURT: _("The court and every party to the proceedings, the parents among them."),
}


class Choice(NamedTuple):
    """A paper that could be printed, as a link."""

    href: str
    label: str
    audience: str


class PapersPage(ActingView):
    """All kinds of paper that this person may print of this enquiry."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        enquiry = find_enquiry(self, reference)
        if enquiry.status == Status.DRAFT:
            raise Http404
        context = {"enquiry": enquiry, "choices": choices(enquiry, self.user)}
        return render(request, "reports/printing/papers.html", context)


def choices(enquiry: Enquiry, user: User) -> list[Choice]:
    return [
        Choice(address(enquiry, shelf.kind, audience, subject), name, audience.label)
        for shelf in SHELVES.values()
        for subject, name in subjects(enquiry, user, shelf)
        for audience in shelf.audiences_for(user)
    ]


def subjects(enquiry: Enquiry, user: User, shelf: Shelf) -> list[tuple[str, str]]:
    """What it can be about, each with the words of the link."""
    if shelf.about == "referral":
        rows = Referral.objects.visible_to(user).filter(enquiry=enquiry).select_related("assessment__type")
        return [(row.reference, f"{shelf.kind.label}: {row.assessment.type.name}") for row in rows]
    if shelf.about == "questions":
        numbers = enquiry.information_requests.values_list("number", flat=True)
        return [(str(number), f"{shelf.kind.label} {number}") for number in numbers]
    return [("", shelf.kind.label)]


def address(enquiry: Enquiry, kind: str, audience: str, subject: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"audience": audience, **({"subject": subject} if subject else {})})
    return f"{reverse('print-paper', args=(enquiry.reference, kind))}?{query.urlencode()}"


class PrintForm(DeskForm):
    """What goes in, and why it is printed where that has to be said."""

    reason = words(_("Why do you print it?"), _("It stands in the history of the enquiry."), rows=2)
    language = forms.ChoiceField(
        label=_("In which language?"),
        help_text=_("What people wrote stays as they wrote it."),
        choices=[(Language.ENGLISH.value, _("English")), (Language.WELSH.value, _("Welsh"))],
        widget=forms.RadioSelect(),
        # Left out, it is the enquiry's own.
        required=False,
    )
    sections = forms.MultipleChoiceField(
        label=_("What goes in"),
        help_text=_("What you leave out is listed at the end of the paper."),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
    )

    def __init__(self, *args: Any, paper: Paper, language: str, with_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language
        found = [(section.code, section.title) for section in paper.sections]
        chosen = self.fields["sections"]
        chosen.choices, chosen.initial = found, [code for code, _ in found]  # type: ignore[attr-defined]
        if not with_reason:
            del self.fields["reason"]

    def without(self) -> frozenset[str]:
        chosen = self.fields["sections"]
        return frozenset(code for code, _ in chosen.choices) - set(self.cleaned_data["sections"])  # type: ignore[attr-defined]


class PrintPage(ActingView):
    """For whom, what goes in, and why; then the paper as a download."""

    template_name = "reports/printing/print.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.enquiry = find_enquiry(self, kwargs["reference"])
            self.order = self.wanted(kwargs["kind"], request.GET)

    def wanted(self, kind: str, query: QueryDict) -> Order:
        audience = query.get("audience", "")
        if kind not in SHELVES or audience not in Audience.values or self.enquiry.status == Status.DRAFT:
            raise Http404
        return Order(Kind(kind), Audience(audience), query.get("subject", ""))

    def context(self) -> dict[str, Any]:
        return {"enquiry": self.enquiry, "order": self.order, "readers": READERS[self.order.audience]}

    def form(self, data: Any = None) -> PrintForm:
        paper = documents.assembled(self.enquiry, self.order, self.user, timezone.localdate())
        return PrintForm(
            data,
            paper=paper,
            language=self.enquiry.language,
            with_reason=self.user.has(*WITH_A_REASON),
        )

    def get(self, request: HttpRequest, reference: str, kind: str) -> HttpResponse:
        return self.shown(None)

    def post(self, request: HttpRequest, reference: str, kind: str) -> HttpResponse:
        return self.shown(request.POST)

    def shown(self, data: QueryDict | None) -> HttpResponse:
        """The form, or the paper; whoever may not, and what is not there yet, is said before the form."""
        try:
            documents.check_may_print(self.order, self.user)
            form = self.form(data)
        except NotFound as nothing:
            raise Http404 from nothing
        except Refused as refused:
            return self.refuse(DeskForm(), refused)
        return self.answer(form) if data is None else self.attempt(form, lambda: self.act(form))

    def act(self, form: PrintForm) -> HttpResponse:
        order = Order(
            self.order.kind,
            self.order.audience,
            self.order.subject,
            form.without(),
            form.cleaned_data.get("reason", ""),
            form.cleaned_data["language"],
        )
        return pdf.download(documents.print_paper(enquiry=self.enquiry, order=order, by=self.user))
