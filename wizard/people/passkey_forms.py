"""Forms for passkeys: allauth's, which trust what the browser sends further than it can be trusted."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from wizard.names import SeenField
from wizard.people import recording

NAME_LENGTH = 60
REFUSED = "This passkey is not known here, or it took too long. Try again, or choose another way."

T = TypeVar("T")


def _distrusting(clean: Callable[[], T]) -> T:
    """What `clean` returns. Raises ValidationError for whatever is wrong with what was sent, in one sentence."""
    try:
        return clean()
    except forms.ValidationError as error:
        if getattr(error, "code", None) != "incorrect_code":
            raise
    except (KeyError, TypeError, ValueError):
        pass
    raise forms.ValidationError(REFUSED, code="refused")


class _ShownForm(forms.Form):
    """A passkey is shown, by somebody who may be known already."""

    user: Any

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = _distrusting(super().clean_credential)  # type: ignore[misc]
        except forms.ValidationError as error:
            # The throttle writes nothing: nobody fills the record by going on.
            if error.code == "refused":
                recording.refused(self.user, "The passkey is not known, or not right", ["passkey"])
            raise
        return found


class SignInForm(_ShownForm, webauthn.LoginWebAuthnForm):
    pass


class SecondStepForm(_ShownForm, webauthn.AuthenticateWebAuthnForm):
    pass


class ConfirmForm(_ShownForm, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddForm(webauthn.AddWebAuthnForm):
    """A passkey signs in by itself, so the device has to make sure who is there: by PIN, finger or face."""

    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_name(self)

    def clean(self) -> dict[str, Any]:
        return _distrusting(super().clean)


class RenameForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_name(self)


def _ask_for_name(form: forms.Form) -> None:
    form.fields["name"] = SeenField(
        label="Name", max_length=NAME_LENGTH, help_text="So that you know it again, such as the device that it is on."
    )
