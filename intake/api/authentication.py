"""Who calls: a case system with a token, or a person with the session of the pages."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import SettingsScopes
from oauthlib.oauth2 import OAuth2Error
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from intake.limits import Purpose, Spent
from intake.models import ApiClient, User
from intake.models.allowance import spend

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# A client's last use is written once in a while, not at every call.
USE_NOTED_EVERY = timedelta(minutes=10)


class ClientScopes(SettingsScopes):  # type: ignore[misc]
    """A client can ask for what it was allowed, and gets all of it when it asks for nothing."""

    def get_available_scopes(
        self, application: ApiClient | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return application.allowed_scopes.split() if application else list(super().get_available_scopes())

    def get_default_scopes(
        self, application: ApiClient | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)


class SlowDown(OAuth2Error):  # type: ignore[misc]
    """A client that fetches a token for every call keeps none."""

    error = "slow_down"
    description = "Keep a token for as long as it lives. Try again later."
    status_code = 429

    def __init__(self, spent: Spent) -> None:
        super().__init__()
        self.spent = spent

    @property
    def headers(self) -> dict[str, str]:
        return self.spent.headers


def count_client(client: ApiClient) -> None:
    """Only calls with the right secret: nobody else can use up a client's tokens."""
    spent = spend(Purpose.TOKEN, f"client:{client.pk}")
    if spent is not None and spent.refused:
        raise SlowDown(spent)


class ClientValidator(OAuth2Validator):  # type: ignore[misc]
    """Tokens go to clients whose account and authority are still with us."""

    def _load_application(self, client_id: str | None, request: Any) -> ApiClient | None:
        # PostgreSQL refuses the character, where SQLite finds nobody.
        return None if "\x00" in (client_id or "") else super()._load_application(client_id, request)

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(super().validate_client_id(client_id, request, *args, **kwargs)) and is_alive(
            request.client
        )

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        known = bool(super().authenticate_client(request, *args, **kwargs)) and is_alive(request.client)
        if known:
            count_client(request.client)
        return known


def is_alive(client: ApiClient) -> bool:
    return bool(client.user and client.user.is_active)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer ...`; never in the query string. The client acts as its own account."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        kind, _, value = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer" or not value.strip():
            raise AuthenticationFailed
        token = find_token(value.strip())
        if token is None or token.is_expired() or not is_alive(token.application):
            raise AuthenticationFailed
        note_use(token.application)
        return token.application.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="referral-desk"'


def find_token(value: str) -> Any:
    """One statement: the token with its client, the client's account and authority."""
    tokens = get_access_token_model().objects.select_related("application__user__organisation")
    return tokens.filter(token_checksum=sha256(value.encode()).hexdigest(), application__isnull=False).first()


def note_use(client: ApiClient) -> None:
    now = timezone.now()
    if client.last_used_at is None or now - client.last_used_at > USE_NOTED_EVERY:
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)


class PageSession(SessionAuthentication):
    """The signed-in person's own calls, with the CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        return (found[0], None) if found else None


def scopes_of(request: Request) -> list[str]:
    """The scopes of the caller's token."""
    token: Any = request.auth
    return str(token.scope).split()


class MayUse(BasePermission):
    """Somebody of an organisation; a client only with the scope that the view names for reading or writing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User) or not request.user.is_active:
            return False
        if request.auth is None:
            return request.user.kind == User.Kind.PERSON
        needed = view.reading_scope if request.method in READING else view.writing_scope
        return needed is None or needed in scopes_of(request)
