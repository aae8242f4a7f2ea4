"""People and case systems of an organisation: invited, given roles, retired; each change on record."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from oauth2_provider.generators import generate_client_id
from oauth2_provider.models import get_access_token_model

from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Access, AccountEvent, ApiClient, Organisation, RoleGrant, User, book
from intake.models.account_event import KEEPERS
from intake.models.organisation import ROLES_OF
from intake.refusals import Forbidden, Invalid, NotPossible
from intake.words import Language

ALL_SCOPES = "enquiries:read enquiries:write referrals:read documents:read webhooks:write"
# The role of which an organisation always keeps one.
LAST_ONE = {
    Organisation.Kind.AUTHORITY: Role.AUTHORITY_MANAGER,
    Organisation.Kind.SERVICE: Role.SERVICE_LEAD,
    Organisation.Kind.HUB: Role.MANAGER,
}
Verb = AccountEvent.Verb


def refuse_keeping(by: User | None, organisation: Organisation) -> None:
    """Who keeps an organisation's people: its own managers. Without a person, the command line."""
    if by is not None and (not by.has(*KEEPERS) or by.organisation_id != organisation.pk):
        raise Forbidden("Your role does not allow this: keep the people of this organisation.")


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
    team: str = "",
    language: str = "",
) -> User:
    """Add a person with roles that their kind of organisation has; without a password they get a link to set one."""
    refuse_keeping(by, organisation)
    check_roles(organisation, roles)
    check_email(email)
    user: User = User.objects.create_user(
        email=email,
        name=name,
        password=password,
        organisation=organisation,
        job_title=job_title,
        team=team,
        language=language or Language.ENGLISH,
        invited_at=None if password else timezone.now(),
    )
    grant(user, roles, by)
    AccountEvent.objects.record(
        Verb.INVITED, by=by, organisation=organisation, person=user, roles=sorted(roles), team=team
    )
    return user


def check_roles(organisation: Organisation, roles: Iterable[Role]) -> None:
    if set(roles) - ROLES_OF[Organisation.Kind(organisation.kind)] or Role.API_CLIENT in roles:
        raise Invalid([Fault("/roles", "impossible", f"{organisation} does not have this role.")])
    if not roles:
        raise Invalid([Fault("/roles", "required", "Choose at least one role.")])


def check_email(email: str) -> None:
    """A closed domain reaches nobody. Whether an address is somebody's elsewhere is not said."""
    if book().codes.email_kind(email) == "retired":
        sentence = "This e-mail domain is closed and reaches nobody. Give the address used now."
        raise Invalid([Fault("/email", "retired_domain", sentence)])
    if User.objects.filter(email__iexact=email).exists():
        sentence = "This address cannot be invited. If they should be here, ring us."
        raise Invalid([Fault("/email", "taken", sentence)])


def grant(user: User, roles: Iterable[Role], by: User | None) -> None:
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_by=by) for role in sorted(roles))


@transaction.atomic
def invite_again(*, user: User, by: User) -> User:
    """Another link, when the first was lost or has run out."""
    user = held(user, by)
    if not user.is_active:
        raise NotPossible(f"{user.name} is retired.", status="retired")
    user.invited_at, user.invitation_sent_at = timezone.now(), None
    user.save(update_fields=("invited_at", "invitation_sent_at"))
    AccountEvent.objects.record(Verb.INVITED_AGAIN, by=by, organisation=user.organisation, person=user)
    return user


@transaction.atomic
def change(*, user: User, by: User, roles: set[Role], team: str = "") -> User:
    """Other roles or another team, from the next request on. Nobody gives themselves a role."""
    user = held(user, by)
    check_roles(user.organisation, roles)
    before, team_before = user.roles, user.team
    if user.pk == by.pk and roles != before:
        raise Forbidden("Somebody else changes your roles.")
    if LAST_ONE[Organisation.Kind(user.organisation.kind)] not in roles:
        refuse_last(user)
        refuse_last_keeper(user)
    if roles == before and team == team_before:
        return user
    user.role_grants.exclude(role__in=roles).delete()
    grant(user, roles - before, by)
    user.team = team
    user.save(update_fields=("team",))
    AccountEvent.objects.record(
        Verb.CHANGED,
        by=by,
        organisation=user.organisation,
        person=user,
        roles=[sorted(before), sorted(roles)],
        team=[team_before, team],
    )
    changed: User = User.objects.get(pk=user.pk)
    return changed


@transaction.atomic
def retire(*, user: User, by: User) -> User:
    """They can do nothing from the next request on; what they did stays theirs."""
    user = held(user, by)
    if user.pk == by.pk:
        raise Forbidden("Somebody else retires you.")
    refuse_last(user)
    refuse_last_keeper(user)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=("is_active",))
        AccountEvent.objects.record(Verb.RETIRED, by=by, organisation=user.organisation, person=user)
    return user


@transaction.atomic
def bring_back(*, user: User, by: User) -> User:
    """With the roles they had."""
    user = held(user, by)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=("is_active",))
        AccountEvent.objects.record(Verb.BROUGHT_BACK, by=by, organisation=user.organisation, person=user)
    return user


def held(user: User, by: User) -> User:
    """The person as they are now, with their organisation locked: two managers cannot retire each other."""
    organisation = Organisation.objects.select_for_update().get(pk=user.organisation_id)
    refuse_keeping(by, organisation)
    person: User = User.objects.select_related("organisation").get(pk=user.pk)
    return person


def refuse_last(user: User) -> None:
    """An organisation without anybody who keeps its people could not help itself."""
    role = LAST_ONE[Organisation.Kind(user.organisation.kind)]
    if not user.has(role):
        return
    others = User.objects.active().with_role(role).filter(organisation=user.organisation).exclude(pk=user.pk)
    if not others.exists():
        raise NotPossible(f"{user.name} is the last {role.label.lower()}. Name another first.", status="last")


def refuse_last_keeper(user: User) -> None:
    """What is restricted to a list without a manager, nobody could ever open again."""
    number = Access.objects.kept_alone_by(user).count()
    if number:
        what = "a restricted enquiry" if number == 1 else f"{number} restricted enquiries"
        sentence = f"{user.name} is the last manager who sees {what}. Let another manager in first."
        raise NotPossible(sentence, status="last")


# --- Case systems --------------------------------------------------------------------------------------------


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
    refuse_keeping(by, authority)
    check_client(authority, name, scopes)
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
    AccountEvent.objects.record(
        Verb.ISSUED, by=by, organisation=authority, client=client, scopes=scopes.split()
    )
    return client, secret


def check_client(authority: Organisation, name: str, scopes: str) -> None:
    faults = []
    if authority.kind != Organisation.Kind.AUTHORITY:
        raise Forbidden("Case systems are an authority's.")
    if not name.strip():
        faults.append(Fault("/name", "required", "Say what the case system is called."))
    if ApiClient.objects.filter(organisation=authority, name=name, user__is_active=True).exists():
        faults.append(Fault("/name", "taken", "There is a case system of this name already."))
    if not scopes.split() or set(scopes.split()) - set(ALL_SCOPES.split()):
        faults.append(Fault("/scopes", "required", "Choose what it may do."))
    if faults:
        raise Invalid(faults)


@transaction.atomic
def rotate_client(*, client: ApiClient, by: User) -> tuple[ApiClient, str]:
    """A new secret at once; the old one and every token fetched with it end now."""
    refuse_keeping(by, client.organisation)
    client = (
        ApiClient.objects.select_for_update(of=("self",))
        .select_related("organisation", "user")
        .get(pk=client.pk)
    )
    if not client.user.is_active:
        raise NotPossible("This case system is retired. Issue another.", status="retired")
    secret = get_random_string(48)
    client.client_secret = secret
    client.save()
    end_tokens(client)
    AccountEvent.objects.record(Verb.ROTATED, by=by, organisation=client.organisation, client=client)
    return client, secret


@transaction.atomic
def retire_client(*, client: ApiClient, by: User) -> ApiClient:
    """It gets in no more from the next request on; what it sent stays."""
    refuse_keeping(by, client.organisation)
    if User.objects.filter(pk=client.user_id, is_active=True).update(is_active=False):
        end_tokens(client)
        AccountEvent.objects.record(
            Verb.CLIENT_RETIRED, by=by, organisation=client.organisation, client=client
        )
    return client


def end_tokens(client: ApiClient) -> None:
    get_access_token_model().objects.filter(application=client).delete()


def uninvited() -> QuerySet[User]:
    """Those who wait for the letter with their link."""
    waiting: QuerySet[User] = User.objects.active().filter(
        invited_at__isnull=False, invitation_sent_at__isnull=True
    )
    return waiting.select_related("organisation").order_by("invited_at")


def mark_invited(user: User) -> None:
    """The letter has gone; one that was asked for meanwhile still has to."""
    rows = User.objects.filter(pk=user.pk, invited_at=user.invited_at)
    rows.update(invitation_sent_at=timezone.now())
