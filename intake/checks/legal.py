"""Rules about the law, the court's dates and who pays."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from intake.checks.faults import Asked, Fault, day, part, required, rows, text

# The report has to be before the court when these are held.
_NEED_THE_REPORT = frozenset({"final", "issues_resolution"})


def legal(asked: Asked) -> Iterator[Fault]:
    """The framework, the permission, the dates, and the shares of the cost."""
    answers = part(asked.body, "legal")
    if not answers:
        return
    yield from _framework(asked, answers)
    yield from asked.coded("/legal/stage", answers.get("stage"), "stage")
    yield from _case_number(asked, answers)
    yield from asked.coded("/legal/permission", answers.get("permission"), "permission")
    yield from _dates(asked, answers)
    yield from _hearings(asked, answers)
    yield from _cost_shares(part(answers, "instruction"))


def _framework(asked: Asked, answers: Mapping[str, Any]) -> Iterator[Fault]:
    framework = answers.get("framework")
    yield from asked.coded("/legal/framework", framework, "legal_framework")
    only = asked.book.nation("legal_framework", framework) if isinstance(framework, str) else ""
    if only and asked.nation and only != asked.nation:
        detail = f"This legal framework is for {only}, and the authority is in {asked.nation}."
        yield Fault("/legal/framework", "wrong_nation", detail)


def _case_number(asked: Asked, answers: Mapping[str, Any]) -> Iterator[Fault]:
    if not asked.full and text(answers, "case_number"):
        code = "not_for_general" if asked.general else "not_anonymised"
        yield Fault("/legal/case_number", code, "Leave the court's number out of this kind of enquiry.")


def _dates(asked: Asked, answers: Mapping[str, Any]) -> Iterator[Fault]:
    permission, issued = day(answers, "permission_date"), day(answers, "issued_on")
    if permission and permission > asked.today:
        yield Fault("/legal/permission_date", "in_future", "Permission cannot have been given in the future.")
    if issued and issued > asked.today:
        yield Fault("/legal/issued_on", "in_future", "Proceedings cannot have been issued in the future.")
    held = [found for row in rows(answers, "hearings") if (found := day(row, "date"))]
    if issued and any(found < issued for found in held):
        yield Fault("/legal/issued_on", "after_hearing", "Proceedings are issued before their first hearing.")
    filing = day(answers, "filing_date")
    if filing and any(found <= filing for found in _report_dates(answers)):
        detail = "The report filing date must be before the issues resolution hearing and the final hearing."
        yield Fault("/legal/filing_date", "not_before_hearing", detail)


def _report_dates(answers: Mapping[str, Any]) -> Iterator[date]:
    for row in rows(answers, "hearings"):
        if text(row, "kind") in _NEED_THE_REPORT and (found := day(row, "date")):
            yield found


def _hearings(asked: Asked, answers: Mapping[str, Any]) -> Iterator[Fault]:
    for place, row in enumerate(rows(answers, "hearings")):
        pointer = f"/legal/hearings/{place}"
        yield from required(row, "kind", pointer, "Say what kind of hearing it is.")
        yield from asked.coded(f"{pointer}/kind", row.get("kind"), "hearing_kind")
        yield from required(row, "date", pointer, "Give the date of the hearing.")


def _cost_shares(instruction: Mapping[str, Any]) -> Iterator[Fault]:
    shares = [share.get("percent") for share in rows(instruction, "cost_shares")]
    for place, share in enumerate(shares):
        if not _is_share(share):
            pointer = f"/legal/instruction/cost_shares/{place}/percent"
            yield Fault(pointer, "percent", "A share is more than 0 and at most 100 per cent.")
    known = [float(share) for share in shares if share is not None and _is_share(share)]
    if shares and len(known) == len(shares) and abs(sum(known) - 100) > 0.001:
        yield Fault(
            "/legal/instruction/cost_shares", "cost_shares", "The shares of the cost must make 100 per cent."
        )


def _is_share(share: Any) -> bool:
    try:
        return not isinstance(share, bool) and 0 < float(share) <= 100
    except (TypeError, ValueError):
        return False
