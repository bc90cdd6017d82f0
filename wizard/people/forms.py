"""Forms for the first person, for the sign-in, and for passwords: changed, set, or forgotten."""

from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django.contrib.auth.forms import BaseUserCreationForm
from django.forms import EmailInput, Field, Form
from django.http import HttpRequest

from wizard.people import tasks
from wizard.people.models import User


class FirstSignInForm(BaseUserCreationForm):
    """E-mail, and the password twice, under Django's password validators."""

    class Meta:
        model = User
        fields = ("email",)
        widgets: ClassVar = {"email": EmailInput(attrs={"autocomplete": "username"})}


class SignInForm(LoginForm):
    """allauth's form, in the words of our other pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_email(self.fields["login"])


class ForgottenForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_email(self.fields["email"])

    def save(self, request: HttpRequest, **_kwargs: Any) -> str:  # noqa: ARG002
        """Queues the same work whoever was asked for: how long the answer takes tells nobody who has an account."""
        tasks.send_reset_link_later(self.users[0].pk if self.users else 0)
        return str(self.cleaned_data["email"])


class ChangeForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _write_as_a_sentence(self)


class SetForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _write_as_a_sentence(self)


class AnewForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _write_as_a_sentence(self)


def _write_as_a_sentence(form: Form) -> None:
    """The labels: “New password”, as on our other pages, and not “New Password”."""
    for field in form.fields.values():
        field.label = str(field.label).capitalize()


def _ask_for_email(field: Field) -> None:
    field.label = "E-mail"
    field.widget.attrs |= {"placeholder": "", "autocomplete": "username"}
