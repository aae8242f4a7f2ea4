"""The package's forms for signing in, in our words: what each field asks, and what is said when it is empty."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from intake.words import _

ASKED = {
    "login": (_("E-mail address"), _("Enter your e-mail address.")),
    "email": (_("E-mail address"), _("Enter your e-mail address.")),
    "password": (_("Password"), _("Enter your password.")),
    "oldpassword": (_("The password you have now"), _("Enter the password you have now.")),
    "password1": (_("New password"), _("Enter a new password.")),
    "password2": (_("The new password once more"), _("Enter the new password once more.")),
    "code": (_("Code"), _("Enter the code.")),
}


class InOurWords:
    """No hint vanishes while somebody types: labels stand above the fields."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, empty) in ASKED.items():
            if field := self.fields.get(name):
                field.label = label
                field.error_messages["required"] = empty
                field.widget.attrs.pop("placeholder", None)


class SignIn(InOurWords, account.LoginForm):  # type: ignore[misc]
    pass


class AskForALink(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ChoosePassword(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePassword(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class PasswordOnceMore(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class Code(InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeOnceMore(InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class FirstCode(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    pass
