"""`manage.py issue_client`: credentials for an authority's case system, shown once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.actions.members import ALL_SCOPES, issue_client
from intake.models import Organisation


class Command(BaseCommand):
    help = "Issue an API client to an authority: issue_client 353 'Case system'"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("authority", help="The DfE code.")
        parser.add_argument("name")
        parser.add_argument("--scopes", default=ALL_SCOPES)

    def handle(self, *args: Any, **options: Any) -> None:
        authority = Organisation.objects.authorities().filter(code=options["authority"]).first()
        if authority is None:
            raise CommandError("There is no authority with this DfE code.")
        client, secret = issue_client(authority=authority, name=options["name"], scopes=options["scopes"])
        self.stdout.write(
            f"client_id: {client.client_id}\nclient_secret: {secret}\nThe secret is shown only now."
        )
