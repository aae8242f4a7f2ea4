"""manage.py draw_docs: what docs/ says of lifecycles, access and the API, drawn from the code."""

import difflib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from intake.lifecycle import ENQUIRY, GONE, SAME, Lifecycle, Role, Status, Step
from referrals.lifecycle import REFERRAL
from referrals.lifecycle import Status as ReferralStatus

DRAWN = "Drawn from the code by `manage.py draw_docs`; change the code, then draw again.\n"
FIRST = {"enquiry": Status.DRAFT, "referral": ReferralStatus.WAITING}


class Command(BaseCommand):
    help = "Draws docs/; with --check it only compares, and ends with 1 when something has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs"
        changed = [name for name, text in drawings().items() if self.settle(folder / name, text, **options)]
        if options["check"] and changed:
            raise CommandError(f"Not as drawn from the code: {', '.join(changed)}. Run manage.py draw_docs.")
        self.stdout.write(f"Drawn anew: {', '.join(changed)}." if changed else "As drawn from the code.")

    def settle(self, path: Path, text: str, *, check: bool, **_: Any) -> bool:
        """Write a drawing, or show where it differs; whether it did."""
        was = path.read_text(encoding="utf-8") if path.exists() else ""
        if was != text:
            if check:
                self.stdout.writelines(
                    difflib.unified_diff(was.splitlines(), text.splitlines(), path.name, lineterm="")
                )
            else:
                path.write_text(text, encoding="utf-8")
        return was != text


def drawings() -> dict[str, str]:
    """Every drawing by the name of its file."""
    return {
        "enquiry-lifecycle.md": lifecycle(ENQUIRY, "The enquiry's lifecycle"),
        "referral-lifecycle.md": lifecycle(REFERRAL, "The referral's lifecycle"),
        "access.md": access(),
        "openapi.yaml": openapi(),
    }


def lifecycle(table: Lifecycle, title: str) -> str:
    return f"# {title}\n\n{DRAWN}\n{diagram(table)}\n{rows(table)}\n{statuses(table)}"


def diagram(table: Lifecycle) -> str:
    """A Mermaid state diagram: what leads from one status to another stands on one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for name, step in table.items():
        for before in (status for status in table.labels if status in step.from_):
            arrows.setdefault((before, step.leads_to(before)), []).append(name)
    lines = [
        f"    {before} --> {end(after)}: {', '.join(names)}" for (before, after), names in arrows.items()
    ]
    named = [f"    {status}: {label}" for status, label in table.labels.items()]
    first = f"    [*] --> {FIRST[table.name]}"
    return "\n".join(["```mermaid", "stateDiagram-v2", *named, first, *lines, "```", ""])


def end(status: str) -> str:
    return "[*]" if status == GONE else status


def rows(table: Lifecycle) -> str:
    head = ["Transition", "From", "To", "By", "Needs", "And", "Clock", "Tells"]
    return grid(head, [[name, *cells(table, step)] for name, step in table.items()])


def cells(table: Lifecycle, step: Step) -> list[str]:
    return [
        ", ".join(status for status in table.labels if status in step.from_),
        "stays" if step.to == SAME else "deleted" if step.to == GONE else step.to,
        ", ".join(role for role in Role if role in step.by),
        ", ".join(step.needs),
        step.where,
        step.clock.label if step.clock else "",
        ", ".join(party.label for party in step.tells),
    ]


def statuses(table: Lifecycle) -> str:
    return grid(["Status", "Read as"], [[status, label] for status, label in table.labels.items()])


def access() -> str:
    """Who may make which transition, on the rows where their role counts."""
    parts = [f"# Who may do what\n\n{DRAWN}"]
    for table in (ENQUIRY, REFERRAL):
        found = [[name, *("yes" if role in step.by else "" for role in Role)] for name, step in table.items()]
        parts.append(f"## Transitions of the {table.name}\n\n" + grid(["Transition", *Role], found))
    return "\n".join([*parts, NOTE])


NOTE = """\
A referrer's role counts on the enquiries they sent or are named in, a service's on the referrals offered to it,
an assessor's on their own, a reviewer's never on a report of their own hand. What somebody does not see does not
exist for them. Who may call each address stands in `tests/contract/access.csv`, which a test compares with the
addresses and with what they answer.
"""


def grid(head: list[str], body: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def openapi() -> str:
    """The same text that `manage.py spectacular` writes; refused when it is not valid OpenAPI."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    validate_schema(schema)  # type: ignore[no-untyped-call]
    text: bytes = OpenApiYamlRenderer().render(schema, renderer_context={})  # type: ignore[no-untyped-call]
    return text.decode()
