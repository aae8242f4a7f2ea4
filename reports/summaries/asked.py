"""What was asked for, under which law, with which papers."""

from collections.abc import Mapping
from typing import Any

from intake import particulars
from intake.bodies import Body
from intake.models import Enquiry, book
from reports.summaries.blocks import Items, Pairs, Prose, Section, Table, day, label, pairs, part, yes_no


def request(body: Body, enquiry: Enquiry) -> Section:
    who = part(body, "referrer")
    urgency = part(body, "urgency")
    asks = pairs(
        [
            ("Asked by", ", ".join(filter(None, (who.get("name"), who.get("role"), who.get("team"))))),
            ("E-mail", who.get("email")),
            ("Telephone", who.get("phone")),
            ("Their manager", ", ".join(filter(None, (who.get("manager_name"), who.get("manager_email"))))),
            ("When they are away", who.get("away_cover")),
            ("Sent on their behalf because", enquiry.on_behalf_reason),
            ("Needed by", urgency.get("needed_by")),
        ]
    )
    why = urgency.get("why_now")
    return Section("What is asked for", [asks, *([Prose(why, "Why now")] if why else []), *assessments(body)])


def assessments(body: Body) -> list[Items | Pairs]:
    """Each with whom it is about, the questions it has to answer and what only its type asks for."""
    shown: list[Items | Pairs] = []
    for row in body.get("assessments", []):
        title = f"{book().types[row['type']].name}{about(body, row)}"
        shown.append(Items(row.get("questions", []), title))
        if given := particulars.in_words(row):
            shown.append(pairs(given))
    return shown


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
            ("Legal framework", label("legal_framework", legal.get("framework"))),
            ("Stage", label("stage", legal.get("stage"))),
            ("Court", legal.get("court")),
            ("Case number", legal.get("case_number")),
            ("Issued", legal.get("issued_on")),
            ("Letter before proceedings", legal.get("letter_before_proceedings")),
            ("Court's permission", permission(legal)),
            ("Report to be filed by", legal.get("filing_date")),
            ("Joint instruction", yes_no(instruction.get("joint"))),
            ("Lead solicitor", instruction.get("lead_solicitor")),
            ("Who pays", shares),
        ]
    )
    dates = [[label("hearing_kind", row["kind"]), day(row["date"])] for row in legal.get("hearings", [])]
    blocks = [facts] if facts.rows else []
    return Section("Law and court", [*blocks, *([Table(["Hearing", "Date"], dates)] if dates else [])])


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
    return Section("Documents", [Table(["Document", "State", "Note"], rows)] if rows else [])


def information(body: Body) -> Section:
    given, declared = part(body, "information"), part(body, "declaration")
    facts = pairs(
        [
            ("The family was told", label("family_told", given.get("family_told"))),
            ("If not, why", given.get("not_told_why")),
            ("Taking part", given.get("taking_part")),
            ("Lawful basis", label("lawful_basis", given.get("lawful_basis"))),
            ("Authority to instruct", yes_no(declared.get("authority_to_instruct"))),
            ("Declared accurate by", declared.get("name") if declared.get("accurate") else ""),
        ]
    )
    return Section("Information and declaration", [facts] if facts.rows else [])
