"""How clocks look in an answer: ours as a reading, the authority's own apart."""

from typing import Any

from rest_framework import serializers

from intake.bodies import Body
from intake.clocks import AuthorityClock, Reading
from intake.models.reference import Dated


class ReadingShown(serializers.Serializer[Any]):
    """One of our targets at the moment of the answer. Never a statutory limit."""

    what = serializers.CharField()
    state = serializers.ChoiceField(["", "running", "paused", "stopped"])
    due_at = serializers.DateTimeField(allow_null=True)
    working_days_left = serializers.IntegerField(
        allow_null=True, help_text="0 on the day itself, negative after it."
    )
    minutes_left = serializers.IntegerField(
        allow_null=True, help_text="On the day itself only, while there is time."
    )
    late = serializers.BooleanField()
    sentence = serializers.CharField()


class AuthorityClockShown(serializers.Serializer[Any]):
    """A statutory limit that binds the authority, not us; beside it the date that was typed, where there is one."""

    code = serializers.CharField()
    name = serializers.CharField()
    started_on = serializers.DateField()
    beginning_with = serializers.BooleanField(help_text="The day it started is the first day of the period.")
    last_day = serializers.DateField(help_text="The statutory last day.")
    days_left = serializers.IntegerField(
        help_text="In working days where the limit is; 0 on the last day, negative after it."
    )
    over = serializers.BooleanField(help_text="The last day has passed, whether or not the limit was kept.")
    limit = serializers.CharField()
    court_day = serializers.DateField(allow_null=True)
    court_says = serializers.CharField()
    sentence = serializers.CharField()
    verified = serializers.ChoiceField(Dated.Verified.choices)
    source = serializers.CharField()  # type: ignore[assignment]


KEPT = (
    "code",
    "name",
    "started_on",
    "beginning_with",
    "last_day",
    "days_left",
    "over",
    "limit",
    "court_day",
    "court_says",
    "sentence",
    "verified",
    "source",
)


def show_authority_clock(clock: AuthorityClock) -> Body:
    return {name: getattr(clock, name) for name in KEPT}


def show_reading(reading: Reading) -> Body:
    left = reading.time_left
    return {
        "what": reading.what,
        "state": reading.state,
        "due_at": reading.due,
        "working_days_left": reading.working_days_left,
        "minutes_left": int(left.total_seconds() // 60) if reading.today and left is not None else None,
        "late": reading.late,
        "sentence": reading.sentence,
    }
