"""What is written to somebody about how they sign in: in their language, with nobody's name in it."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext

from intake.models import User
from intake.pages import accounts
from intake.words import Language, _
from reports import plain

log = logging.getLogger("referral_desk.accounts")
RESET, UNKNOWN = "account/email/password_reset_key", "account/email/unknown_account"
# What changed, where somebody is told so that they notice when it was not them.
CHANGED = {
    "account/email/password_reset": _("Your password was set anew."),
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_set": _("Your password was set."),
    "mfa/email/totp_activated": _("An app for codes was set up as your second factor."),
    "mfa/email/totp_deactivated": _("The app for codes was removed as your second factor."),
    "mfa/email/recovery_codes_generated": _(
        "New recovery codes were made. The old ones do not work any more."
    ),
    "mfa/email/webauthn_added": _("A security key was added to your account."),
    "mfa/email/webauthn_removed": _("A security key was removed from your account."),
}
SOMETHING = _("Something about how you sign in was changed.")
LETTERS = {RESET: "password_reset", UNKNOWN: "no_account"}


class AccountAdapter(accounts.AccountAdapter):
    """Its e-mails are letters of ours."""

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        def said() -> tuple[str, dict[str, Any]]:
            return told(template_prefix, context)

        reader = User.objects.filter(email__iexact=email).first()
        language = reader.language if reader else Language.ENGLISH
        name = LETTERS.get(template_prefix, "account_changed")
        return plain.letter(name, said, to=[email], language=language, head=settings.SITE_NAME)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What was changed is changed, whether or not the letter can be sent."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except OSError as fault:
            log.warning("A letter about signing in failed: %s", type(fault).__name__)


def told(template_prefix: str, context: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if template_prefix == RESET:
        return gettext("set your password anew"), {"link": context["password_reset_url"]}
    if template_prefix == UNKNOWN:
        return gettext("there is no account for this address"), {}
    return gettext("how you sign in has changed"), {"changed": str(CHANGED.get(template_prefix, SOMETHING))}
