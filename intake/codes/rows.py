"""What a row of the reference data is: plain values, as shipped and as a loader writes them into tables."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Verified = Literal["verified", "part verified", "unverified"]


@dataclass(frozen=True, slots=True)
class Code:
    """One code of one list. It holds from `valid_from` to `valid_until`, both included; None is open.

    `exclusive`: only alone. `selectable`: offered on a form (a code may hold and not be offered).
    `nation`: "" both, "England" or "Wales". `verified`: how far the label was read in the `source`.
    """

    list: str
    code: str
    label: str
    hint: str = ""
    group: str = ""
    order: int = 0
    exclusive: bool = False
    selectable: bool = True
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    verified: Verified = "unverified"
    nation: str = ""

    def holds(self, on: date) -> bool:
        """Whether it may be used on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class AssessmentType:
    """A kind of assessment from the catalogue. The weeks are usual ones, and none are promised."""

    code: str
    name: str
    group: str
    weeks_min: int | None
    weeks_max: int | None
    done_by: str
    needs: tuple[str, ...]
    gate: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    basis: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority, with its codes of today. One that ends keeps its old cases under its old name.

    `welsh_name`: as it calls itself in Welsh, on the same days; its own mark says how far that was read somewhere.
    """

    name: str
    official_name: str
    gss_code: str
    dfe_code: str
    nation: str
    region: str
    type: str
    valid_from: date | None
    valid_until: date | None
    source: str
    verified: Verified
    welsh_name: str = ""
    welsh_verified: Literal["", "verified", "part verified", "unverified"] = ""


@dataclass(frozen=True, slots=True)
class AuthorityCode:
    """A GSS or DfE code and the days on which it named the authority; closed authorities are here too."""

    authority: str
    scheme: Literal["gss", "dfe"]
    code: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Reorganisation:
    """A day on which authorities or their codes changed, in words."""

    date: date
    old: str
    new: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class DeliveryBody:
    """A trust or company that works for an authority; the duty stays with the authority."""

    authority: str
    name: str
    email_domain: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class StatutoryClock:
    """A limit that binds the authority (or a controller), never our own target.

    `starts`: what starts it, in words. `starts_from`: the fact that we hold of an enquiry and that starts it here;
    "" when we hold none, and `note` says why.
    """

    code: str
    name: str
    kind: str
    amount: int
    unit: str
    beginning_with: bool
    rolls: bool
    starts: str
    starts_from: str
    nation: str
    valid_from: date | None
    valid_until: date | None
    note: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class WorkTarget:
    """What we promise of the work: so long from a step of the referral. Never statutory.

    `type` "" is every type; a row of the very type goes before it. Without `amount` it is the longest weeks of the
    catalogue. `starts_from`: received, offered, started or report_handed_in; "" does not run yet.
    """

    code: str
    label: str
    type: str
    amount: int | None
    unit: str
    beginning_with: bool
    starts_from: str
    nation: str
    valid_from: date | None
    valid_until: date | None
    note: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of the plan: working days before filing, or after the instruction; the instruction has neither."""

    code: str
    label: str
    type: str
    before_filing: int | None
    after_instruction: int | None
    order: int
    valid_from: date | None
    valid_until: date | None
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class Holiday:
    """A bank holiday; `nation` "" is England and Wales alike."""

    date: date
    title: str
    nation: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class EmailDomain:
    """A domain, with all below it: suffix and domain are trusted, a retired one reaches nobody."""

    domain: str
    kind: Literal["suffix", "domain", "retired"]
    who: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """Where an ethnicity code falls among the groups of the 2021 census; our own mapping."""

    code: str
    group: str
    category: str
    source: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of an inspection of children's services, and the capability that answers it."""

    id: str
    section: str
    kind: str
    finding_in_our_words: str
    capability: str
    for_whom: str


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A system of practice, and what this product has for it."""

    system: str
    where: str
    product_counterpart: str
