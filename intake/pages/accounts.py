"""Signing in: by e-mail and password, a second factor, nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from intake.limits import client_address
from intake.models import Organisation, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited by their organisation; a case system's account cannot sign in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        if user.kind != User.Kind.PERSON or user.organisation.kind == Organisation.Kind.PUBLIC:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)


def address_of(request: HttpRequest) -> str:
    """From where somebody calls; what they write into X-Forwarded-For themselves changes nothing."""
    return client_address(request.META, settings.PROXY_COUNT)


def sign_in_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Under which name the lockout counts."""
    given = (credentials or {}).get("email") or (credentials or {}).get("login")
    return str(given or (request.POST.get("login", "") if request else "")).strip().lower()
