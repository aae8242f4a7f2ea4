"""Texts that we must be able to read again and nobody else: encrypted at rest."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def ring() -> MultiFernet:
    """The installation's keys, newest first; last those that follow from SECRET_KEY, so that keys can come later."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    derived = (salted_hmac("intake.sealed", "key", secret=each, algorithm="sha256") for each in secrets)
    keys = [*settings.WEBHOOKS_KEYS, *(urlsafe_b64encode(each.digest()).decode() for each in derived)]
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    return ring().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text; empty when its key is gone."""
    try:
        return ring().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""
