"""Forms for the first person, and for the sign-in."""

from typing import Any, ClassVar

from allauth.account.forms import LoginForm
from django.contrib.auth.forms import BaseUserCreationForm
from django.forms import EmailInput

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
        login = self.fields["login"]
        login.label = "E-mail"
        login.widget.attrs |= {"placeholder": "", "autocomplete": "username"}
