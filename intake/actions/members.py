"""People and case systems of an organisation: invited, given roles, retired."""

from django.db import transaction
from django.utils.crypto import get_random_string
from oauth2_provider.generators import generate_client_id

from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import ApiClient, Organisation, RoleGrant, User
from intake.models.organisation import ROLES_OF
from intake.refusals import Invalid

ALL_SCOPES = "enquiries:read enquiries:write referrals:read documents:read webhooks:write"


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: set[Role],
    by: User | None = None,
    password: str | None = None,
    job_title: str = "",
) -> User:
    """Add a person with roles that their kind of organisation has."""
    impossible = roles - ROLES_OF[Organisation.Kind(organisation.kind)]
    if impossible:
        raise Invalid([Fault("/roles", "impossible", f"{organisation} does not have this role.")])
    user: User = User.objects.create_user(
        email=email, name=name, password=password, organisation=organisation, job_title=job_title
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_by=by) for role in sorted(roles))
    return user


@transaction.atomic
def issue_client(
    *,
    authority: Organisation,
    name: str,
    scopes: str = ALL_SCOPES,
    by: User | None = None,
    client_id: str = "",
    secret: str = "",
) -> tuple[ApiClient, str]:
    """A case system of an authority, and its secret: shown now, stored hashed, never again.

    Id and secret are drawn at random unless they are given, as the demonstration does.
    """
    account: User = User.objects.create_user(
        kind=User.Kind.MACHINE,
        email=f"{get_random_string(16).lower()}@case-system.invalid",
        name=name,
        organisation=authority,
    )
    secret = secret or get_random_string(48)
    client = ApiClient.objects.create(
        client_id=client_id or generate_client_id(),
        name=name,
        user=account,
        organisation=authority,
        allowed_scopes=scopes,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    return client, secret


@transaction.atomic
def retire(*, user: User, by: User) -> User:
    """They can do nothing from the next request on; what they did stays theirs."""
    user.is_active = False
    user.save(update_fields=("is_active",))
    return user
