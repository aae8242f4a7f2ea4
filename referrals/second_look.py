"""Where a risk rating and what is known disagree, so that a second person looks before it is decided. Pure.

Own practice: an inspection finding of decisions that rested on an unrealistic level of risk asks for a second
opinion wherever rating and factors disagree. The office reads and adds cases in tests/referrals/second_look.csv.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Of the census's factors at the end of assessment: harm to a child by somebody, or by themselves.
HARM = frozenset(
    "3A 10A 11A 12A 13A 15A 16A 17A 18A 18B 18C 19A 19B 19C 22A 23A 24A".split()  # noqa: SIM905 - as the office says them
)
# Abuse between adults of the home: whoever writes or visits has to know.
VIOLENCE_AT_HOME = frozenset({"3A", "3B", "3C"})
NO_FACTOR = "21"
# An order or a removal for which a court or the police found significant harm, or its likelihood.
THRESHOLD_MET = frozenset({"C1", "C2", "E1", "L1", "L2"})
UNRATED = frozenset({"", "none_known"})
SLIGHT = UNRATED | {"low"}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a family when it is decided: the levels as rated, and the facts beside them.

    `levels` are by child, worker and contact, the highest of each; "" where nothing was said. `factors` are the
    codes that the person who decides has ticked; None when they were not asked.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    factors: frozenset[str] | None = None
    legal_statuses: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    address_withheld: bool = False


def disagreements(known: Known) -> list[str]:
    """Each as a sentence, without names; none when rating and facts agree."""
    child, contact = known.levels.get("child", ""), known.levels.get("contact", "")
    worker, factors = known.levels.get("worker", ""), known.factors or frozenset()
    found = []
    if factors & HARM and child in SLIGHT:
        found.append(f"Harm to a child is among the factors, and the risk to the child is {said(child)}.")
    if factors & VIOLENCE_AT_HOME and contact in UNRATED and worker in UNRATED:
        found.append(
            "Domestic abuse is among the factors, and neither contact nor the worker is rated at risk."
        )
    if child == "high" and factors == {NO_FACTOR}:
        found.append("The risk to the child is rated high, and no factor was identified.")
    if known.legal_statuses & THRESHOLD_MET and child in UNRATED:
        found.append(f"A child is under an order made for harm, and the risk to the child is {said(child)}.")
    if any(name.startswith("RISK") for name in known.types) and child == "none_known":
        found.append("A risk assessment is asked for, and the risk to the child is rated as none known.")
    if known.address_withheld and contact == "none_known":
        found.append("An address is withheld, and the safety of contact is rated as none known.")
    return found


def said(level: str) -> str:
    return {"": "not rated", "none_known": "rated as none known", "low": "rated low"}[level]
