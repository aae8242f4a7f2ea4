"""The code lists in memory, and what is asked of them."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from intake.codes.rows import AssessmentType, Code, EmailDomain
from intake.requirements import Requirement, Requirements


class CodeBook:
    """Asks of the code lists in memory: made once for many checks, and made anew when a list changes.

    Assessment types are also the list "assessment_type".
    """

    def __init__(
        self,
        codes: Iterable[Code],
        *,
        assessment_types: Iterable[AssessmentType] = (),
        authority_codes: Iterable[str] = (),
        email_domains: Iterable[EmailDomain] = (),
        requirements: Iterable[Requirement] = (),
    ) -> None:
        types = tuple(assessment_types)
        self._lists: dict[str, dict[str, Code]] = {}
        for code in (*codes, *(_as_code(kind, order) for order, kind in enumerate(types, 1))):
            self._lists.setdefault(code.list, {})[code.code] = code
        self.requirements = Requirements(requirements)
        self.authority_codes = frozenset(authority_codes)
        self._domains = {domain.domain: domain.kind for domain in email_domains}
        self._held: dict[tuple[str, date], frozenset[str]] = {}

    def holding(self, name: str, on: date) -> frozenset[str]:
        """Every code of a list that holds on that day."""
        key = (name, on)
        if key not in self._held:
            if len(self._held) > 1000:
                self._held.clear()
            self._held[key] = frozenset(code.code for code in self._lists[name].values() if code.holds(on))
        return self._held[key]

    def ever(self, name: str) -> frozenset[str]:
        """Every code that a list has or had."""
        return frozenset(self._lists[name])

    def holds(self, name: str, code: str, on: date) -> bool:
        """Whether the list has the code and it may be used on that day. An unknown list is a KeyError."""
        return code in self.holding(name, on)

    def label(self, name: str, code: str) -> str:
        """The words for a code, also for one that holds no more; "Not known" for one we never had."""
        found = self._lists[name].get(code)
        return found.label if found else "Not known"

    def list(self, name: str, on: date) -> tuple[Code, ...]:
        """The codes that a form offers on that day, in their order."""
        offered = (code for code in self._lists[name].values() if code.selectable and code.holds(on))
        return tuple(sorted(offered, key=lambda code: (code.order, code.code)))

    def names(self) -> tuple[str, ...]:
        """The names of the lists."""
        return tuple(sorted(self._lists))

    def exclusive(self, name: str, code: str) -> bool:
        """Whether the code may only stand alone."""
        found = self._lists[name].get(code)
        return found is not None and found.exclusive

    def nation(self, name: str, code: str) -> str:
        """The one nation in which the code holds, or "" for both."""
        found = self._lists[name].get(code)
        return found.nation if found else ""

    def email_kind(self, address: str) -> Literal["trusted", "retired", "other"]:
        """What an address's domain says, by whole labels: notgov.uk is not gov.uk. Proves no sender."""
        labels = address.rpartition("@")[2].lower().rstrip(".").split(".")
        kinds = {self._domains.get(".".join(labels[start:])) for start in range(len(labels))}
        return "retired" if "retired" in kinds else "trusted" if kinds - {None} else "other"


def _as_code(kind: AssessmentType, order: int) -> Code:
    return Code(
        list="assessment_type",
        code=kind.code,
        label=kind.name,
        group=kind.group,
        order=order,
        valid_from=kind.valid_from,
        valid_until=kind.valid_until,
        source=kind.source,
        verified=kind.verified,
    )
