"""Values on their way from one form of a source to the next: by their field, by its label, or carried along unseen."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec
from wizard.catalog.loader import load_catalog
from wizard.credentials.auth_form import AuthForm
from wizard.credentials.params import Asked, asked
from wizard.credentials.referring import REFERENCE


def initial_values(spec: ConnectionSpec, auth_spec: AuthSpec | None, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field name; else by label, so that the host follows from one authentication type to another."""
    by_title = _typed_by_title(spec, chosen)
    initial: dict[str, Any] = {}
    for field in asked(auth_spec):
        value = chosen.get(_wire_name(field), by_title.get(field.param.title))
        # What was emptied stays empty: only a field that nobody has seen yet takes its default.
        if value is not None and not field.param.secret and _fits(field.param, value):
            initial[field.name] = value
    return initial


def _typed_by_title(spec: ConnectionSpec, chosen: Mapping[str, Any]) -> dict[str, Any]:
    titles: dict[str, Any] = {}
    for field in _all_asked(spec):
        if chosen.get(_wire_name(field)) and not field.param.secret and not field.param.choices:
            titles.setdefault(field.param.title, chosen[_wire_name(field)])
    return titles


def carried_values(spec: ConnectionSpec, auth: AuthForm, chosen: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Typed values that the shown fields do not hold, for hidden inputs: they come back with their fields."""
    kept_out = {auth.add_prefix(name) for name in auth.fields} | _secret_names(spec)
    names = dict.fromkeys(_wire_name(field) for field in _all_asked(spec))
    return [(name, chosen[name]) for name in names if name not in kept_out and chosen.get(name)]


def without_secrets(spec: ConnectionSpec, data: QueryDict) -> dict[str, Any]:
    as_shown = {f"{AuthForm.prefix}.{name}" for name in shown_secrets(data) or ()}
    secrets = {*_secret_names(spec), *as_shown, "pasted"}
    values: dict[str, Any] = {name: value for name, value in data.items() if name not in secrets}
    return {**values, "extra": data.getlist("extra")}


def shown_secrets(chosen: Mapping[str, Any]) -> set[str] | None:
    """Names of the secret fields of the page that was filled in; None if it does not say."""
    names = chosen.get("shown.secrets")
    return None if names is None else set(filter(None, str(names).split(",")))


def chosen_references(auth: AuthForm, chosen: Mapping[str, Any]) -> dict[str, str]:
    """Names of references by field: as a form sends them, else as a connection has them."""
    kept = chosen.get("references") or {}
    kept = kept if isinstance(kept, dict) else {}
    return {name: str(chosen.get(f"{REFERENCE}{auth.add_prefix(name)}", kept.get(name, ""))) for name in auth.secrets()}


def confirmed_keys(chosen: Mapping[str, Any]) -> list[str]:
    """Keys of the pasted string that are to be sent although the pattern has no place for them."""
    return chosen.getlist("extra") if isinstance(chosen, QueryDict) else chosen.get("extra", [])


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


def _fits(param: AuthParam, value: Any) -> bool:
    """False for what another authentication type, with other choices, called by the same name."""
    return param.kind != "choice" or str(value) in ("", *(key for key, _, _ in param.choices))
