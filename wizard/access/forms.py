"""Forms about people: invite somebody, give somebody a role, join."""

from typing import Any

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm

from wizard.access.places import Place, places_run_by
from wizard.access.roles import MAY, Role
from wizard.names import refuse_unseen
from wizard.people.models import User

INSTALLATION = "installation"


class RoleForm(forms.Form):
    """A role, and one of the places in which `by` may give it."""

    role = forms.TypedChoiceField(
        label="Role",
        coerce=lambda value: Role(int(value)),
        choices=[(role.value, f"{role.label}: {MAY[role]}") for role in Role],
        widget=forms.RadioSelect,
        initial=Role.CONNECTOR.value,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.key: place for place in places_run_by(by)}
        choices = [*((key, str(place)) for key, place in self.places.items()), *self._further_places(by)]
        self.fields["place"] = forms.ChoiceField(label="Where", choices=choices)
        self.order_fields(self.field_order or ("place", "role"))

    def _further_places(self, _by: User) -> list[tuple[str, str]]:
        return []

    @property
    def chosen_place(self) -> Place | None:
        """None for the installation as a whole."""
        return self.places.get(self.cleaned_data["place"])


class InviteForm(RoleForm):
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        validators=[refuse_unseen],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email", "place", "role")

    def _further_places(self, by: User) -> list[tuple[str, str]]:
        return [(INSTALLATION, "Everywhere, as an administrator of this installation")] if by.is_admin else []


class JoinForm(BaseUserCreationForm):
    """The password twice, under Django's password validators; the address is that of the invitation."""

    class Meta:
        model = User
        fields = ()
