"""Words of pages and forms, marked for translation: looked up when they are shown, in the reader's language."""

from typing import cast

from django.db import models
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from intake.deadlines import Unit


class Language(models.TextChoices):
    """In which a paper or a letter speaks."""

    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"

    @property
    def other(self) -> "Language":
        return Language.ENGLISH if self is Language.WELSH else Language.WELSH


def _(text: str) -> str:
    return cast(str, gettext_lazy(text))


def numbered(one: str, many: str) -> str:
    """Words with a `{number}`: `.format(count=…, number=…)` chooses their form by the count, and says the number."""
    return cast(str, ngettext_lazy(one, many, "count"))


def span(count: int, unit: Unit) -> str:
    """12 weeks; 1 working day."""
    match unit:
        case Unit.WORKING_DAYS:
            words = ngettext("{count} working day", "{count} working days", count)
        case Unit.DAYS:
            words = ngettext("{count} day", "{count} days", count)
        case Unit.WEEKS:
            words = ngettext("{count} week", "{count} weeks", count)
        case Unit.MONTHS:
            words = ngettext("{count} month", "{count} months", count)
        case Unit.HOURS:
            words = ngettext("{count} hour", "{count} hours", count)
    return words.format(count=count)
