"""`manage.py invite`: add a person to an organisation; the password is typed, never an argument."""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.actions.members import invite
from intake.lifecycle import Role
from intake.models import Organisation
from intake.refusals import Invalid


class Command(BaseCommand):
    help = "Add a person: invite hub ann@example.org 'Ann Lee' coordinator manager"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="Its code: hub, an authority's DfE code, a service's code.")
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("roles", nargs="+", choices=[role.value for role in Role])

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(code=options["organisation"]).first()
        if organisation is None:
            raise CommandError("There is no organisation with this code.")
        password = getpass("A first password, 12 characters or more: ")
        try:
            validate_password(password)
            roles = {Role(role) for role in options["roles"]}
            invite(
                organisation=organisation,
                email=options["email"],
                name=options["name"],
                roles=roles,
                password=password,
            )
        except (ValidationError, Invalid) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write("Added. They can sign in, and set up a second factor when they do.")
