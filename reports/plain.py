"""Letters that are about no one enquiry: each in its reader's language, the English beneath the Welsh."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from intake.models import Organisation, User
from intake.words import Language
from reports import wordings
from reports.languages import speaking
from reports.letters import BELOW, domain

# What the subject says, and what stands in the letter; asked once in each language that it is written in.
Told = Callable[[], tuple[str, dict[str, Any]]]


def letter(
    name: str, told: Told, *, to: list[str], language: str, mark: str = "", head: str | None = None
) -> EmailMessage:
    """`mark` keeps its Message-ID the same however often it is tried; `head` stands before the subject."""
    written = [in_language(name, told, one) for one in languages_for(language)]
    subject, head = " / ".join(says for says, _ in written), settings.MARKING if head is None else head
    headers = {"Auto-Submitted": "auto-generated"}
    if mark:
        headers["Message-ID"] = f"<{mark}@{domain()}>"
    return EmailMessage(
        " ".join(f"{head}: {subject}".split()) if head else subject,
        f"\n{BELOW}\n\n".join(text for _, text in written),
        to=to,
        headers=headers,
    )


def in_language(name: str, told: Told, language: Language) -> tuple[str, str]:
    with speaking(language):
        says, values = told()
        if name in wordings.KINDS:
            return says, wordings.text(name, values, timezone.localdate())
        return says, wordings.from_file(name, values)


def languages_for(language: str) -> tuple[Language, ...]:
    """Whoever covers for a reader of Welsh may not read it."""
    return (Language.WELSH, Language.ENGLISH) if language == Language.WELSH else (Language.ENGLISH,)


def letters(name: str, told: Told, *, people: Iterable[User], mark: str = "") -> list[EmailMessage]:
    """One for all who read the same language."""
    readers = {person.email: person.language for person in people}
    return [
        letter(name, told, to=to, language=language, mark=f"{mark}.{language}" if mark else "")
        for language in Language.values
        if (to := sorted(email for email, reads in readers.items() if reads == language))
    ]


def language_of_invited(person: User) -> str:
    """Nobody has asked them yet: in Wales they are written to in both."""
    wales = person.organisation.nation == Organisation.Nation.WALES
    return Language.WELSH if wales else person.language
