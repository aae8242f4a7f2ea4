"""An enquiry as the plain body that was sent and will be shown: one mapping, read in both directions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from intake.lifecycle import Role
from intake.models import (
    Assessment,
    CourtDate,
    Enquiry,
    Organisation,
    Paper,
    Person,
    Relationship,
    Risk,
    Subject,
    User,
    book,
)

Body = dict[str, Any]
# A mapping's value is a column, or the mapping of a nested object.
Mapped = Mapping[str, Any]

TOP: Mapped = {
    "authority_reference": "authority_reference",
    "kind": "kind",
    "language": "language",
    "continues": "continues_id",
    "prompted_by": {"code": "prompted_by", "reason": "prompted_reason"},
    "referrer": {
        "name": "referrer_name",
        "role": "referrer_role",
        "team": "referrer_team",
        "email": "referrer_email",
        "phone": "referrer_phone",
        "manager_name": "manager_name",
        "manager_email": "manager_email",
        "away_cover": "away_cover",
    },
    "urgency": {"immediate_danger": "immediate_danger", "needed_by": "needed_by", "why_now": "why_now"},
    "legal": {
        "framework": "framework",
        "stage": "legal_stage",
        "court": "court",
        "case_number": "case_number",
        "permission": "permission",
        "permission_date": "permission_date",
        "issued_on": "issued_on",
        "filing_date": "filing_date",
        "letter_before_proceedings": "letter_before_proceedings",
        "instruction": {
            "joint": "instruction_joint",
            "lead_solicitor": "lead_solicitor",
            "cost_shares": "cost_shares",
        },
    },
    "background": "background",
    "information": {
        "family_told": "family_told",
        "not_told_why": "not_told_why",
        "taking_part": "taking_part",
        "lawful_basis": "lawful_basis",
    },
    "declaration": {
        "authority_to_instruct": "authority_to_instruct",
        "accurate": "accurate",
        "name": "declared_by",
    },
}
CHILD: Mapped = {
    "name": "name",
    "known_as": "known_as",
    "date_of_birth": "date_of_birth",
    "age": "age",
    "expected_date_of_delivery": "expected_date_of_delivery",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "first_language": "first_language",
    "religion": "religion",
    "disabilities": "disabilities",
    "communication_needs": "communication_needs",
    "send": {"need": "send_need", "ehc_plan": "send_ehc_plan"},
    "nhs_number": "nhs_number",
    "upn": "upn",
    "upn_unknown": "upn_unknown",
    "authority_child_id": "authority_child_id",
    "legal_status": "legal_status",
    "placement_type": "placement_type",
    "school": "school",
    "early_help": {
        "had": "early_help_had",
        "from": "early_help_from",
        "to": "early_help_to",
        "end_reason": "early_help_end_reason",
        "lead": "early_help_lead",
    },
    "child_seen": "child_seen",
    "views": "views",
}
ADULT: Mapped = {
    "name": "name",
    "date_of_birth": "date_of_birth",
    "age": "age",
    "address": {"lines": "address_lines", "postcode": "postcode"},
    "address_withheld": "address_withheld",
    "phone": "phone",
    "safe_contact": "safe_contact",
    "needs": {
        "interpreter": "interpreter",
        "learning_disability": "learning_disability",
        "mental_health": "mental_health",
        "literacy": "literacy",
        "advocate": "advocate",
        "notes": "needs_notes",
    },
    "solicitor": "solicitor",
}
HOUSEHOLD: Mapped = {
    "name": "name",
    "relationship": "relationship",
    "age": "age",
    "date_of_birth": "date_of_birth",
}
RISK: Mapped = {"about": "about", "level": "level", "text": "text", "review_on": "review_on"}
PAPER: Mapped = {"role": "role", "state": "state", "note": "note"}
HEARING: Mapped = {"kind": "kind", "date": "date"}

PARTS = (
    ("children", Person.Part.CHILD, CHILD),
    ("adults", Person.Part.ADULT, ADULT),
    ("household", Person.Part.HOUSEHOLD, HOUSEHOLD),
)


@dataclass(frozen=True)
class Sight:
    """Which of the sensitive answers a reader sees; the origin is between the authority and the hub."""

    withheld_address: bool = True
    health: bool = True
    allegations: bool = True
    origin: bool = True


ALL_OF_IT = Sight()
HEALTH_OF_CHILD = ("disabilities", "communication_needs", "send")
HEALTH_OF_ADULT = ("needs",)
WHERE_TO_FIND = ("address", "phone")
ORIGIN = ("continues", "prompted_by")


def sight_for(user: User, enquiry: Enquiry) -> Sight:
    """By the table of roles: a case system reads none of the three back, a coordinator the withheld address
    only by disclosing it with a reason, a service only once it is the assigned assessor who reads."""
    kind = user.organisation.kind
    if kind == Organisation.Kind.AUTHORITY:
        return Sight(False, False, False) if user.has(Role.API_CLIENT) else ALL_OF_IT
    if kind == Organisation.Kind.SERVICE:
        assigned = enquiry.shares.filter(person=user, until__isnull=True).exists()
        return Sight(origin=False) if assigned else Sight(False, False, True, False)
    if user.has(Role.MANAGER, Role.REVIEWER, Role.AUDITOR):
        return ALL_OF_IT
    return Sight(withheld_address=False)


# --- Reading ----------------------------------------------------------------------------------------------


def show(row: models.Model, mapped: Mapped) -> Body:
    """The members of a row; what was never given is left out."""
    shown: Body = {}
    for member, column in mapped.items():
        value = show(row, column) if isinstance(column, dict) else getattr(row, column)
        if value not in (None, "", [], {}):
            shown[member] = value
    return shown


def read(enquiry: Enquiry, sight: Sight = ALL_OF_IT) -> Body:
    """The body as it stands now, without what the reader must not see. Six statements."""
    return veil(read_all(enquiry), sight)


@dataclass(frozen=True)
class Rows:
    """The rows of an enquiry beside its own: as a create has just written them, or as they are read."""

    people: Iterable[Person]
    relationships: Iterable[Relationship]
    hearings: Iterable[CourtDate]
    # Place, type, questions and particulars of each assessment, with the part and place of each it is about.
    asked: Iterable[tuple[int, str, list[str], Body, Any, Any]]
    risks: Iterable[Risk]
    papers: Iterable[Paper]


def asked_by(assessments: Iterable[Assessment], subjects: Iterable[Subject]) -> list[Any]:
    """The `asked` of rows that were just written, as they will be read."""
    about: dict[int, list[tuple[Any, Any]]] = {}
    for subject in subjects:
        about.setdefault(subject.assessment_id, []).append((subject.person.part, subject.person.position))
    return [
        (row.position, row.type.code, row.questions, row.particulars, part, position)
        for row in assessments
        for part, position in sorted(about.get(row.pk, [(None, None)]))
    ]


def fetch(enquiry: Enquiry) -> Rows:
    """Six statements."""
    people = list(enquiry.people.all())
    adults = [row.pk for row in people if row.part == Person.Part.ADULT]
    return Rows(
        people=people,
        relationships=Relationship.objects.filter(adult__in=adults) if adults else (),
        hearings=enquiry.courtdate_rows.all(),
        asked=enquiry.assessment_rows.order_by("position", "about__person__position").values_list(
            "position",
            "type__code",
            "questions",
            "particulars",
            "about__person__part",
            "about__person__position",
        ),
        risks=enquiry.risk_rows.all(),
        papers=enquiry.paper_rows.all(),
    )


def read_all(enquiry: Enquiry, rows: Rows | None = None) -> Body:
    """The whole body as it stands now."""
    rows = rows or fetch(enquiry)
    body = show(enquiry, TOP)
    body |= {member: people for member, people in read_people(rows).items() if people}
    if hearings := [show(row, HEARING) for row in rows.hearings]:
        body.setdefault("legal", {})["hearings"] = hearings
    body["assessments"] = read_assessments(rows)
    if risks := [show(row, RISK) for row in rows.risks]:
        body["risks"] = risks
    if papers := [show(row, PAPER) for row in rows.papers]:
        body["documents"] = papers
    return body


def read_people(rows: Rows) -> Body:
    children = {row.pk: row.position for row in rows.people if row.part == Person.Part.CHILD}
    related: dict[int, list[Body]] = {}
    for link in rows.relationships:
        shown = {"child": children[link.child_id], "relationship": link.relationship}
        if link.parental_responsibility is not None:
            shown["parental_responsibility"] = link.parental_responsibility
        related.setdefault(link.adult_id, []).append(shown)
    return {
        member: [
            read_person(row, mapped) | ({"relationships": related[row.pk]} if row.pk in related else {})
            for row in rows.people
            if row.part == part
        ]
        for member, part, mapped in PARTS
    }


def read_person(row: Person, mapped: Mapped) -> Body:
    shown = show(row, mapped)
    if row.part == Person.Part.CHILD and row.disabilities_given:
        shown.setdefault("disabilities", [])
    return shown


def veil(body: Body, sight: Sight) -> Body:
    """The body without what a sight leaves out."""
    if sight == ALL_OF_IT:
        return body
    veiled = dict(body)
    if not sight.origin:
        veiled = {member: value for member, value in body.items() if member not in ORIGIN}
    if "assessments" in body:
        veiled["assessments"] = [veil_asked(asked, sight) for asked in body["assessments"]]
    if "children" in body and not sight.health:
        veiled["children"] = [without(child, HEALTH_OF_CHILD) for child in body["children"]]
    if "adults" in body:
        veiled["adults"] = [veil_adult(adult, sight) for adult in body["adults"]]
    if "risks" in body and not sight.allegations:
        veiled["risks"] = [without(risk, ("text",)) for risk in body["risks"]]
    return veiled


def veil_asked(asked: Body, sight: Sight) -> Body:
    """Particulars hold what a type asks for, health and allegations among them."""
    particulars, needs = asked.get("particulars") or {}, book().requirements
    hidden = [] if sight.health else [*needs.sensitive(asked["type"], "health")]
    hidden += [] if sight.allegations else needs.sensitive(asked["type"], "allegations")
    veiled = without(particulars, hidden)
    return asked if veiled is particulars else {**asked, "particulars": veiled}


def veil_change(data: Body, sight: Sight) -> Body:
    """What a line of history keeps of an amendment, old and new, for a reader of this sight.

    An address may have been open then and withheld since: without that sight, no adult's is shown here.
    """
    if sight == ALL_OF_IT or not data.get("changed"):
        return data
    changed = {
        member: [veil_side(member, side, sight) for side in sides]
        for member, sides in data["changed"].items()
    }
    return {**data, "changed": changed}


def veil_side(member: str, side: Any, sight: Sight) -> Any:
    if not side:
        return side
    veiled = veil({member: side}, sight)[member]
    if member == "adults" and not sight.withheld_address:
        return [without(adult, WHERE_TO_FIND) for adult in veiled]
    return veiled


def veil_adult(adult: Body, sight: Sight) -> Body:
    if not sight.withheld_address and adult.get("address_withheld"):
        adult = without(adult, WHERE_TO_FIND)
    return adult if sight.health else without(adult, HEALTH_OF_ADULT)


def without(shown: Body, members: Iterable[str]) -> Body:
    """Left out, and said so: `not_shown` names what there is and this reader does not get."""
    hidden = [member for member in members if member in shown]
    if not hidden:
        return shown
    kept = {member: value for member, value in shown.items() if member not in hidden}
    return kept | {"not_shown": hidden + kept.get("not_shown", [])}


def read_assessments(rows: Rows) -> list[Body]:
    """Each assessment with whom it is about."""
    shown: dict[int, Body] = {}
    for place, code, questions, particulars, part, position in rows.asked:
        row = shown.setdefault(place, {"type": code, "children": [], "adults": [], "questions": questions})
        if particulars:
            row["particulars"] = particulars
        if part is not None:
            row["children" if part == Person.Part.CHILD else "adults"].append(position)
    return list(shown.values())


# --- Writing ----------------------------------------------------------------------------------------------


def columns(body: Mapping[str, Any], mapped: Mapped) -> Body:
    """The columns of a row for the members that were given."""
    given: Body = {}
    for member, column in mapped.items():
        if member not in body:
            continue
        value = body[member]
        if isinstance(column, dict):
            given |= columns(value or {}, column)
        elif value is not None:
            given[column] = value
    return given


def people_rows(enquiry: Enquiry, body: Mapping[str, Any]) -> list[Person]:
    """Unsaved rows for everybody named."""
    rows = []
    for member, part, mapped in PARTS:
        for position, person in enumerate(body.get(member) or ()):
            row = Person(enquiry=enquiry, part=part, position=position, **columns(person, mapped))
            row.disabilities_given = "disabilities" in person
            row.put_keys()
            rows.append(row)
    return rows


def relationship_rows(people: Iterable[Person], body: Mapping[str, Any]) -> list[Relationship]:
    at = {(row.part, row.position): row for row in people}
    return [
        Relationship(
            adult=at[Person.Part.ADULT, position],
            child=at[Person.Part.CHILD, link["child"]],
            relationship=link["relationship"],
            parental_responsibility=link.get("parental_responsibility"),
        )
        for position, adult in enumerate(body.get("adults") or ())
        for link in adult.get("relationships") or ()
    ]


def section_rows(
    model: Callable[..., Any], enquiry: Enquiry, given: Iterable[Body], mapped: Mapped
) -> list[Any]:
    return [
        model(enquiry=enquiry, position=position, **columns(item, mapped))
        for position, item in enumerate(given)
    ]


def subject_rows(
    assessments: Iterable[Assessment], people: Iterable[Person], body: Mapping[str, Any]
) -> list[Any]:
    at = {(row.part, row.position): row for row in people}
    return [
        Subject(assessment=row, person=at[part, position])
        for row, asked in zip(assessments, body.get("assessments") or (), strict=True)
        for part, member in ((Person.Part.CHILD, "children"), (Person.Part.ADULT, "adults"))
        for position in asked.get(member) or ()
    ]
