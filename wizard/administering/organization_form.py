"""The form of an organization: what it is called, its API credential, and who looks after that until when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from wizard.administering.expiry_form import ExpiryField, OwnerField, possible_owners
from wizard.credentials.fields import SecretField, has_no_control_characters
from wizard.credentials.secret_choice import KEEP, REPLACE, TEMPLATE, TYPED_AND_KEPT, options, read_choice
from wizard.credentials.summary import FieldError, errors_of
from wizard.credentials.widgets import PLAIN
from wizard.environment import IMS_ORG_ID
from wizard.names import SeenField
from wizard.organizations.models import Organization
from wizard.people.models import User

SECRET = "client_secret"  # noqa: S105 - a name
FROM_ENVIRONMENT = ("ims_org_id", "client_id", "scopes")
LONGEST_SECRET = 1000
HERE_ALREADY = "This organization is here already."
LOOKS_LIKE = "An organization ID looks like 0123456789ABCDEF01234567@AdobeOrg."


class ClientSecretField(SecretField, forms.CharField):
    """One line, and closed as soon as it was read."""


class OrganizationForm(forms.ModelForm):
    name = SeenField(max_length=200)
    ims_org_id = forms.CharField(
        label="Organization ID",
        max_length=100,
        help_text="As Adobe shows it: it ends in @AdobeOrg.",
        widget=forms.TextInput(attrs=PLAIN),
        validators=[RegexValidator(rf"\A{IMS_ORG_ID.pattern}\Z", LOOKS_LIKE)],
    )
    client_id = forms.CharField(
        label="API key (client ID)",
        max_length=200,
        help_text="Of an OAuth Server-to-Server credential, from its project in the Adobe Developer Console.",
        widget=forms.TextInput(attrs=PLAIN),
        validators=[RegexValidator(r"\A[!-~]+\Z", "A client ID has letters, digits and signs only, and no spaces.")],
    )
    client_secret = ClientSecretField(
        label="Client secret",
        max_length=LONGEST_SECRET,
        required=False,
        widget=forms.PasswordInput(attrs={**PLAIN, "autocomplete": "new-password"}),
        validators=[has_no_control_characters],
    )
    scopes = forms.CharField(
        max_length=1000,
        help_text="Separated by commas, as the credential lists them.",
        widget=forms.TextInput(attrs=PLAIN),
        validators=[RegexValidator(r"\A[!-~]+\Z", "Scopes are separated by commas, without spaces.")],
    )
    owner = OwnerField(help_text="Is reminded 30, 7 and 1 days before the secret ends.")
    credentials_expire_on = ExpiryField(
        label="The secret ends on", help_text="Adobe shows this date beside the secret. All times are UTC."
    )

    class Meta:
        model = Organization
        fields = ("name", "ims_org_id", "client_id", "scopes", "owner", "credentials_expire_on")

    field_order = ("name", "ims_org_id", "client_id", SECRET, "scopes", "owner", "credentials_expire_on")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = possible_owners(person, self.instance.owner_id, self.instance)  # type: ignore[attr-defined]
        self.is_new = self.instance.pk is None
        self.is_of_environment = not self.is_new and self.instance.is_of_environment
        self.had = {name: getattr(self.instance, name) for name in self.Meta.fields}
        self.choice = REPLACE if self.is_new else read_choice(self.data.get(f"choice.{SECRET}", KEEP))
        self._set_up_secret()
        if self.is_of_environment:
            for name in FROM_ENVIRONMENT:
                self.fields[name].disabled = True
        elif not self.is_new and self.instance.connections.exists():
            self.fields["ims_org_id"].disabled = True
            self.fields["ims_org_id"].help_text = "Cannot be changed any more: there are connections in it."

    def _set_up_secret(self) -> None:
        if self.is_of_environment:
            del self.fields[SECRET]
            return
        field = self.fields[SECRET]
        field.required = self.choice == REPLACE
        if self.is_new:
            field.secret = True  # type: ignore[attr-defined]
            return
        field.template_name = TEMPLATE  # type: ignore[attr-defined]
        field.is_stored = self.instance.client_secret is not None  # type: ignore[attr-defined]
        self._offer(self.choice)

    def _offer(self, choice: str) -> None:
        field, is_stored = self.fields[SECRET], self.instance.client_secret is not None
        field.secret_choices = list(options(choice, is_stored=is_stored, may_be_removed=True))  # type: ignore[attr-defined]

    def clean_ims_org_id(self) -> str:
        found: str = self.cleaned_data["ims_org_id"]
        if Organization.objects.filter(ims_org_id__iexact=found).exclude(pk=self.instance.pk).exists():
            raise ValidationError(HERE_ALREADY)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.choice == REPLACE or self.is_of_environment:
            return cleaned
        if cleaned.get(SECRET):
            self._ask_again(TYPED_AND_KEPT)
        elif self.choice == KEEP and self.instance.client_secret and self._is_another(cleaned):
            self._ask_again("It belongs to the former organization ID. Type the secret of this one.")
        return cleaned

    def _is_another(self, cleaned: dict[str, Any]) -> bool:
        return "ims_org_id" in cleaned and cleaned["ims_org_id"] != self.had["ims_org_id"]

    def _ask_again(self, words: str) -> None:
        self.add_error(SECRET, words)
        self._offer(REPLACE)

    @property
    def changed(self) -> list[str]:
        """Names of the columns that a valid form changes, the secret aside."""
        return [name for name, value in self.had.items() if getattr(self.instance, name) != value]

    @property
    def secret_choice(self) -> str:
        return KEEP if self.is_of_environment else self.choice

    @property
    def errors_by_field(self) -> list[FieldError]:
        return errors_of(self)
