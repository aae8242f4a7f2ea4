"""Room in hours, and whether it would be ready in time."""

from datetime import date

from referrals.forecast import Forecast, spare_in_words
from referrals.matching.tally import Tally
from referrals.matching.terms import Candidate, Wanted


def of_diary(tally: Tally, wanted: Wanted, candidate: Candidate, today: date) -> None:
    """Free hours are points; over the soft limit a reason is asked; over the ceiling, or away throughout, stops."""
    diary, free = candidate.diary, candidate.diary.free(today)
    if diary.away_throughout(today, wanted.weeks):
        tally.lacks("away", "on leave all the time", "They are on leave over the whole time.")
    if diary.to_ceiling(today) < wanted.weekly:
        sentence = (
            f"They carry {told(diary.committed(today))} a week; with these {told(wanted.weekly)} "
            f"it would be more than {told(diary.ceiling)}, the most anybody of their hours may carry."
        )
        tally.lacks("ceiling", "no room under the ceiling", sentence)
    elif free < wanted.weekly:
        over = told(wanted.weekly - free)
        tally.point("over_soft", f"{over} a week over their hours")
        tally.caution("room", f"They would be {over} a week over their {told(diary.hours)}.")
    else:
        tally.point("room_per_hour", f"{told(free)} free a week", int(free), "room_most")
    if candidate.capacity is not None and candidate.leads >= candidate.capacity:
        tally.caution("capacity", f"They have {candidate.leads} open and room for {candidate.capacity}.")


def told(hours: float) -> str:
    """11 h; 3.5 h."""
    return f"{round(hours, 1):g} h"


def of_forecast(tally: Tally, begun: Forecast) -> None:
    """In time or late, by working days; nothing where no day is asked."""
    if begun.spare is None:
        return
    words = spare_in_words(begun.spare)
    if begun.late:
        tally.point("late", words)
        tally.point("late_per_day", "each working day late", -begun.spare, "late_most")
    else:
        tally.point("in_time", words)
