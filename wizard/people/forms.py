"""The form of the first person."""

from django.contrib.auth.forms import BaseUserCreationForm

from wizard.people.models import User


class FirstSignInForm(BaseUserCreationForm):
    """E-mail, and the password twice, under Django's password validators."""

    class Meta:
        model = User
        fields = ("email",)
