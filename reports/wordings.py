"""What a letter says: the office's own words where it gave some, otherwise its file. Words hold their places open
for a fixed list of things, none of which can be a name, an address or what somebody wrote."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from intake.words import Language
from reports.languages import spoken, unreviewed
from reports.models import Wording

PUBLIC, PUBLIC_RECEIVED = "public", "public_received"
PLACE = re.compile(r"\{([a-z_]+)\}")
BLANK = re.compile(r"\n{3,}")
# What every letter may say.
ALWAYS = {"reference": "the reference", "provider": "our name", "phone": "our telephone number"}
MEANS = {
    **ALWAYS,
    "link": "the address of its page, behind the sign-in",
    "says": "what happened, in our words",
    "to_do": "what the reader is to do now, or nothing",
    "the_day": "the day it is about, or nothing",
    "lapses": "when it lapses, in a sentence",
    "deleted": "when it is deleted, in a sentence",
}
DANGER = "999"


@dataclass(frozen=True)
class Kind:
    """A kind of letter: when it goes out, what it may say beside the usual, what its words have to hold."""

    label: str
    more: tuple[str, ...] = ("link",)
    musts: tuple[str, ...] = ("reference", "link")
    # Where the file says it, the number for danger stays.
    danger: bool = False
    # What is confidential is marked above and below, whatever the words.
    marked: bool = True

    @property
    def places(self) -> dict[str, str]:
        return {name: MEANS[name] for name in (*ALWAYS, *self.more)}


KINDS = {
    "acknowledgement": Kind("An enquiry was received", danger=True),
    "chaser": Kind("Our questions are still open", ("link", "lapses"), ("reference", "link", "lapses")),
    "continued": Kind("An enquiry was continued as a new one"),
    "draft_ending": Kind("A draft will be deleted", ("link", "deleted"), ("reference", "link", "deleted")),
    "file_refused": Kind("A file could not be taken"),
    "follow_up": Kind("What became of it?"),
    "message": Kind("There is a message"),
    "oversight": Kind("Oversight asks something"),
    "reminder": Kind(
        "A reminder", ("link", "says", "to_do", "the_day"), ("reference", "link", "says", "to_do")
    ),
    "restriction": Kind("Who may see an enquiry is to be decided"),
    "transition": Kind(
        "An enquiry or a referral moved on", ("link", "says", "to_do"), ("reference", "link", "says", "to_do")
    ),
    PUBLIC_RECEIVED: Kind(
        "To somebody at the public door: received", (), ("reference", "phone"), danger=True, marked=False
    ),
    PUBLIC: Kind(
        "To somebody at the public door: something moved",
        ("says",),
        ("reference", "phone", "says"),
        danger=True,
        marked=False,
    ),
}


def text(kind: str, values: Mapping[str, str], day: date) -> str:
    """The letter as it goes out on that day, in the language in which we speak."""
    own = Wording.objects.on(kind, day, spoken())
    return framed(kind, filled(own.text, values)) if own and own.text else from_file(kind, values)


def framed(kind: str, words: str) -> str:
    """With its marking, which is never up to the words."""
    if not KINDS[kind].marked or not settings.MARKING:
        return f"{words}\n"
    return f"{settings.MARKING}\n\n{words}\n\n{settings.MARKING}\n"


def filled(words: str, values: Mapping[str, str]) -> str:
    """Each place with what stands there; where that is nothing, no gap is left."""
    usual = {"provider": settings.PROVIDER_NAME, "phone": settings.PROVIDER_PHONE}
    said = PLACE.sub(lambda place: {**usual, **values}.get(place[1], ""), words)
    lines = (line.rstrip() for line in said.replace("\r\n", "\n").split("\n"))
    return BLANK.sub("\n\n", "\n".join(lines)).strip()


def from_file(
    kind: str, values: Mapping[str, Any], *, marking: str | None = None, notice: bool = True
) -> str:
    provider = {"name": settings.PROVIDER_NAME, "phone": settings.PROVIDER_PHONE}
    marking = settings.MARKING if marking is None else marking
    folder = "letters/cy" if spoken() is Language.WELSH else "letters"
    return render_to_string(
        f"{folder}/{kind}.txt",
        {
            "provider": provider,
            "marking": marking,
            "unreviewed": unreviewed() if notice else (),
            **values,
        },
    )


def shipped(kind: str) -> str:
    """The words of the file with its places held open: what one begins with, in the language in which we speak."""
    open_ = {name: f"{{{name}}}" for name in KINDS[kind].places}
    provider = {"name": open_["provider"], "phone": open_["phone"]}
    values = {**open_, "provider": provider}
    return from_file(kind, values, marking="", notice=False).strip()


def faults_in(kind: str, words: str) -> list[str]:
    """Why these words cannot be a letter of this kind, in sentences."""
    places, found = KINDS[kind].places, PLACE.findall(words)
    faults = [
        f"“{{{name}}}” is not among the places that this letter holds open."
        for name in dict.fromkeys(found)
        if name not in places
    ]
    if re.search(r"[{}]", PLACE.sub("", words)) or "{%" in words or "{#" in words:
        faults.append("A brace stands for a place only, like {reference}: nothing else goes between braces.")
    faults += [
        f"The letter has to say “{{{name}}}”: {places[name]}."
        for name in KINDS[kind].musts
        if name not in found
    ]
    if KINDS[kind].danger and DANGER not in words:
        faults.append(f"Keep what to do in danger: call {DANGER}.")
    return faults
