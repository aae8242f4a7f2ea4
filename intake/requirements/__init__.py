"""What each assessment type needs at intake, at acceptance and at start: one source, kept as dated rows.

No database: `Requirements` is made of rows from the shipped file or the table. In the product it stands at
`book().codes.requirements`; `sections_for`, `rules_for(...).completeness` and `particulars` are what is asked.
"""

from intake.requirements.conditions import KINDS
from intake.requirements.facts import Place, answered, values_at
from intake.requirements.looking import focus_of
from intake.requirements.rows import (
    EXPECTED,
    PARTICULARS,
    REQUIRED,
    SECTIONS,
    STAGES,
    Requirement,
    Section,
    Stage,
    inside,
)
from intake.requirements.rules import (
    Completeness,
    Requirements,
    Rules,
    Survey,
    Unmet,
    allows,
    kinds_of,
    plan_of,
    read_through,
    types_of,
)

__all__ = [
    "EXPECTED",
    "KINDS",
    "PARTICULARS",
    "REQUIRED",
    "SECTIONS",
    "STAGES",
    "Completeness",
    "Place",
    "Requirement",
    "Requirements",
    "Rules",
    "Section",
    "Stage",
    "Survey",
    "Unmet",
    "allows",
    "answered",
    "focus_of",
    "inside",
    "kinds_of",
    "plan_of",
    "read_through",
    "types_of",
    "values_at",
]
