"""Who looks after credentials, and when they end: fields for an organization, and the form of a connection."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet

from wizard.access.roles import Role
from wizard.access.rules import people_with
from wizard.connections.models import BaseConnection
from wizard.credentials.summary import FieldError, errors_of
from wizard.organizations.models import Organization
from wizard.people.models import User

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class ExpiryField(forms.DateField):
    """The day on which credentials end."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(required=False, input_formats=["%Y-%m-%d"], validators=validators, **kwargs)


class OwnerField(forms.ModelChoiceField):
    """Who is reminded, and asked, when credentials end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), required=False, empty_label="Nobody yet", **kwargs)


class LookedAfterForm(forms.ModelForm):
    """Of a connection."""

    owner = OwnerField(label="Owner", help_text="Is reminded 30, 7 and 1 days before the credentials end.")
    credentials_expire_on = ExpiryField(
        label="The credentials end on",
        help_text="The day on which the password, key or token of the source stops working. All times are UTC.",
    )

    class Meta:
        model = BaseConnection
        fields = ("owner", "credentials_expire_on")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self.had = {name: getattr(row, name) for name in self.Meta.fields}
        owner = self.fields["owner"]
        owner.queryset = possible_owners(person, row.owner_id, row.organization, row.sandbox_name)  # type: ignore[attr-defined]
        owner.empty_label = f"{row.created_by}, who made it"  # type: ignore[attr-defined]

    @property
    def changed(self) -> list[str]:
        return [name for name, value in self.had.items() if getattr(self.instance, name) != value]

    @property
    def errors_by_field(self) -> list[FieldError]:
        return errors_of(self)


def possible_owners(
    person: User, present: int | None, organization: Organization, sandbox_name: str = ""
) -> QuerySet[User]:
    """For an administrator everybody who may sign in; for others those who have a role there. And who it is now."""
    people = User.objects.filter(is_active=True)
    if not person.is_admin:
        people = people_with(Role.VIEWER, organization, sandbox_name).filter(is_admin=False)
    return User.objects.filter(Q(pk__in=people.values("pk")) | Q(pk__in=[present, person.pk]))
