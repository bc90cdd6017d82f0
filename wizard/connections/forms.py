"""Form classes generated from an authSpec's JSON Schema. Nothing here knows a source by name."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from jsonschema import Draft7Validator

from wizard.catalog.connection_string import ConnectionStringError, PartError, parse, refuse_control_characters
from wizard.catalog.datatypes import AuthParam, AuthSpec
from wizard.connections.models import BaseConnection
from wizard.connections.request import PARTS, auth_params, fields
from wizard.connections.statuses import Status
from wizard.organizations.models import Organization, Sandbox

LONGEST_VALUE = 20_000
TARGET_LABEL = "Organization and sandbox"


class TargetField(forms.ModelChoiceField):
    def label_from_instance(self, sandbox: Sandbox) -> str:
        title = f" ({sandbox.title})" if sandbox.title and sandbox.title.lower() != sandbox.name else ""
        return f"{sandbox.organization.name} / {sandbox.name}{title}"


def _has_no_control_characters(text: str) -> None:
    # Django asks every validator, also after max_length has refused.
    if len(text) > LONGEST_VALUE:
        return
    try:
        refuse_control_characters("", text)
    except PartError as error:
        raise ValidationError(str(error)) from None


class DetailsForm(forms.Form):
    """What every connection has, whatever its source."""

    name = forms.CharField(
        max_length=255,
        validators=[_has_no_control_characters],
        help_text="How you will find it again, here and in Adobe's pages.",
    )
    description = forms.CharField(max_length=1000, required=False, validators=[_has_no_control_characters])

    def __init__(self, *args: Any, submission_id: UUID, again: BaseConnection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission_id = submission_id
        self.again = again
        reachable = Sandbox.objects.filter(organization__in=Organization.objects.reachable(), is_open=True)
        target = TargetField(reachable.select_related("organization"), label=TARGET_LABEL, empty_label=None)
        self.fields["target"] = target
        if "target" not in self.initial:
            target.initial = reachable.first()

    def chosen_sandbox(self) -> Sandbox | None:
        """What stands in `target` now, whether the rest is valid or not."""
        try:
            return self.fields["target"].clean(self["target"].value())
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "name" in cleaned and "target" in cleaned and self._name_is_taken(cleaned["name"], cleaned["target"]):
            self.add_error("name", name_taken(cleaned["name"], cleaned["target"].name))
        return cleaned

    def _name_is_taken(self, name: str, target: Sandbox) -> bool:
        others = BaseConnection.objects.filter(organization=target.organization_id, sandbox_name=target.name, name=name)
        # What this very form made before is no other connection.
        others = others.exclude(status__in=(Status.FAILED, Status.DELETED)).exclude(submissions=self.submission_id)
        return (others.exclude(pk=self.again.pk) if self.again else others).exists()


def name_taken(name: str, sandbox_name: str) -> str:
    return f"A connection named “{name}” exists in the sandbox {sandbox_name} already. Choose another name."


class AuthForm(forms.Form):
    """The credentials. Subclasses carry one field for each property; `params` holds the result of a valid form."""

    auth_spec: AuthSpec | None = None
    mode = PARTS
    prefix = "auth.params"

    def add_prefix(self, field_name: str) -> str:
        """The wire's own path: auth.params.connectionString.SERVER."""
        return f"{self.prefix}.{field_name}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.params: dict[str, Any] = {}
        if self.auth_spec and not self.errors:
            try:
                self.params = auth_params(self.auth_spec, self.mode, cleaned)
            except PartError as error:
                self.add_error(self._field_of_part(error.part), str(error))
            else:
                self._validate_against_spec(self.auth_spec)
        return cleaned

    def typed(self) -> dict[str, Any]:
        """The values of a valid form, secrets aside."""
        return {name: self.cleaned_data[name] for name, param in fields(self.auth_spec, self.mode) if not param.secret}

    def secrets(self) -> set[str]:
        return {name for name, param in fields(self.auth_spec, self.mode) if param.secret}

    def _field_of_part(self, part: str) -> str:
        return next(name for name in self.fields if name.rpartition(".")[2] == part)

    def _validate_against_spec(self, auth_spec: AuthSpec) -> None:
        """What we are about to send has to fit the authSpec; jsonschema's words could quote a secret, so ours stand."""
        for error in Draft7Validator(dict(auth_spec.schema)).iter_errors(self.params):
            name = str(error.path[0]) if error.path else None
            shown = next((field for field in self.fields if name and field.split(".")[0] == name), None)
            self.add_error(shown, f"Does not fit the source's rule “{error.validator}”.")


def auth_form_class(auth_spec: AuthSpec | None, mode: str) -> type[AuthForm]:
    """The form class for one way to authenticate, its connection strings in parts or as a whole."""
    made = {name: _field(param, whole=bool(param.pattern)) for name, param in fields(auth_spec, mode)}
    return type("GeneratedAuthForm", (AuthForm,), {**made, "auth_spec": auth_spec, "mode": mode})


def _field(param: AuthParam, *, whole: bool) -> forms.Field:
    common: dict[str, Any] = {
        "label": param.title,
        "help_text": param.help,
        "required": param.required,
        "initial": param.schema.get("default"),
        "widget": _widget(param),
    }
    field = _field_of_type(param, common)
    field.secret = param.secret  # type: ignore[attr-defined]
    if whole:
        field.validators.append(_is_connection_string)
    return field


def _field_of_type(param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
    if param.choices:
        empty = [] if param.required and "default" in param.schema else [("", "–")]
        return forms.ChoiceField(**{**common, "choices": [*empty, *param.choices], "widget": forms.Select})
    if param.schema.get("type") == "integer":
        field = forms.IntegerField(**common)
        bounds = (("minimum", MinValueValidator), ("maximum", MaxValueValidator))
        field.validators += [validator(param.schema[key]) for key, validator in bounds if key in param.schema]
        return field
    if param.schema.get("type") == "boolean":
        return forms.BooleanField(**{**common, "required": False, "widget": forms.CheckboxInput})
    return forms.CharField(
        **common, strip=not param.secret, max_length=LONGEST_VALUE, validators=[_has_no_control_characters]
    )


def _widget(param: AuthParam) -> forms.Widget:
    """Nothing of what a browser keeps or corrects is wanted in a credential."""
    attributes: dict[str, Any] = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
    if param.schema.get("examples"):
        attributes["placeholder"] = str(param.schema["examples"][0])
    if param.secret:
        return forms.PasswordInput(attrs={**attributes, "autocomplete": "new-password"})
    if param.schema.get("type") == "integer":
        bounds = {"min": param.schema.get("minimum"), "max": param.schema.get("maximum")}
        return forms.NumberInput(
            attrs={**attributes, **{key: value for key, value in bounds.items() if value is not None}}
        )
    return forms.TextInput(attrs=attributes)


def _is_connection_string(text: str) -> None:
    if len(text) > LONGEST_VALUE:
        return
    try:
        parse(text)
    except ConnectionStringError as error:
        raise ValidationError(str(error)) from None
