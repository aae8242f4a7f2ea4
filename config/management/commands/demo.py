"""`manage.py demo`: make the small world, then walk one enquiry through it over HTTP."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo import crowd, quality, stock, world
from config.demo.families import body_of
from config.demo.walk import Refused, Walk


class Command(BaseCommand):
    help = "Make the demonstration's world; with --url walk an enquiry through the server that runs there."
    # The server that is walked through has checked itself.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", help="Where the server runs. Without it only the world is made.")
        parser.add_argument(
            "--bare", action="store_true", help="The people only, and no enquiries of theirs."
        )
        parser.add_argument("--enquiry", type=Path, help="A JSON file to send instead of our own enquiry.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: DEMO is off, and nothing was made.")
        world.build()
        if not options["bare"]:
            self.say(f"The world stands; {stock.fill()} enquiries were added to it.")
            quality.fill()
            crowd.lists()
        if options["url"]:
            self.walk(options["url"], options["enquiry"])

    def walk(self, url: str, file: Path | None) -> None:
        folder = settings.VAR_DIR / "demo"
        walk = Walk(url, sent(file), folder, timezone.localdate(), self.say)
        try:
            walk.go()
        except Refused:
            raise CommandError("The walk ended here.") from None
        except OSError as fault:
            raise CommandError(f"The server at {url} did not answer: {type(fault).__name__}.") from None
        self.say(ending(url, walk, folder))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def sent(file: Path | None) -> bytes:
    if file is None:
        return json.dumps(body_of(stock.WALKED)).encode()
    try:
        return file.read_bytes()
    except OSError as fault:
        raise CommandError(f"The enquiry {file} cannot be read: {fault.strerror}.") from None


def ending(url: str, walk: Walk, folder: Path) -> str:
    """Where to look, and who can sign in."""
    people = [*world.HUB, *(person for team in world.AUTHORITIES.values() for person in team)]
    people += [person for service in world.SERVICES for person in service.members]
    page = walk.enquiry.removeprefix("/api/v1")
    return "\n".join(
        (
            "",
            f"The enquiry:    {url}{page}",
            f"The worklist:   {url}/enquiries/",
            f"The API:        {url}/api/v1/docs/",
            f"The documents:  {folder / 'acknowledgement.pdf'}, {folder / 'summary.pdf'}",
            "",
            f"Sign in at {url}/accounts/login/ with the password {world.PASSWORD} as",
            *(f"  {person.email:<42} {person.name}, {person.title.lower()}" for person in people),
            f"Case systems ({url}/oauth/token/, client credentials, the same password as secret):",
            "  " + ", ".join(world.client_id(world.authority(code)) for code in world.AUTHORITIES),
        )
    )
