"""In which language a paper or a letter speaks: that of its enquiry, or of whoever reads it, unless they chose."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

from intake.checks import Fault
from intake.models import Organisation
from intake.refusals import Invalid
from intake.words import Language

# Of a page's language: Django's own code, and the one that a document is marked with.
CODES = {Language.ENGLISH: "en-gb", Language.WELSH: "cy"}
TAGS = {Language.ENGLISH: "en-GB", Language.WELSH: "cy"}
# Said in both, at the foot of each paper and letter in Welsh, for as long as nobody has read the wording through.
UNREVIEWED = (
    "Nid yw siaradwr Cymraeg wedi adolygu geiriad Cymraeg y ddogfen hon eto. Os oes unrhyw beth yn aneglur, "
    "gofynnwch am y fersiwn Saesneg.",
    "No Welsh speaker has reviewed the Welsh wording of this yet. If anything is unclear, ask for the English.",
)


def speaking(language: str) -> AbstractContextManager[None]:
    """Everything said within is in that language. What people wrote stays as they wrote it."""
    return translation.override(CODES[Language(language)])


def spoken() -> Language:
    """The language in which we speak just now."""
    return Language.WELSH if translation.get_language() == CODES[Language.WELSH] else Language.ENGLISH


def asked_for(values: Sequence[str]) -> str:
    """The language that a query names; "" where it names none. Refuses one that we do not speak."""
    if not values:
        return ""
    if len(values) != 1 or values[0] not in Language.values:
        choice = ", ".join(Language.values)
        raise Invalid([Fault("language", "unknown", f"Say in which language: one of {choice}.")])
    return values[0]


def tag() -> str:
    """What a document says its language is."""
    return TAGS[spoken()]


def unreviewed() -> tuple[str, ...]:
    """The plain word about a wording that no speaker has read; nothing in English, or once one has."""
    return UNREVIEWED if spoken() is Language.WELSH and not settings.WELSH_REVIEWED else ()


# Words of a list that are others elsewhere: a sense and a day in court; a yes to what was done, and to what is.
APART = (("disability", "Hearing"), ("followed", "Yes"), ("followed", "No"))


def known(text: str, of: str = "") -> str:
    """The words of a list or a table of ours, looked up by themselves: the office may have given its own."""
    if (of, text) in APART:
        return pgettext(of, text)
    return gettext(text) if text else ""


def name_of(organisation: Organisation) -> str:
    """Whole, as it calls itself in the language in which we speak."""
    welsh = organisation.welsh_name if spoken() is Language.WELSH else ""
    return welsh or organisation.official_name or organisation.name


def short_name_of(organisation: Organisation) -> str:
    """As it is called beside somebody's name; the hub is called what it is."""
    if organisation.kind == Organisation.Kind.HUB:
        return known(organisation.name)
    return called(organisation.name, organisation.welsh_name)


def called(name: str, welsh_name: str) -> str:
    """By its short name, or in Welsh by the one that it has there."""
    return (welsh_name if spoken() is Language.WELSH else "") or name
