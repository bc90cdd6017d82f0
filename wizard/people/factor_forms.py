"""Forms for second factors: allauth's, in the words of our other pages."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.views.decorators.debug import sensitive_variables

from wizard.people.factors import MFAAdapter, belonging_to

NAME_LENGTH = 60
# Of a code as somebody may write it, with spaces.
CODE_LENGTH = 20


def _ask_for_code(form: forms.Form, label: str) -> None:
    attributes = {"inputmode": "numeric", "autocomplete": "one-time-code"}
    form.fields["code"] = forms.CharField(label=label, max_length=CODE_LENGTH, widget=forms.TextInput(attrs=attributes))


class SecondStepForm(AuthenticateForm):
    """At sign-in, of somebody who is not in yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, "Code from your app, or a recovery code")

    @sensitive_variables()
    def clean_code(self) -> str:
        with belonging_to(self.user):
            return str(super().clean_code())


class ConfirmCodeForm(ReauthenticateForm):
    """Of somebody who is signed in, before a change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, "Code from your app, or a recovery code")


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


class PasskeyForm(AddWebAuthnForm):
    """A passkey signs in by itself, so the device has to make sure who is there: by PIN, finger or face."""

    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_name(self)


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_name(self)


def _ask_for_name(form: forms.Form) -> None:
    form.fields["name"] = forms.CharField(
        label="Name", max_length=NAME_LENGTH, help_text="So that you know it again, such as the device that it is on."
    )
