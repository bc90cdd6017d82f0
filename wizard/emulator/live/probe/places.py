"""Which database auth.params lead to: read by the rules that connection strings are composed by."""

import re
from dataclasses import dataclass, field
from typing import Any

from wizard.connection_strings import pasted
from wizard.connection_strings.meanings import meaning, spelling
from wizard.emulator.live.databases import CONNECTION_STRING, Family, family_of
from wizard.emulator.live.probe.words import Unusable

# What a person calls it.
NAMES = {"host": "host", "database": "database", "username": "user name", "password": "password"}
# Modes that encrypt and take any certificate.
WITHOUT_A_LOOK = ("allow", "prefer", "require")
TRUE = ("true", "yes", "sspi")


@dataclass(frozen=True)
class Place:
    """A database and how to get in. `name` is the database's; an Oracle's is its `sid` or its service."""

    family: Family
    host: str
    port: int
    instance: str
    name: str
    sid: str
    schema: str
    username: str
    tls: str
    password: str = field(repr=False)


def read(spec_id: str, params: dict[str, Any]) -> Place:
    """Raises Unusable, or ConnectionStringError, for params that do not say enough, or ask for what is not possible."""
    family = family_of(spec_id)
    if family is None:
        raise Unusable("No driver here connects to this source.")
    found = _by_meaning(params)
    _check_complete(family, found)
    given = _address(family, found["host"])
    return Place(
        family=family,
        host=str(given["host"]),
        port=_port(given.get("port") or found.get("port") or str(family.port)),
        instance=given.get("instance") or found.get("instance", ""),
        name=found.get("database") or found.get("service", ""),
        sid=found.get("sid", ""),
        schema=found.get("schema", ""),
        username=found["username"],
        password=found["password"],
        tls=_tls(family, found),
    )


def _check_complete(family: Family, found: dict[str, str]) -> None:
    for name in family.required:
        if not found.get(name):
            raise Unusable(f"The {NAMES[name]} is not known: it is missing in what this connection was made with.")
    if found.get("integratedsecurity", "").lower() in TRUE:
        raise Unusable("Windows sign-in is not possible here: it takes a user name and a password.")


def _address(family: Family, host: str) -> dict[str, str | None]:
    """The host, and for SQL Server what else stands with it."""
    match = re.fullmatch(family.address, host)
    if match is None:
        raise Unusable("The host must be one name or IP address, without a path, a list or further options.")
    return match.groupdict() | {"host": match["host"].strip("[]")}


def _by_meaning(params: dict[str, Any]) -> dict[str, str]:
    """The value of each param, or of each pair of the connection string, under the word that its key means."""
    text = params.get(CONNECTION_STRING)
    pairs = pasted.read(text) if isinstance(text, str) else tuple(params.items())
    found: dict[str, str] = {}
    for key, value in pairs:
        name = meaning(key)
        if found.setdefault(name, str(value)) != str(value):
            raise Unusable(f"Two values are given for the {NAMES.get(name, 'same key')}: one is expected.")
    return found


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        raise Unusable("The port must be a number between 1 and 65535.")
    return int(text)


def _tls(family: Family, found: dict[str, str]) -> str:
    """The mode that is asked for: never a weaker one, and none that is only guessed."""
    given = [(known, spelling(found[key])) for key, known in family.tls.items() if found.get(key)]
    modes = {known.get(value, "") for known, value in given} or {family.tls_default}
    mode = modes.pop()
    if modes or not mode:
        raise Unusable(f"What the connection says about encryption is not understood for {family.label}.")
    if mode in WITHOUT_A_LOOK and any(spelling(found.get(key, "")) in yes for key, yes in family.tls_strict.items()):
        mode = "verify-ca"
    if mode not in family.tls_offered:
        raise Unusable(f"The connection must be encrypted, and the driver for {family.label} here cannot do that.")
    return mode
