"""One Django form field for each kind of property; `clean` gives the value as it goes over the wire."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthParam
from wizard.connection_strings.pattern import PartError, refuse_control_characters
from wizard.credentials.params import is_empty
from wizard.credentials.uploads import UploadField
from wizard.credentials.widgets import MOST_RADIOS, widget
from wizard.json_schema.patterns import matches
from wizard.vault.secret import Secret, remember

LONGEST_VALUE = 20_000
MOST_VALUES = 300


def form_field(param: AuthParam, *, required: bool) -> forms.Field:
    """The field for one property; `secret` on it says whether its value may ever be shown."""
    common: dict[str, Any] = {
        "label": param.title,
        "help_text": param.help,
        "required": required,
        "initial": param.schema.get("default"),
        "widget": widget(param),
    }
    field = _FIELDS[param.kind](param, common)
    field.secret = param.secret  # type: ignore[attr-defined]
    if param.secret:
        field.__class__ = type(f"Secret{type(field).__name__}", (SecretField, type(field)), {})
    return field


class SecretField(forms.Field):
    """Before another kind of field: what that one gives is a Secret, or None where it is empty."""

    @sensitive_variables()
    def clean(self, value: Any) -> Secret | None:
        # Before anything can break on it.
        remember(value if isinstance(value, str) else None)
        found = super().clean(value)
        return None if is_empty(found) else Secret(found)


@sensitive_variables()
def has_no_control_characters(text: str) -> None:
    """A validator. Django asks every one, also after max_length has refused."""
    if len(text) > LONGEST_VALUE:
        return
    try:
        refuse_control_characters("", text)
    except PartError as error:
        raise ValidationError(str(error)) from None


class DateField(forms.DateField):
    def clean(self, value: Any) -> str | None:
        found: date | None = super().clean(value)
        return found.isoformat() if found else None


class ListField(forms.CharField):
    """Texts, one on each line."""

    @sensitive_variables()
    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        if len(lines) > MOST_VALUES:
            raise ValidationError(f"May hold at most {MOST_VALUES} values.")
        for line in lines:
            has_no_control_characters(line)
        return [line for line in lines if line]


class JsonField(forms.CharField):
    """Whatever no other field can take, as JSON."""

    @sensitive_variables()
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = json.loads(text, parse_constant=_refuse_constant)
            json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):
            # Their words would quote the text, which may be a secret.
            raise ValidationError("This is not valid JSON.") from None
        if text.count(",") + text.count("[") + text.count("{") > MOST_VALUES:
            raise ValidationError(f"May hold at most {MOST_VALUES} values.")
        return found


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError


def _text(param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
    field = forms.CharField(**common, strip=not param.secret, max_length=LONGEST_VALUE)
    field.validators.append(has_no_control_characters)
    field.validators += [
        validator(param.schema[rule]) for rule, validator in _TEXT_RULES.items() if rule in param.schema
    ]
    return field


def _pattern(pattern: str) -> Callable[[str], None]:
    def validate(text: str) -> None:
        if not matches(pattern, text[:LONGEST_VALUE]):
            raise ValidationError("This does not have the expected form.")

    return validate


def _max_length(most: int) -> Callable[[str], None]:
    # Not Django's max_length: that makes the browser cut off what is pasted without a word.
    def validate(text: str) -> None:
        if len(text) > most:
            raise ValidationError(f"Must have at most {most} characters; it has {len(text)}.")

    return validate


_TEXT_RULES: Mapping[str, Callable[[Any], Callable[[str], None]]] = {
    "minLength": partial(MinLengthValidator, message="Must have at least %(limit_value)d characters."),
    "maxLength": _max_length,
    "pattern": _pattern,
}


_NUMBER_RULES: Mapping[str, Callable[[Any], Callable[[Any], None]]] = {
    "minimum": partial(MinValueValidator, message="Must be at least %(limit_value)s."),
    "maximum": partial(MaxValueValidator, message="Must be at most %(limit_value)s."),
}


def _number(field_class: type[forms.IntegerField]) -> Callable[[AuthParam, Mapping[str, Any]], forms.Field]:
    def make(param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
        field = field_class(**common)
        field.validators += [
            validator(param.schema[rule]) for rule, validator in _NUMBER_RULES.items() if rule in param.schema
        ]
        return field

    return make


def _choice(param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
    values = {key: value for key, value, _ in param.choices}
    choices = [(key, label) for key, _, label in param.choices]
    if not common["required"]:
        choices.insert(0, ("", "Not set"))
    elif len(values) > MOST_RADIOS:
        choices.insert(0, ("", "–"))
    initial = param.choice_key(common["initial"])
    return forms.TypedChoiceField(
        **{**common, "choices": choices, "initial": initial, "coerce": values.get, "empty_value": None},
        error_messages={"invalid_choice": "Choose one of the values in the list."},
    )


def _date(_param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
    return DateField(**common, input_formats=["%Y-%m-%d"])


def _list(_param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
    help_text = f"{common['help_text']} One on each line.".strip()
    common = {**common, "initial": "\n".join(common["initial"] or ())}
    return ListField(**{**common, "help_text": help_text}, max_length=LONGEST_VALUE)


def _json(_param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
    return JsonField(**{**common, "help_text": f"{common['help_text']} As JSON.".strip()}, max_length=LONGEST_VALUE)


def _upload(param: AuthParam, common: Mapping[str, Any]) -> forms.Field:
    return UploadField(**{**common, "initial": None}, encoding=param.upload)


_FIELDS: Mapping[str, Callable[[AuthParam, Mapping[str, Any]], forms.Field]] = {
    "text": _text,
    "integer": _number(forms.IntegerField),
    "number": _number(forms.FloatField),
    "choice": _choice,
    "date": _date,
    "list": _list,
    "json": _json,
    "upload": _upload,
}
