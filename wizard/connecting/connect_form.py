"""The page's form as one thing: details, the chosen authentication type, its credentials, and what was pasted."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.views.decorators.debug import sensitive_variables

from wizard.asking.drafts import destination_of
from wizard.catalog.datatypes import ConnectionSpec
from wizard.connecting import carrying
from wizard.connecting.details_form import DetailsForm
from wizard.connecting.pasting import ExtraKey, Pasted, extra_keys, place_of
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Keeps
from wizard.credentials.auth_form import AuthForm, auth_form_class
from wizard.credentials.held import Held, from_text, harmless, to_text
from wizard.credentials.summary import FieldError, errors_of
from wizard.parsing import uuid_in
from wizard.people.models import User
from wizard.values.typed import leads_elsewhere


@dataclass(frozen=True)
class Option:
    """One radio button."""

    key: str
    label: str
    note: str
    checked: bool


class ConnectForm:
    """Bound with `data` when it was submitted; else filled with `values`, which hold no secrets.

    `again` is the draft that it goes on with, or the failed connection that it tries again.
    """

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
        self.shown_secrets = carrying.shown_secrets(chosen)
        self.auth_spec = spec.auth_spec(self.chosen_key)
        self.submission_id = uuid_in(chosen.get("submission_id", "")) or uuid.uuid4()
        self.place = place_of(person, self.submission_id, spec, self.auth_spec)
        self.confirmed = carrying.confirmed_keys(chosen)
        self.pasted: Pasted | None = None
        self.paste_error = ""
        self.is_anew = False
        # Keys that were sent the last time, and whose values are not kept.
        self.lost_keys: Sequence[str] = ()
        self._fill(chosen, data, files, from_text(chosen.get("held", ""), *self.place) if held is None else held)
        if self.auth_spec:
            self.details.switch_with_organization(self.secret_names)

    @sensitive_variables()
    def _fill(
        self, chosen: Mapping[str, Any], data: QueryDict | None, files: MultiValueDict[str, Any] | None, held: Held
    ) -> None:
        self.held = held
        usable, lost = held, self._lost(chosen)
        if lost is not None:
            usable = Held(extra=harmless(held.extra))
            self.lost_keys = [pair[0] for pair in held.extra if pair not in usable.extra]
        self.found_keys = usable.extra
        extra = tuple(pair for pair in usable.extra if pair[0] in self.confirmed)
        kept: dict[str, Any] = {"held": usable, "lost": lost or (), "extra": extra}
        form_class = auth_form_class(self.auth_spec)
        details: dict[str, Any] = {"person": self.person, "submission_id": self.submission_id, "again": self.again}
        if data is not None:
            self.details = DetailsForm(data, **details)
            self.auth: AuthForm = form_class(data, files, **kept)
        else:
            initial = {name: value for name, value in chosen.items() if value not in (None, "")}
            self.details = DetailsForm(initial=initial, **details)
            self.auth = form_class(initial=carrying.initial_values(self.spec, self.auth_spec, chosen), **kept)
        self.auth.refer(
            carrying.chosen_references(self.auth, chosen), only=self.details.chosen_keeps == Keeps.REFERENCES
        )
        self.carried = carrying.carried_values(self.spec, self.auth, chosen)

    def _lost(self, chosen: Mapping[str, Any]) -> list[str] | None:
        """Names of held secrets that were meant for another place than the form leads to now; None for the same."""
        there = self.held.destination
        if there is None or not leads_elsewhere(self.auth_spec, there, chosen):
            return None
        return list(self.held.secrets)

    @classmethod
    def refilled(
        cls, spec: ConnectionSpec, person: User, data: QueryDict, again: BaseConnection | None = None
    ) -> "ConnectForm":
        """The form after a switch: what was typed stays, secrets aside, and nothing is called wrong yet."""
        return cls(spec, person, values=carrying.without_secrets(spec, data), again=again)

    def begin_anew(self) -> None:
        """Another submission with the same values: what is held moves over to it."""
        self.submission_id = uuid.uuid4()
        self.place = place_of(self.person, self.submission_id, self.spec, self.auth_spec)
        self.again, self.is_anew = None, True

    @sensitive_variables()
    def hold(self, secrets: Mapping[str, Any]) -> None:
        """These need not be typed again, as long as the form leads to the place that it leads to now."""
        self.held = Held(secrets, self.found_keys, destination_of(self.auth_spec, self.typed_values()))
        self.auth.hold(self.held)

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
        return extra_keys(self.found_keys, self.confirmed)

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
    def params(self) -> Any:
        """auth.params of a valid form, as they are kept: of references nothing but their names."""
        return self.auth.kept_params

    @property
    def non_field_errors(self) -> list[str]:
        return [*self.details.non_field_errors(), *self.auth.non_field_errors()]

    @property
    def errors_by_field(self) -> list[FieldError]:
        return errors_of([*self.details, *self.auth.in_order()])

    def text(self, name: str) -> str:
        """Name or description as it stands there."""
        return str(self.details[name].value() or "").strip()

    def typed_values(self) -> dict[str, Any]:
        """The credentials as they stand there, secrets aside, by the names of their inputs."""
        return {self.auth.add_prefix(name): value for name, value in self.auth.typed().items()}

    def form_values(self, given: Iterable[str]) -> dict[str, Any]:
        """What it was filled with, secrets aside, as `values` takes it back; `given` are names of secrets in it."""
        key = self.auth_spec.key if self.auth_spec else ""
        shown = harmless(self.auth.extra)
        hidden = [key for key, value in self.auth.extra if (key, value) not in shown]
        about_secrets: dict[str, Any] = {"given": sorted(given), "pasted": shown, "pasted_secrets": hidden}
        if self.auth.references:
            about_secrets["references"] = self.auth.references
        return {**self.typed_values(), **about_secrets, "auth.specName": key}
