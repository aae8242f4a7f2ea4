"""The letter with which somebody gets in: a link to set a password, once, for three days; no name in it."""

import logging
from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext

from intake.actions import members
from intake.models import User
from reports import plain
from reports.languages import short_name_of

log = logging.getLogger("referral_desk.invitations")
AT_A_TIME = 50


def send_invitations(now: datetime) -> int:
    """The worker's round. At least once: stopped between sending and marking, the letter goes again."""
    sent = 0
    for user in members.uninvited()[:AT_A_TIME]:
        try:
            letter(user).send()
        except OSError as fault:
            log.warning("An invitation failed: %s", type(fault).__name__)
            continue
        members.mark_invited(user)
        sent += 1
    return sent


def letter(user: User) -> EmailMessage:
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=(user_pk_to_url_str(user), key))

    def said() -> tuple[str, dict[str, Any]]:
        return gettext("your way in"), {
            "link": f"{settings.PUBLIC_URL}{path}",
            "organisation": short_name_of(user.organisation),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }

    language = plain.language_of_invited(user)
    return plain.letter("invitation", said, to=[user.email], language=language, head=settings.SITE_NAME)
