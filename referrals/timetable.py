"""The plan of an assessment, back from the day it is filed: which step by which day. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from intake.deadlines import Calendar

FILING = "filing"


@dataclass(frozen=True, slots=True)
class Step:
    """A step and where it stands in the plan: so many working days before filing, or after the instruction.

    `before_filing` None: the step is the instruction, which comes the assessment's own weeks before filing.
    """

    code: str
    label: str
    before_filing: int | None = None
    after_instruction: int | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day by which a step is to be done so that filing holds."""

    code: str
    label: str
    day: date


def plan_back(filing: date, weeks: int, calendar: Calendar, steps: Sequence[Step]) -> list[Milestone]:
    """Each step's day, in the order of the steps, on working days; filing itself as asked, whatever day that is.

    The instruction is due so many weeks before filing. Where the weeks are too short for both ends of the plan, a
    step moves forward to the day of the one after it: none is later than what follows it.
    """
    instruction = working_day_until(filing - timedelta(weeks=weeks), calendar)
    days = [day_of(step, filing, instruction, calendar) for step in steps]
    for place in range(len(days) - 2, -1, -1):
        days[place] = min(days[place], days[place + 1])
    return [Milestone(step.code, step.label, day) for step, day in zip(steps, days, strict=True)]


def day_of(step: Step, filing: date, instruction: date, calendar: Calendar) -> date:
    if step.code == FILING:
        return filing
    if step.before_filing:
        return max(instruction, calendar.add_working_days(filing, -step.before_filing))
    return min(filing, calendar.add_working_days(instruction, step.after_instruction or 0))


def working_day_until(day: date, calendar: Calendar) -> date:
    """The day itself when offices are open, otherwise the last one before it on which they are."""
    return day if calendar.is_working_day(day) else calendar.add_working_days(day, -1)


def begins_in_the_past(milestones: Iterable[Milestone], today: date) -> bool:
    """Whether the plan wanted its first step before today."""
    return any(milestone.day < today for milestone in list(milestones)[:1])
