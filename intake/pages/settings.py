"""The room from which the settings that are data are reached: what holds today, and the way to change it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions import dated
from intake.lifecycle import Role
from intake.pages import closing
from intake.pages.dated import WORDS, Line, SettingsView, stood

# A longer table is folded; of the closed days the next ones stand there.
MOST_SHOWN = 6
NEXT_DAYS = 4


class Table(NamedTuple):
    """A kind of setting: what it is for, its columns, its rows, and how many are still to come."""

    code: str
    title: str
    means: str
    href: str
    head: Sequence[str]
    rows: list[Line]
    coming: int = 0

    @property
    def folded(self) -> bool:
        return len(self.rows) > MOST_SHOWN


class SettingsPage(SettingsView):
    def get(self, request: HttpRequest) -> HttpResponse:
        tables = [table_of(code) for code in dated.TABLES]
        context = {
            **self.context(),
            "tables": [*tables, closed_days()],
            "may_weigh": self.user.has(Role.MANAGER, Role.AUDITOR),
            "may_edit": self.user.has(Role.ADMINISTRATOR),
        }
        return render(request, "intake/settings.html", context)


def table_of(code: str) -> Table:
    rows, words = stood(dated.TABLES[code], timezone.localdate()), WORDS[code]
    href = reverse("setting", args=(code,))
    return Table(code, words.title, words.means, href, words.head, rows.now, len(rows.coming))


def closed_days() -> Table:
    rows: list[Any] = closing.coming(timezone.localdate())[:NEXT_DAYS]
    lines = [
        Line(f"{row.date:%A %-d %B %Y}", (row.title, row.nation or closing.BOTH), row, changes=False)
        for row in rows
    ]
    means = gettext("They are no working days; these come next.")
    head = (gettext("Day"), gettext("Why"), gettext("Where"))
    return Table("days", gettext("Closed days"), means, reverse("closed-days"), head, lines)
