"""The form of the first person."""

from typing import ClassVar

from django.contrib.auth.forms import BaseUserCreationForm
from django.forms import EmailInput

from wizard.people.models import User


class FirstSignInForm(BaseUserCreationForm):
    """E-mail, and the password twice, under Django's password validators."""

    class Meta:
        model = User
        fields = ("email",)
        widgets: ClassVar = {"email": EmailInput(attrs={"autocomplete": "username"})}
