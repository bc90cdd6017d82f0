"""Connection strings as people have them, in any of three dialects, read and laid out over a source's own pattern.

What is raised never quotes the text, and no repr shows it: there is a password in it.
"""

import re
from dataclasses import dataclass, field

from wizard.connection_strings.ado_net import ConnectionStringError, has_control_characters, parse
from wizard.connection_strings.filling import Filling
from wizard.connection_strings.meanings import meaning, spelling
from wizard.connection_strings.pasted_jdbc import (
    DESCRIPTOR,
    read_descriptor,
    read_jdbc,
    read_oracle_address,
    read_sql_server,
)
from wizard.connection_strings.pasted_url import HOST_AND_PORT, Pairs, read_blanks, read_braces, read_url
from wizard.connection_strings.pattern import Pattern, merge

LONGEST_TEXT = 20_000
JDBC = "jdbc:"
SCHEME = re.compile(r"[a-z][a-z0-9+._-]*+://", re.IGNORECASE)
SCHEME_NAME = re.compile(r"(?:jdbc:)?+([a-z][a-z0-9_]*+)(?:[+._-][a-z0-9+._-]*+)?+:(?://|thin:|@)", re.IGNORECASE)
ODBC = re.compile(r"(?:^|;)\s*+(?:driver|dsn)\s*+=", re.IGNORECASE)
LINE_BREAKS = re.compile(r"[\r\n\t]")
SQL_SERVER_PORT = "1433"

Tuples = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Filled:
    """`parts` by placeholder; the pairs that the pattern has no place for; those where it has another fixed value.

    `scheme` is what a URL or JDBC address begins with. `reread` names what was taken for something else:
    ("service", "SID").
    """

    parts: dict[str, str] = field(repr=False)
    unknown: Tuples = field(repr=False)
    differing: Tuples = field(repr=False)
    scheme: str = ""
    reread: Tuples = ()


def read(text: str) -> Tuples:
    """The pairs of a connection string: `key=value;`, a URL, or JDBC.

    Raises ConnectionStringError for a text that is none of them, or has more than 20,000 characters.
    """
    text = _trimmed(text)
    if DESCRIPTOR.match(text) and ";" not in text:
        text = LINE_BREAKS.sub(" ", text)
    if has_control_characters(text):
        raise ConnectionStringError(
            "A connection string may not contain line breaks, tabs or other control characters."
        )
    pairs = tuple(_read(text))
    if any(has_control_characters(key + value) for key, value in pairs):
        raise ConnectionStringError("A value contains an encoded control character, such as a line break.")
    if not pairs:
        raise ConnectionStringError("Nothing is in this connection string.")
    return pairs


def _trimmed(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ConnectionStringError(f"A connection string has at most {LONGEST_TEXT:,} characters.")
    return text.strip()


def _read(text: str) -> Pairs:
    if DESCRIPTOR.match(text) and ";" not in text:
        return read_descriptor(text)
    if text[: len(JDBC)].lower() == JDBC:
        return read_jdbc(text[len(JDBC) :])
    if SCHEME.match(text):
        scheme, _, rest = text.partition("://")
        is_like_jdbc = scheme.lower() in ("sqlserver", "mssql") and ";" in rest
        has_host = HOST_AND_PORT.fullmatch(rest.partition(";")[0])
        return read_sql_server(rest) if is_like_jdbc and has_host else read_url(text)
    if ODBC.search(text):
        return read_braces(text)
    if "=" not in text:
        raise ConnectionStringError("Expected key=value pairs separated by semicolons, a URL, or a JDBC address.")
    return _separated_by_blanks(text) or parse(text)


def _separated_by_blanks(text: str) -> Pairs:
    """`host=h dbname=d`, if it is that; one pair alone is the other dialect's."""
    try:
        pairs = read_blanks(text) if ";" not in text else []
    except ConnectionStringError:
        return []
    return pairs if len(pairs) > 1 else []


def fill(pattern: Pattern, text: str) -> Filled:
    """What of a connection string belongs into which part of the pattern.

    Raises ConnectionStringError as `read` does, and where a part is given twice with different values.
    """
    own_parts = _own_parts(pattern, _trimmed(text))
    if own_parts is not None:
        return Filled(own_parts, (), ())
    filling, pairs = Filling(pattern), read(text)
    for key, value in _as_written_for(pattern, pairs):
        filling.take(key, value)
    is_reread = "sid" in filling.places and "service" not in filling.places and _has_service_alone(pairs)
    return Filled(
        filling.parts,
        tuple(filling.unknown.items()),
        tuple(filling.differing.items()),
        scheme_of(text),
        (("service name", filling.places["sid"]),) if is_reread else (),
    )


def scheme_of(text: str) -> str:
    """`mysql` of mysql://… and jdbc:mysql://…; "" for a text that does not begin so."""
    found = SCHEME_NAME.match(_trimmed(text))
    return found[1].lower() if found else ""


def _has_service_alone(pairs: Tuples) -> bool:
    given = {meaning(key) for key, _ in (pair for key, value in pairs for pair in _addresses(key, value))}
    return "service" in given and "sid" not in given


def _own_parts(pattern: Pattern, text: str) -> dict[str, str] | None:
    """The parts of a text that is exactly what the pattern would compose; None for any other."""
    try:
        parts = pattern.split(text)
        return parts if pattern.compose(parts) == text else None
    except ConnectionStringError:
        return None


def _as_written_for(pattern: Pattern, pairs: Tuples) -> Pairs:
    """The pairs as the pattern's product writes them, where products differ in more than the names of keys."""
    places = {meaning(name) for name in (*(pair.key for pair in pattern.pairs), *pattern.placeholders)}
    found = [pair for key, value in pairs for pair in _addresses(key, value)]
    if any(spelling(pair.key) == "datasource" for pair in pattern.pairs):
        found = _in_one_data_source(found)
    given = {meaning(key) for key, _ in found}
    if "service" not in places and "sid" in places and "sid" not in given:
        found = [("sid" if meaning(key) == "service" else key, value) for key, value in found]
    return found


def _addresses(key: str, value: str) -> Pairs:
    """An Oracle address, or host:port, that stands as the host: its own pairs."""
    if meaning(key) != "host" or not (":" in value or value.startswith(("//", "("))):
        return [(key, value)]
    try:
        return read_oracle_address(value)
    except ConnectionStringError:
        return [(key, value)]


def _in_one_data_source(pairs: Pairs) -> Pairs:
    """Host, instance and port as SQL Server has them in one: `host\\instance,port`."""
    found: dict[str, str] = {}
    others = []
    for key, value in pairs:
        if meaning(key) in ("host", "instance", "port"):
            merge(found, {meaning(key): value})
        else:
            others.append((key, value))
    if not found.get("host"):
        return pairs
    instance = f"\\{found['instance']}" if found.get("instance") else ""
    port = f",{found['port']}" if found.get("port", SQL_SERVER_PORT) not in ("", SQL_SERVER_PORT) else ""
    return [("host", found["host"] + instance + port), *others]
