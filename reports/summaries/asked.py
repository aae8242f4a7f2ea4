"""What was asked for, under which law, with which papers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from intake import particulars
from intake.bodies import Body
from reports.languages import known
from reports.summaries.blocks import (
    Items,
    Pairs,
    Prose,
    Section,
    Table,
    day,
    label,
    pairs,
    part,
    shown,
    type_name,
    yes_no,
)


def request(body: Body, on_behalf: str = "") -> Section:
    who = part(body, "referrer")
    urgency = part(body, "urgency")
    asks = pairs(
        [
            (
                gettext("Asked by"),
                ", ".join(filter(None, (who.get("name"), who.get("role"), who.get("team")))),
            ),
            (gettext("E-mail"), who.get("email")),
            (gettext("Telephone"), who.get("phone")),
            (
                gettext("Their manager"),
                ", ".join(filter(None, (who.get("manager_name"), who.get("manager_email")))),
            ),
            (gettext("When they are away"), who.get("away_cover")),
            (gettext("Sent on their behalf because"), on_behalf),
            (gettext("Needed by"), urgency.get("needed_by")),
        ]
    )
    why = urgency.get("why_now")
    return Section(
        "What is asked for", [asks, *([Prose(why, gettext("Why now"))] if why else []), *assessments(body)]
    )


def assessments(body: Body) -> list[Items | Pairs]:
    """Each with whom it is about, the questions it has to answer and what only its type asks for."""
    found: list[Items | Pairs] = []
    for row in body.get("assessments", []):
        title = f"{type_name(row['type'])}{about(body, row)}"
        found.append(Items(row.get("questions", []), title))
        if given := particulars.answers(row):
            found.append(pairs((known(asked), shown(answer)) for asked, answer in given))
    return found


def about(body: Body, row: Mapping[str, Any]) -> str:
    names = [
        body[member][place]["name"]
        for member in ("children", "adults")
        for place in row.get(member, [])
        if place < len(body.get(member, []))
    ]
    return f": {', '.join(names)}" if names else ""


def law(body: Body) -> Section:
    legal = part(body, "legal")
    instruction = part(legal, "instruction")
    shares = ", ".join(f"{row['party']} {row['percent']} %" for row in instruction.get("cost_shares", []))
    facts = pairs(
        [
            (gettext("Legal framework"), label("legal_framework", legal.get("framework"))),
            (gettext("Stage"), label("stage", legal.get("stage"))),
            (gettext("Court"), legal.get("court")),
            (gettext("Case number"), legal.get("case_number")),
            (gettext("Issued"), legal.get("issued_on")),
            (gettext("Letter before proceedings"), legal.get("letter_before_proceedings")),
            (gettext("Court's permission"), permission(legal)),
            (gettext("Report to be filed by"), legal.get("filing_date")),
            (gettext("Joint instruction"), yes_no(instruction.get("joint"))),
            (gettext("Lead solicitor"), instruction.get("lead_solicitor")),
            (gettext("Who pays"), shares),
        ]
    )
    dates = [[label("hearing_kind", row["kind"]), day(row["date"])] for row in legal.get("hearings", [])]
    blocks = [facts] if facts.rows else []
    return Section(
        "Law and court", [*blocks, *([Table([gettext("Hearing"), gettext("Date")], dates)] if dates else [])]
    )


def permission(legal: Mapping[str, Any]) -> str:
    words = label("permission", legal.get("permission"))
    on = day(legal.get("permission_date"))
    return f"{words}, {on}" if words and on else words


def background(body: Body) -> Section:
    text = body.get("background", "")
    return Section("Background", [Prose(text)] if text else [])


def papers(body: Body) -> Section:
    rows = [
        [label("document_role", row["role"]), label("document_state", row["state"]), row.get("note", "")]
        for row in body.get("documents", [])
    ]
    return Section(
        "Documents", [Table([gettext("Document"), gettext("State"), gettext("Note")], rows)] if rows else []
    )


def information(body: Body) -> Section:
    given, declared = part(body, "information"), part(body, "declaration")
    facts = pairs(
        [
            (gettext("The family was told"), label("family_told", given.get("family_told"))),
            (gettext("If not, why"), given.get("not_told_why")),
            (gettext("Taking part"), given.get("taking_part")),
            (gettext("Lawful basis"), label("lawful_basis", given.get("lawful_basis"))),
            (gettext("Authority to instruct"), yes_no(declared.get("authority_to_instruct"))),
            (gettext("Declared accurate by"), declared.get("name") if declared.get("accurate") else ""),
        ]
    )
    return Section("Information and declaration", [facts] if facts.rows else [])
