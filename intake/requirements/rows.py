"""What a row of the requirements is, and the sections of an enquiry that they belong to."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Stage = Literal["intake", "acceptance", "start"]
STAGES: tuple[Stage, ...] = ("intake", "acceptance", "start")
# At the intake, what is required refuses the enquiry; what is expected is named as missing.
REQUIRED, EXPECTED = "required", "expected"
PARTICULARS = "/assessments/*/particulars/"
WHOSE = {"/children": "a child", "/adults": "an adult", "/household": "somebody in the household"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A fact that some assessment types need, at which stage, and how badly.

    `types`: codes of the catalogue, or "*". `fact`: where in the body it stands (see `facts`); empty when only
    words can answer it, and then `in_words` says which. `at`: where a fault points, if elsewhere.
    `intake`, `acceptance`, `start`: "", "expected" or "required". `when`: see `conditions`.
    `answer`: of a particular, "text", "date" or "yes_no". `sensitive`: "", "health" or "allegations".
    `traces`: the phrases of the catalogue, and the rows of our own list of answers, that it stands for.
    """

    code: str
    types: tuple[str, ...]
    section: str
    fact: str
    label: str
    hint: str = ""
    answer: str = ""
    intake: str = ""
    acceptance: str = ""
    start: str = ""
    when: str = ""
    nation: str = ""
    at: str = ""
    fault: str = ""
    sentence: str = ""
    in_words: str = ""
    sensitive: str = ""
    traces: tuple[str, ...] = ()
    order: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    verified: str = "unverified"

    def holds(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )

    def asked_of(self, code: str) -> bool:
        """Whether the type asks for it."""
        return "*" in self.types or code in self.types

    def level(self, stage: Stage) -> str:
        levels: dict[str, str] = {"intake": self.intake, "acceptance": self.acceptance, "start": self.start}
        return levels[stage]

    @property
    def said(self) -> str:
        """Its label where nothing stands around it: whose name, whose date of birth."""
        whose = WHOSE.get(self.fact.partition("/*/")[0]) if "/*/" in self.fact else None
        return f"{self.label} for {whose}" if whose else self.label

    @property
    def particular(self) -> str:
        """The code under which the assessment keeps the answer; "" when it has a place of its own."""
        return self.fact.removeprefix(PARTICULARS) if self.is_particular else ""

    @property
    def key(self) -> str:
        """The particular's code without the value that it must have."""
        return self.particular.partition("=")[0]

    @property
    def is_particular(self) -> bool:
        return self.fact.startswith(PARTICULARS)


def inside(label: str) -> str:
    """A label inside a sentence; MARAC keeps its capitals."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an enquiry that one page asks: its top-level members of the body, and what is asked in it."""

    code: str
    title: str
    members: tuple[str, ...]
    facts: tuple[Requirement, ...] = ()


SECTIONS: tuple[Section, ...] = (
    Section("you", "About you", ("authority_reference", "referrer")),
    Section("service", "What you ask for", ("kind", "language", "urgency", "assessments")),
    Section("legal", "Law and court", ("legal",)),
    Section("children", "The children", ("children",)),
    Section("adults", "The adults", ("adults",)),
    Section("household", "The household", ("household",)),
    Section("risks", "Risks", ("risks",)),
    Section("background", "Background", ("background",)),
    Section("documents", "Documents", ("documents",)),
    Section("information", "Information and taking part", ("information",)),
    Section("declaration", "Declaration", ("declaration",)),
)
ALWAYS = frozenset({"you", "service", "background", "declaration"})
