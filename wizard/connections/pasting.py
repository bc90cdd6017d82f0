"""A pasted connection string, read into the fields of a form: what may be shown apart from what may not."""

import uuid
from dataclasses import dataclass
from typing import NamedTuple

from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec
from wizard.connection_strings.meanings import is_harmless
from wizard.connection_strings.pasted import fill
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.credentials.held import Held
from wizard.credentials.params import Extra, placeholder
from wizard.people.models import User


class ExtraKey(NamedTuple):
    """A key of the pasted string that the pattern has no place for; a value that may be a secret is not shown."""

    key: str
    shown: str
    is_confirmed: bool


@dataclass(frozen=True)
class Pasted:
    """`values` by field name, without secrets; `left_out` are keys that cannot be sent as they stand there."""

    values: dict[str, str]
    held: Held
    left_out: tuple[str, ...]


def place_of(
    person: User, submission_id: uuid.UUID, spec: ConnectionSpec, auth_spec: AuthSpec | None
) -> tuple[str, ...]:
    """What held secrets are bound to: this person's form for this way to authenticate."""
    return (str(person.pk), str(submission_id), spec.slug, auth_spec.key if auth_spec else "")


@sensitive_variables()
def read_pasted(param: AuthParam, text: str) -> Pasted:
    """Raises ConnectionStringError, which says why the text cannot be read and does not quote it."""
    if param.pattern is None or not text.strip():
        raise ConnectionStringError("Paste a connection string first.")
    found = fill(param.pattern, text)
    if not found.parts:
        raise ConnectionStringError("Nothing in this text fits the fields of this source.")
    parts = {part.name: part for part in param.parts if part.name in found.parts}
    unfit = {name for name, part in parts.items() if part.kind == "choice" and not part.choice_key(found.parts[name])}
    by_name = {f"{param.key}.{part.key}": part for part in parts.values() if part.name not in unfit}
    secrets = {name: found.parts[part.name] for name, part in by_name.items() if part.secret}
    values = {name: found.parts[part.name] for name, part in by_name.items() if not part.secret}
    left_out = (*(key for key, _ in found.differing), *(parts[name].title for name in sorted(unfit)))
    return Pasted(values, Held(secrets, found.unknown), left_out)


def extra_keys(extra: Extra, confirmed: list[str]) -> list[ExtraKey]:
    return [ExtraKey(key, value[:200] if is_harmless(key) else "•••", key in confirmed) for key, value in extra]


def harmless(extra: Extra) -> Extra:
    return tuple((key, value) for key, value in extra if is_harmless(key))


def stand_ins(extra: Extra) -> Extra:
    """As they may be shown to everybody: values that may be secrets are placeholders."""
    return tuple((key, value if is_harmless(key) else placeholder(key)) for key, value in extra)
