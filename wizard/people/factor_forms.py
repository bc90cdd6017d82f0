"""Forms for codes, of an authenticator app or for recovery: allauth's, in the words of our other pages."""

from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.core.cache import cache
from django.views.decorators.debug import sensitive_variables

from wizard.people.factors import MFAAdapter, belonging_to

# Of a code as somebody may write it, with spaces.
CODE_LENGTH = 20


class CodeInput(forms.PasswordInput):
    """Read as it is typed, and never filled in again: a recovery code stays good after a wrong confirmation."""

    input_type = "text"


def _ask_for_code(form: forms.Form, label: str) -> None:
    attributes = {"inputmode": "numeric", "autocomplete": "one-time-code"}
    form.fields["code"] = forms.CharField(label=label, max_length=CODE_LENGTH, widget=CodeInput(attrs=attributes))


class _CodeForm(BaseAuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, "Code from your app, or a recovery code")

    @sensitive_variables()
    def clean_code(self) -> str:
        """allauth forgets after one period which codes were used; with a tolerance they are good for longer."""
        with belonging_to(self.user):
            code = str(super().clean_code())
        key = f"code-used:{self.user.pk}:{normalize_user_code(code)}"
        if not cache.add(key, "y", timeout=(1 + 2 * mfa.TOTP_TOLERANCE) * mfa.TOTP_PERIOD):
            raise MFAAdapter().validation_error("incorrect_code")
        return code


class SecondStepForm(_CodeForm, AuthenticateForm):
    """At sign-in, of somebody who is not in yet."""


class ConfirmCodeForm(_CodeForm, ReauthenticateForm):
    """Of somebody who is signed in, before a change."""


class AppForm(ActivateTOTPForm):
    """An authenticator app is set up. Until the first code comes, the session keeps its secret: sealed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session, adapter = context.request.session, MFAAdapter()
        kept = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if self.is_bound and kept:
            self.secret = adapter.decrypt(kept)
        else:
            session[SECRET_SESSION_KEY] = adapter.encrypt(self.secret)
        _ask_for_code(self, "Code that the app shows now")
