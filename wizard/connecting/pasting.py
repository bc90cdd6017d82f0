"""A pasted connection string, read into the fields of a form: what may be shown apart from what may not."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec
from wizard.connection_strings.meanings import is_harmless
from wizard.connection_strings.pasted import Filled, fill
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.credentials.fields import form_field
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
    """`values` by field name, without secrets; `filled` are the labels of all that was filled in.

    `left_out` are keys that cannot be sent as they stand there; `warnings` are sentences for the person.
    """

    values: dict[str, str]
    held: Held
    filled: tuple[str, ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]


def place_of(
    person: User, submission_id: uuid.UUID, spec: ConnectionSpec, auth_spec: AuthSpec | None
) -> tuple[str, ...]:
    """What held secrets are bound to: this person's form for this way to authenticate."""
    return (str(person.pk), str(submission_id), spec.slug, auth_spec.key if auth_spec else "")


@sensitive_variables()
def read_pasted(spec: ConnectionSpec, param: AuthParam, text: str) -> Pasted:
    """Raises ConnectionStringError, which says why the text cannot be read and does not quote it."""
    if param.pattern is None or not text.strip():
        raise ConnectionStringError("Paste a connection string first.")
    titles = {part.name: part.title for part in param.parts}
    try:
        found = fill(param.pattern, text)
    except ConnectionStringError as error:
        raise ConnectionStringError(_with_titles(str(error), titles)) from None
    fit = [part for part in param.parts if part.name in found.parts and _is_fit(part, found.parts[part.name])]
    if not fit:
        raise ConnectionStringError("Nothing in this text fits the fields of this source.")
    values = {f"{param.key}.{part.key}": (part, found.parts[part.name]) for part in fit}
    unfit = [titles[name] for name in found.parts if name not in {part.name for part in fit}]
    return Pasted(
        {name: value for name, (part, value) in values.items() if not part.secret},
        Held.closing({name: value for name, (part, value) in values.items() if part.secret}, found.unknown),
        tuple(part.title for part in fit),
        (*(key for key, _ in found.differing), *unfit),
        tuple(_warnings(spec, found, titles)),
    )


def _is_fit(part: AuthParam, value: str) -> bool:
    try:
        form_field(part, required=True).clean(value)
    except ValidationError:
        return False
    return True


def _with_titles(message: str, titles: dict[str, str]) -> str:
    """Nobody has seen the placeholders' names."""
    for name, title in titles.items():
        message = message.replace(name, f"“{title}”")
    return message


def _warnings(spec: ConnectionSpec, found: Filled, titles: dict[str, str]) -> Iterator[str]:
    for said, part in found.reread:
        yield f"Your string has a {said}; the form asks for “{titles[part]}”. Check whether they are the same."
    if found.scheme and found.scheme not in re.sub(r"[^a-z0-9]", "", spec.searchable):
        yield f"Your string begins with “{found.scheme}”. Check that it belongs to {spec.label}."


def extra_keys(extra: Extra, confirmed: list[str]) -> list[ExtraKey]:
    return [ExtraKey(key, value[:200] if is_harmless(key) else "•••", key in confirmed) for key, value in extra]


def stand_ins(extra: Extra) -> Extra:
    """As they may be shown to everybody: values that may be secrets are placeholders."""
    return tuple((key, value if is_harmless(key) else placeholder(key)) for key, value in extra)
