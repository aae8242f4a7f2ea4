"""Settings that were changed ahead, for the tests that walk every address: one row of each kind to come."""

from datetime import date, timedelta
from typing import Any

from intake.actions import closing, dated
from intake.models import Grade, Holiday, SettingChange, Target, User
from reports import wordings
from reports.actions import wording
from tests.factories import World, in_days

GRADES, TARGETS = dated.TABLES["grades"], dated.TABLES["targets"]


def newly_qualified() -> Grade:
    return Grade.objects.filter(code="NEWLY_QUALIFIED").latest("valid_from")


def share(value: int, day: date, by: User, reason: str = "After a review.") -> SettingChange:
    """Another share of the newly qualified from a day on."""
    return dated.change(
        table=GRADES, row=newly_qualified(), values={"share": value}, valid_from=day, reason=reason, by=by
    )


def decide_within(days: int, day: date, by: User, nation: str = "England", **more: Any) -> SettingChange:
    """Another target of the decision from a day on."""
    row = Target.objects.filter(nation=nation).latest("valid_from")
    values = {**TARGETS.values(row), "working_days": days, **more}
    reason = "More time to read."
    return dated.change(table=TARGETS, row=row, values=values, valid_from=day, reason=reason, by=by)


def next_working_day(day: date) -> date:
    while day.weekday() > 4 or Holiday.objects.filter(date=day).exists():
        day += timedelta(days=1)
    return day


def closed(day: date, by: User, *, ours: bool = True, nation: str = "", until: date | None = None) -> Holiday:
    """The first of the days."""
    title = "The office moves"
    return closing.close(day=day, until=until, title=title, nation=nation, ours=ours, by=by)[0]


def settings(world: World) -> None:
    share(80, in_days(30), world.manager)
    closed(next_working_day(in_days(30)), world.manager)
    words = wordings.shipped("message") + "\n\nThe triage team"
    given = {"text": words, "valid_from": in_days(30), "reason": "Kinder."}
    wording.reword(kind="message", by=world.manager, **given)
