"""Forms for the first person, for the sign-in, and for a forgotten password."""

from typing import Any, ClassVar

from allauth.account.forms import LoginForm, ResetPasswordForm
from django.contrib.auth.forms import BaseUserCreationForm
from django.forms import EmailInput, Field
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


def _ask_for_email(field: Field) -> None:
    field.label = "E-mail"
    field.widget.attrs |= {"placeholder": "", "autocomplete": "username"}
