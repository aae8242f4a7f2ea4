"""The wording of letters: looked at with made-up data, in force from a day on, taken back ahead of it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake.actions.dated import refuse_changing
from intake.checks import Fault
from intake.lifecycle import Transition
from intake.models import SettingChange, User
from intake.refusals import Invalid, NotPossible
from intake.words import Language
from reports import letters, wordings
from reports.languages import speaking
from reports.models import Wording

TABLE = "letters"
MOST = 4000
MADE_UP = "ENQ-7K3M-9QXD-4"
A_DAY = "2026-12-01"


def examples() -> dict[str, str]:
    """What stands in the places, in the language in which we speak."""
    return {
        "reference": MADE_UP,
        "to_do": str(letters.TO_DO["enquiry", Transition.REQUEST_INFORMATION]),
        "the_day": letters.sentence(letters.THE_DAY, A_DAY),
        "lapses": letters.sentence(letters.LAPSES, A_DAY),
        "deleted": letters.sentence(letters.DELETED, A_DAY),
    }


@dataclass(frozen=True)
class Preview:
    subject: str
    text: str


def preview(*, kind: str, text: str, by: User, language: str = Language.ENGLISH) -> Preview:
    """The letter with made-up data; nothing is written."""
    with speaking(language):
        return looked_at(kind, text, by)


def looked_at(kind: str, text: str, by: User) -> Preview:
    refuse_changing(by)
    if faults := faults_in(kind, text):
        raise Invalid(faults)
    asked = letters.step_in_words("enquiry", Transition.REQUEST_INFORMATION)
    says = str(letters.SUBJECTS.get(kind, asked))  # type: ignore[call-overload]
    values = {**examples(), "says": says, "link": f"{settings.PUBLIC_URL}/enquiries/{MADE_UP}/"}
    marked = wordings.KINDS[kind].marked
    words = wordings.framed(kind, wordings.filled(text, values)) if text else wordings.from_file(kind, values)
    return Preview(letters.subject(says, MADE_UP, marked=marked), words.strip())


@transaction.atomic
def reword(
    *, kind: str, text: str, valid_from: date, reason: str, by: User, language: str = Language.ENGLISH
) -> Wording:
    """Other words from a day on, or, without words, the shipped ones again. One of that very day is put right."""
    refuse_changing(by)
    text, faults = text.replace("\r\n", "\n").strip(), []
    if valid_from < timezone.localdate():
        faults.append(
            Fault("/valid_from", "past", "Give today or a later day; what was sent stays as it was.")
        )
    if not reason.strip():
        faults.append(Fault("/reason", "required", "Say why it changes."))
    faults += faults_in(kind, text)
    before = text_on(kind, valid_from, language)
    if text == before or (not before and text == shipped(kind, language)):
        faults.append(Fault("/text", "same", "This is what it says on that day already."))
    if faults:
        raise Invalid(faults)
    row, _ = Wording.objects.update_or_create(
        kind=kind,
        language=language,
        valid_from=valid_from,
        defaults={"text": text, "by": by, "at": timezone.now()},
    )
    record(row, by, before=before, after=text, reason=reason.strip())
    return row


@transaction.atomic
def take_back(*, wording: Wording, by: User) -> None:
    """Words whose day has not come, gone as if they had not been; they stay on record."""
    refuse_changing(by)
    row = Wording.objects.select_for_update().filter(pk=wording.pk).first()
    if row is None:
        raise NotPossible("It was taken back already.", status="gone")
    if row.valid_from <= timezone.localdate():
        raise NotPossible("It holds already. Give it other words instead.", status="in force")
    words = row.text
    row.delete()
    after = text_on(row.kind, row.valid_from, row.language)
    record(row, by, before=words, after=after, verb=SettingChange.Verb.TAKEN_BACK)


def text_on(kind: str, day: date, language: str = Language.ENGLISH) -> str:
    row = Wording.objects.on(kind, day, language)
    return row.text if row else ""


def shipped(kind: str, language: str) -> str:
    with speaking(language):
        return wordings.shipped(kind)


def name_of(kind: str, language: str) -> str:
    """By which its changes are found again."""
    label = wordings.KINDS[kind].label
    return label if language == Language.ENGLISH else f"{label} ({Language(language).label})"


def faults_in(kind: str, text: str) -> list[Fault]:
    if len(text) > MOST:
        return [Fault("/text", "length", f"A letter has at most {MOST} characters.")]
    return [
        Fault("/text", "words", sentence) for sentence in (wordings.faults_in(kind, text) if text else ())
    ]


def record(
    row: Wording, by: User, *, before: str, after: str, reason: str = "", verb: str = "changed"
) -> None:
    SettingChange.objects.create(
        table=TABLE,
        about=name_of(row.kind, row.language),
        by=by,
        by_name=by.name,
        verb=verb,
        valid_from=row.valid_from,
        reason=reason,
        changed=[["Wording", before, after]],
    )
