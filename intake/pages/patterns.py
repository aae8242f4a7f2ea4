"""Every component with its rules, rendered from the templates that the pages use; nothing in it is of anybody."""

from typing import Any, NamedTuple

from django import forms
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext

from intake import contrast
from intake.checks import Fault
from intake.models import Organisation
from intake.pages.acting import DeskView
from intake.pages.enquiry_list import Tab
from intake.pages.forms import DeskForm, a_day, line, words
from intake.pages.paging import Page
from intake.pages.worklist import Boxes, Chosen
from intake.refusals import Invalid
from intake.words import _

SIZES = (("h1", "1.728"), ("h2", "1.44"), ("h3", "1.2"), ("text", "1"), ("small", "0.833"))
CHIPS = (
    ("", _("In triage"), _("where something stands")),
    ("late", _("Overdue by 2 working days"), _("a limit has passed, or somebody is at risk")),
    ("soon", _("Due today 17:00"), _("a limit is near")),
    ("well", _("Received"), _("it is done")),
    ("waiting", _("With the authority"), _("somebody else’s turn")),
)
# What may be there or come later: shown where its template is.
LATER = ("components/progress.html", "components/conflict.html")
YES_OR_NO = (("yes", _("Yes")), ("no", _("No")), ("unknown", _("I do not know")))


class Shown(DeskForm):
    """One field of each kind."""

    legends = {"visit": _("What belongs together, under one legend")}
    name = line(
        _("What is it called?"), _("A hint says what to write, never what the label should have said.")
    )
    text = words(_("What happened?"), _("As many lines as it takes; the box grows."), required=False)
    told = forms.ChoiceField(label=_("Have they been told?"), choices=YES_OR_NO, widget=forms.RadioSelect)
    who = Boxes(label=_("Who was there?"), choices=(("mother", _("The mother")), ("school", _("The school"))))
    sure = forms.BooleanField(label=_("I have read it again."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit-day"] = a_day(gettext("On which day?"))
        self.fields["visit-where"] = line(gettext("Where?"), required=False)


class Step(NamedTuple):
    """One of the five of an enquiry."""

    label: str
    state: str
    more: str = ""


STEPS = (Step(_("Received"), "done"), Step(_("In triage"), "now"), Step(_("Decided"), _("to come")))


class Sample(NamedTuple):
    """A count of the desk."""

    label: str
    number: str
    age: str
    tone: str = ""
    href: str = "#tallies"


class Patterns(DeskView):
    """For the hub: a manager who wonders, and whoever changes a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.user.organisation.kind != Organisation.Kind.HUB:
            raise PermissionDenied
        return render(request, "about/patterns.html", context())


def context() -> dict[str, Any]:
    return {
        "schemes": [(name, list(contrast.pairs(found))) for name, found in schemes().items()],
        "sizes": SIZES,
        "chips": CHIPS,
        "good": Shown(auto_id="good_%s"),
        "wrong": wrong(),
        "tallies": (
            Sample(gettext("To triage"), "14", gettext("oldest 5 h")),
            Sample(gettext("Due today"), "3", "", "soon"),
            Sample(gettext("Overdue"), "1", gettext("oldest 2 days"), "late"),
        ),
        "track": {
            "steps": STEPS,
            "turn": gettext("It is our turn."),
            "next": gettext("The decision is due on Thursday."),
        },
        "tabs": (
            Tab(gettext("To triage"), "#tabs", "14", current=True),
            Tab(gettext("Late"), "#tabs", "1", current=False),
            Tab(gettext("All"), "#tabs", "", current=False),
        ),
        "chosen": (Chosen("urgent", "#rows"), Chosen(gettext("Authority: Oldham"), "#rows")),
        "page": Page([None] * 50, 51, gettext("about 120"), "#pages", "#pages"),
        "later": [name for name in LATER if is_there(name)],
    }


def schemes() -> dict[str, dict[str, str]]:
    """Of the stylesheet as it is."""
    with open(str(finders.find("desk.css")), encoding="utf-8") as file:
        return contrast.schemes(file.read())


def wrong() -> Shown:
    """Sent empty, and refused: the summary leads to each field."""
    form = Shown({}, auto_id="wrong_%s")
    form.refuse(Invalid([Fault("/name", "used", gettext("There is one of this name already."))]))
    return form


def is_there(template: str) -> bool:
    try:
        get_template(template)
    except TemplateDoesNotExist:
        return False
    return True
