"""The page's form as one thing: details, the chosen authentication type and mode, and its credentials."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.forms import BoundField
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec
from wizard.connections.forms import AuthForm, DetailsForm, auth_form_class
from wizard.connections.models import BaseConnection
from wizard.connections.request import PARTS, WHOLE, fields

MODE_LABELS = ((PARTS, "Field by field"), (WHOLE, "Whole connection string"))


@dataclass(frozen=True)
class Option:
    """One radio button."""

    key: str
    label: str
    checked: bool


class FieldError(NamedTuple):
    """One line of the summary, with the id of the field that it leads to."""

    html_id: str
    label: str
    message: str


class ConnectForm:
    """Bound with `data` when it was submitted; else filled with `values`, which hold no secrets."""

    def __init__(
        self,
        spec: ConnectionSpec,
        *,
        data: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        again: BaseConnection | None = None,
    ) -> None:
        chosen = data if data is not None else (values or {})
        self.spec = spec
        self.again = again
        self.auth_spec = spec.auth_spec(chosen.get("auth.specName", ""))
        self.mode = WHOLE if self._has_parts and chosen.get("mode") == WHOLE else PARTS
        self.submission_id = _uuid_or_new(chosen.get("submission_id", ""))
        form_class = auth_form_class(self.auth_spec, self.mode)
        if data is not None:
            self.details = DetailsForm(data, submission_id=self.submission_id, again=again)
            self.auth: AuthForm = form_class(data)
        else:
            initial = _without_empty(chosen)
            self.details = DetailsForm(initial=initial, submission_id=self.submission_id, again=again)
            self.auth = form_class(initial=self._auth_initial(chosen))
        self.carried = self._carried(chosen)

    @classmethod
    def refilled(cls, spec: ConnectionSpec, data: Mapping[str, Any], again: BaseConnection | None) -> "ConnectForm":
        """The form after a switch: what was typed stays, secrets aside, and nothing is called wrong yet."""
        secrets = {name for auth in spec.auth_specs for mode, _ in MODE_LABELS for name in _secret_names(auth, mode)}
        values = {name: value for name, value in data.items() if name.removeprefix("auth.params.") not in secrets}
        return cls(spec, values=values, again=again)

    @property
    def _has_parts(self) -> bool:
        return self.auth_spec is not None and self.auth_spec.has_parts

    @property
    def auth_choices(self) -> list[Option]:
        if len(self.spec.auth_specs) < 2:
            return []
        return [Option(auth.key, auth.label, auth is self.auth_spec) for auth in self.spec.auth_specs]

    @property
    def modes(self) -> list[Option]:
        return [Option(key, label, key == self.mode) for key, label in MODE_LABELS] if self._has_parts else []

    @property
    def secret_names(self) -> list[str]:
        """Names of the fields that a preview must not send."""
        return [self.auth.add_prefix(name) for name in self.auth.secrets()]

    def is_valid(self) -> bool:
        return all([self.details.is_valid(), self.auth.is_valid()])

    @property
    def non_field_errors(self) -> list[str]:
        return [*self.details.non_field_errors(), *self.auth.non_field_errors()]

    @property
    def errors_by_field(self) -> list[FieldError]:
        bound: Iterable[BoundField] = [*self.details, *self.auth]
        return [
            FieldError(field.id_for_label, str(field.label), str(error)) for field in bound for error in field.errors
        ]

    @sensitive_variables()
    def shown_values(self) -> dict[str, Any]:
        """What is in the credential fields now, as the preview needs it."""
        values = {name: self.auth[name].value() for name in self.auth.fields if name not in self.auth.secrets()}
        return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}

    def form_values(self) -> dict[str, Any]:
        """What a valid form was filled with, secrets aside, as `values` takes it back."""
        values = {self.auth.add_prefix(name): value for name, value in self.auth.typed().items()}
        key = self.auth_spec.key if self.auth_spec else ""
        return {**values, "auth.specName": key, "mode": self.mode}

    def _auth_initial(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Values by field name; else by label, so that the host follows from one authentication type to another."""
        by_title = self._typed_by_title(chosen)
        initial: dict[str, Any] = {}
        for name, param in fields(self.auth_spec, self.mode):
            value = chosen.get(self._wire_name(name), by_title.get(param.title))
            # What was emptied stays empty: only a field that nobody has seen yet takes its default.
            if value is not None and not param.secret and _fits(param, value):
                initial[name] = value
        return initial

    def _typed_by_title(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        titles: dict[str, Any] = {}
        for auth in self.spec.auth_specs:
            for name, param in fields(auth, PARTS):
                if chosen.get(self._wire_name(name)) and not param.secret and not param.choices:
                    titles.setdefault(param.title, chosen[self._wire_name(name)])
        return titles

    def _carried(self, chosen: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Typed values that the shown fields do not hold, for hidden inputs: they come back with their fields."""
        shown = {self.auth.add_prefix(name) for name in self.auth.fields}
        known = {name: param for auth in self.spec.auth_specs for name, param in fields(auth, PARTS)}
        named = {self._wire_name(name): param for name, param in known.items()}
        return [
            (name, chosen[name])
            for name, param in named.items()
            if name not in shown and not param.secret and chosen.get(name)
        ]

    @staticmethod
    def _wire_name(name: str) -> str:
        return f"{AuthForm.prefix}.{name}"


def _fits(param: AuthParam, value: Any) -> bool:
    """False for what another authentication type, with other choices, called by the same name."""
    return not param.choices or str(value) in ("", *(key for key, _ in param.choices))


def _secret_names(auth_spec: AuthSpec, mode: str) -> set[str]:
    return {name for name, param in fields(auth_spec, mode) if param.secret}


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _uuid_or_new(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
