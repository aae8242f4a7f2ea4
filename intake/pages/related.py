"""Related enquiries: what looks like this one and why, what was answered, and the page that asks."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from intake import duplicates
from intake.actions import likeness
from intake.identifiers import normalise_reference
from intake.lifecycle import Role, Transition
from intake.models import Enquiry, Likeness, Organisation, User
from intake.pages.acting import DeskView
from intake.pages.forms import DeskForm, words
from intake.pages.views import BesidePage, find_enquiry
from intake.refusals import Forbidden, Refused
from intake.words import _

Answered = list[tuple[Enquiry, Likeness]]


class Related(DeskView):
    """Possible duplicates, earlier involvement, and what was said not to be the same."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        enquiry = find_enquiry(self, reference)
        let_in(likeness.refuse_looking, self.user)
        rows = [(row.beside(enquiry), row) for row in likeness.answers(enquiry, self.user)]
        context = {
            "enquiry": enquiry,
            "matches": duplicates.of(enquiry, self.user),
            "linked": answered(rows, Likeness.Answer.LINKED),
            "apart": answered(rows, Likeness.Answer.NOT_THE_SAME),
            "in_hub": in_hub(self.user),
            "may_answer": self.user.has(Role.COORDINATOR, Role.MANAGER),
            "may_mark": Transition.MARK_DUPLICATE in enquiry.transitions_for(self.user),
        }
        return render(request, "intake/related.html", context)


def let_in(refuse: Callable[[User], None], user: User) -> None:
    """The action's own rule, as a page's refusal."""
    try:
        refuse(user)
    except Forbidden as refused:
        raise PermissionDenied from refused


def answered(rows: Answered, answer: str) -> Answered:
    return [(enquiry, row) for enquiry, row in rows if row.answer == answer]


def in_hub(user: User) -> bool:
    """Who said it and why stays there."""
    return user.organisation.kind == Organisation.Kind.HUB


def may_look(user: User) -> bool:
    return user.has(*likeness.LOOKING)


def earlier(enquiry: Enquiry, user: User) -> Sequence[tuple[Enquiry, Likeness]]:
    """For the enquiry's own page: what it is linked with. One statement, for a service none."""
    if not may_look(user):
        return ()
    linked = likeness.answers(enquiry, user).filter(answer=Likeness.Answer.LINKED)
    return [(row.beside(enquiry), row) for row in linked]


class AnswerLikeness(DeskForm):
    other = forms.CharField(widget=forms.HiddenInput, max_length=30)
    answer = forms.ChoiceField(
        label=_("What are they to each other?"),
        choices=[
            ("linked", _("The same family: link them")),
            ("not_the_same", _("Not the same: do not offer it again")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose one of the list.")},
    )
    reason = words(
        _("What makes you sure?"), _("It stays in the history of both, which only we read."), rows=3
    )


class AnswerPage(BesidePage):
    """The two families side by side, the points, and the question."""

    template_name = "intake/likeness.html"
    form_class = AnswerLikeness
    title = _("Are these the same family?")
    verb = _("Save the answer")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            let_in(likeness.refuse_answering, self.user)
            self.beside = find_beside(request, self.enquiry, self.user)
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        match = duplicates.scored(self.enquiry, [self.beside])[0] if self.beside else None
        return {
            **super().context(),
            "match": match,
            "here": duplicates.family_of(self.enquiry),
            "there": duplicates.family_of(self.beside) if self.beside else None,
        }

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        if self.beside is None:
            return redirect("related", self.enquiry.reference)
        asked = {"other": self.beside.reference, "answer": request.GET.get("answer", "")}
        return self.answer(self.form_class(initial=asked))

    def act(self, form: AnswerLikeness) -> HttpResponse:
        given = likeness.answer(enquiry=self.enquiry, by=self.user, **form.cleaned_data)
        messages.success(self.request, f"{DONE[given.answer]}: {given.beside(self.enquiry).reference}.")
        return redirect("related", self.enquiry.reference)


DONE = {"linked": _("Linked"), "not_the_same": _("Said not to be the same")}


def find_beside(request: HttpRequest, enquiry: Enquiry, user: User) -> Enquiry | None:
    """The other enquiry the page is about, as this person may see it."""
    reference = normalise_reference(request.POST.get("other") or request.GET.get("other") or "", "ENQ")
    rows = Enquiry.objects.visible_to(user).select_related("authority").exclude(pk=enquiry.pk)
    return rows.filter(reference=reference).first()


class UndoAnswer(DeskView):
    """One press takes an answer back."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        enquiry = find_enquiry(self, reference)
        let_in(likeness.refuse_answering, self.user)
        try:
            undone = likeness.undo(enquiry=enquiry, other=request.POST.get("other", ""), by=self.user)
        except Refused as refused:
            messages.error(request, refused.detail)
        else:
            messages.success(
                request,
                gettext("Taken back: {reference} is open again.").format(
                    reference=undone.beside(enquiry).reference
                ),
            )
        return redirect("related", enquiry.reference)
