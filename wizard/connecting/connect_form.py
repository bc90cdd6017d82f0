"""The page's form as one thing: details, the chosen authentication type, its credentials, and what was pasted."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.forms import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from wizard.catalog.datatypes import AuthParam, ConnectionSpec
from wizard.catalog.loader import load_catalog
from wizard.connecting.details_form import DetailsForm
from wizard.connecting.pasting import ExtraKey, Pasted, extra_keys, harmless, place_of, read_pasted
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection
from wizard.credentials.auth_form import AuthForm, auth_form_class
from wizard.credentials.held import Held, from_text, to_text
from wizard.credentials.params import Asked, Extra, asked
from wizard.people.models import User


@dataclass(frozen=True)
class Option:
    """One radio button."""

    key: str
    label: str
    note: str
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
        person: User,
        *,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        held: Held | None = None,
        again: BaseConnection | None = None,
    ) -> None:
        chosen = data if data is not None else (values or {})
        self.spec = spec
        self.person = person
        self.again = again
        # With one way alone there is nothing to choose: the page says which one it showed.
        self.chosen_key = str(chosen.get("auth.specName") or chosen.get("shown.specName", ""))
        self.shown_secrets = _shown_secrets(chosen)
        self.auth_spec = spec.auth_spec(self.chosen_key)
        self.submission_id = _uuid_or_new(chosen.get("submission_id", ""))
        self.place = place_of(person, self.submission_id, spec, self.auth_spec)
        self.held = from_text(chosen.get("held", ""), *self.place) if held is None else held
        self.confirmed = _confirmed(chosen)
        self.pasted: Pasted | None = None
        self.paste_error = ""
        # Keys that were sent the last time, and whose values are not kept.
        self.lost_keys: Sequence[str] = ()
        form_class = auth_form_class(self.auth_spec)
        extra = tuple(pair for pair in self.held.extra if pair[0] in self.confirmed)
        if data is not None:
            self.details = DetailsForm(data, submission_id=self.submission_id, again=again)
            self.auth: AuthForm = form_class(data, files, held=self.held, extra=extra)
        else:
            initial = {name: value for name, value in chosen.items() if value not in (None, "")}
            self.details = DetailsForm(initial=initial, submission_id=self.submission_id, again=again)
            self.auth = form_class(initial=self._auth_initial(chosen), held=self.held, extra=extra)
        self.carried = self._carried(chosen)
        if self.auth_spec:
            self.details.switch_with_organization(self.secret_names)

    @classmethod
    def refilled(
        cls, spec: ConnectionSpec, person: User, data: QueryDict, again: BaseConnection | None = None
    ) -> "ConnectForm":
        """The form after a switch: what was typed stays, secrets aside, and nothing is called wrong yet."""
        return cls(spec, person, values=_without_secrets(spec, data), again=again)

    @classmethod
    def filled_in(
        cls, spec: ConnectionSpec, person: User, data: QueryDict, again: BaseConnection | None = None
    ) -> "ConnectForm":
        """The form with its parts filled in from a pasted connection string; its secrets are held.

        Raises ConnectionStringError, which says why the text cannot be read.
        """
        auth_spec = spec.auth_spec(data.get("auth.specName", ""))
        if auth_spec is None or auth_spec.pasted_param is None:
            raise ConnectionStringError("This authentication type takes no connection string.")
        pasted = read_pasted(spec, auth_spec.pasted_param, data.get("pasted", ""))
        values = {**_without_secrets(spec, data), "extra": []}
        values |= {f"{AuthForm.prefix}.{name}": value for name, value in pasted.values.items()}
        form = cls(spec, person, values=values, held=pasted.held, again=again)
        form.pasted = pasted
        return form

    @classmethod
    def once_more(
        cls, spec: ConnectionSpec, person: User, connection: BaseConnection, values: Mapping[str, Any]
    ) -> "ConnectForm":
        """The form of a failed connection, filled with `values`: what was typed for it, secrets aside."""
        extra: Extra = tuple((key, value) for key, value in values.get("pasted", ()))
        confirmed = {**values, "extra": [key for key, _ in extra]}
        form = cls(spec, person, values=confirmed, held=Held(extra=extra), again=connection)
        form.lost_keys = values.get("pasted_secrets", ())
        return form

    def begin_anew(self) -> None:
        """Another submission with the same values: what is held moves over to it."""
        self.submission_id = uuid.uuid4()
        self.place = place_of(self.person, self.submission_id, self.spec, self.auth_spec)

    @property
    def offers_what_was_chosen(self) -> bool:
        """False if the catalog has changed since, and no longer has the chosen authentication type."""
        return self.auth_spec is None or self.chosen_key in ("", self.auth_spec.key)

    @property
    def has_other_secrets(self) -> bool:
        """True if the catalog has changed since the page was shown, in what is a secret: what was typed as one is."""
        return self.shown_secrets is not None and self.shown_secrets != self.auth.secrets()

    @property
    def held_text(self) -> str:
        """What is held, for the hidden input that brings it back."""
        return to_text(self.held, *self.place)

    @property
    def extra_keys(self) -> list[ExtraKey]:
        return extra_keys(self.held.extra, self.confirmed)

    @property
    def auth_choices(self) -> list[Option]:
        if len(self.spec.auth_specs) < 2:
            return []
        return [Option(auth.key, auth.label, auth.note, auth is self.auth_spec) for auth in self.spec.auth_specs]

    @property
    def takes_a_string(self) -> bool:
        return self.auth_spec is not None and self.auth_spec.pasted_param is not None

    @property
    def secret_names(self) -> list[str]:
        """Names of the inputs that a preview or a switch must not send."""
        return [*self.typed_secret_names, "pasted"]

    @property
    def typed_secret_names(self) -> list[str]:
        names = [self.auth.add_prefix(name) for name in sorted(self.auth.secrets())]
        return [*names, *(f"{name}.file" for name in names)]

    def is_valid(self) -> bool:
        return all([self.details.is_valid(), self.auth.is_valid()])

    @property
    def non_field_errors(self) -> list[str]:
        return [*self.details.non_field_errors(), *self.auth.non_field_errors()]

    @property
    def errors_by_field(self) -> list[FieldError]:
        bound: Iterable[BoundField] = [*self.details, *self.auth.in_order()]
        return [
            # Of radio buttons the first one.
            FieldError(field.id_for_label or f"{field.auto_id}_0", str(field.label), str(error))
            for field in bound
            for error in field.errors
        ]

    def form_values(self) -> dict[str, Any]:
        """What a valid form was filled with, secrets aside, as `values` takes it back."""
        values = {self.auth.add_prefix(name): value for name, value in self.auth.typed().items()}
        key = self.auth_spec.key if self.auth_spec else ""
        shown = harmless(self.auth.extra)
        hidden = [key for key, value in self.auth.extra if (key, value) not in shown]
        about_secrets = {"given": self.auth.given_secrets(), "pasted": shown, "pasted_secrets": hidden}
        return {**values, **about_secrets, "auth.specName": key}

    def _auth_initial(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Values by field name; else by label, so that the host follows from one authentication type to another."""
        by_title = self._typed_by_title(chosen)
        initial: dict[str, Any] = {}
        for field in asked(self.auth_spec):
            value = chosen.get(_wire_name(field), by_title.get(field.param.title))
            # What was emptied stays empty: only a field that nobody has seen yet takes its default.
            if value is not None and not field.param.secret and _fits(field.param, value):
                initial[field.name] = value
        return initial

    def _typed_by_title(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        titles: dict[str, Any] = {}
        for field in _all_asked(self.spec):
            if chosen.get(_wire_name(field)) and not field.param.secret and not field.param.choices:
                titles.setdefault(field.param.title, chosen[_wire_name(field)])
        return titles

    def _carried(self, chosen: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Typed values that the shown fields do not hold, for hidden inputs: they come back with their fields."""
        shown = {self.auth.add_prefix(name) for name in self.auth.fields}
        kept_out = shown | _secret_names(self.spec)
        names = dict.fromkeys(_wire_name(field) for field in _all_asked(self.spec))
        return [(name, chosen[name]) for name in names if name not in kept_out and chosen.get(name)]


def _all_asked(spec: ConnectionSpec) -> list[Asked]:
    """Of every way, also of those that our file alone has: somebody may have filled in one before it went."""
    file = load_catalog().get(spec.slug)
    ways = (*spec.auth_specs, *(file.auth_specs if file else ()))
    return [field for auth_spec in ways for field in asked(auth_spec)]


def _wire_name(field: Asked) -> str:
    return f"{AuthForm.prefix}.{field.name}"


def _secret_names(spec: ConnectionSpec) -> set[str]:
    """What is a secret in any way to authenticate: two may call different things by one name."""
    return {_wire_name(field) for field in _all_asked(spec) if field.param.secret}


def _without_secrets(spec: ConnectionSpec, data: QueryDict) -> dict[str, Any]:
    as_shown = {f"{AuthForm.prefix}.{name}" for name in _shown_secrets(data) or ()}
    secrets = {*_secret_names(spec), *as_shown, "pasted"}
    values: dict[str, Any] = {name: value for name, value in data.items() if name not in secrets}
    return {**values, "extra": data.getlist("extra")}


def _shown_secrets(chosen: Mapping[str, Any]) -> set[str] | None:
    """Names of the secret fields of the page that was filled in; None if it does not say."""
    names = chosen.get("shown.secrets")
    return None if names is None else set(filter(None, str(names).split(",")))


def _confirmed(chosen: Mapping[str, Any]) -> list[str]:
    """Keys of the pasted string that are to be sent although the pattern has no place for them."""
    return chosen.getlist("extra") if isinstance(chosen, QueryDict) else chosen.get("extra", [])


def _fits(param: AuthParam, value: Any) -> bool:
    """False for what another authentication type, with other choices, called by the same name."""
    return param.kind != "choice" or str(value) in ("", *(key for key, _, _ in param.choices))


def _uuid_or_new(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
