"""`manage.py import_enquiries`: a file of enquiries, checked, and with --apply sent; the same as over the API."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from intake.actions import imports
from intake.importing import replies
from intake.models import Import, ImportRow, Organisation, User
from intake.refusals import Invalid, Refused

PAUSE = 0.5


class Command(BaseCommand):
    help = "Check a file of enquiries (CSV or JSON Lines), or send it. Exit status 1 when a row is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--authority", required=True, help="The DfE code.")
        parser.add_argument("--as", required=True, dest="email", help="E-mail address of who sends it.")
        parser.add_argument("--reason", default="", help="The hub: why it is sent on the authority's behalf.")
        parser.add_argument("--apply", action="store_true", help="Send the rows; otherwise they are checked.")
        parser.add_argument("--reply", type=Path, help="Where to write the reply: a .csv or .jsonl file.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = find_user(options["email"])
        bulk = take_in(options, by)
        follow(bulk)
        bulk.refresh_from_db()
        if options["reply"]:
            kind = "jsonl" if options["reply"].suffix == ".jsonl" else "csv"
            options["reply"].write_bytes(replies.reply(bulk, by, kind))
        self.tell(bulk)

    def tell(self, bulk: Import) -> None:
        """How many came out which way; a row refused, or not reached, is exit status 1."""
        found = list(bulk.rows.values_list("outcome", flat=True))
        counts = {label: found.count(value) for value, label in ImportRow.Outcome.choices}
        self.stdout.write(", ".join(f"{label.lower()}: {count}" for label, count in counts.items()))
        self.stdout.write(f"Import {bulk.uid}: {bulk.state.label}.")
        if len(found) < bulk.total or ImportRow.Outcome.REFUSED in found:
            raise CommandError("Not every row could be taken. The reply says why.")


def find_user(email: str) -> User:
    found: User | None = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError("Nobody here has this e-mail address.")
    return found


def take_in(options: dict[str, Any], by: User) -> Import:
    """The file as the action takes it; a refusal is said with every fault."""
    authority = Organisation.objects.authorities().filter(code=options["authority"]).first()
    if authority is None:
        raise CommandError("There is no authority with this DfE code.")
    path: Path = options["file"]
    try:
        return imports.take_in(
            content=path.read_bytes(),
            name=path.name,
            by=by,
            authority=authority,
            on_behalf_reason=options["reason"],
            dry_run=not options["apply"],
        )
    except OSError as fault:
        raise CommandError(f"The file cannot be read: {fault.strerror}.") from fault
    except Invalid as refused:
        raise CommandError("\n".join(fault.detail for fault in refused.faults)) from refused
    except Refused as refused:
        raise CommandError(refused.detail) from refused


def follow(bulk: Import) -> None:
    """Do it here, or watch the worker that was faster; the bar is on stderr."""
    with tqdm(total=bulk.total, unit="row") as bar:
        while bulk.running:
            if not imports.import_next(timezone.now(), only=bulk):
                time.sleep(PAUSE)
            bulk.refresh_from_db()
            bar.update(bulk.rows.count() - bar.n)
