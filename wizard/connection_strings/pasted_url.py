"""Database URLs and lists of properties, as people have them, read into pairs of key and value.

Of a password that should have been encoded and was not, everything up to the last “@” is taken.
https://www.rfc-editor.org/rfc/rfc3986
"""

import re
from collections.abc import Iterator

from wizard.connection_strings.ado_net import ConnectionStringError
from wizard.connection_strings.dialects import percent_decode

Pairs = list[tuple[str, str]]

HOST_AND_PORT = re.compile(r"(\[[^\[\]]*+\]|[^:\[\](),]*+)(?::(\d*+))?")
BRACED = re.compile(r"([^=;]++)=\s*+(?:\{((?:[^}]|\}\})*+)\}|([^;]*+))\s*+(?:;[\s;]*+|$)")
COMMAS = re.compile(r"([^=,]++)=(?:'((?:[^']|'')*+)'|([^,]*+))(?:,|$)")
BLANKS = re.compile(r"(\w++)\s*+=\s*+(?:'((?:[^'\\]|\\.)*+)'|([^\s']\S*+|))(?:\s++|$)")


def read_url(text: str) -> Pairs:
    """`scheme://user:password@host:port/database?key=value`. Raises ConnectionStringError where it is none."""
    scheme, _, rest = text.partition("://")
    address, query = _before_query(rest)
    # Oracle's clients call by a service, not by a database.
    database = "service" if scheme.lower().partition("+")[0] == "oracle" else "database"
    return [*read_address(address, database), *read_query(query)]


def _before_query(rest: str) -> tuple[str, str]:
    address, _, query = rest.partition("?")
    if "@" in address or "@" not in query or HOST_AND_PORT.fullmatch(address.partition("/")[0]):
        return address, query
    # No host looks like that: the question mark stood in a password.
    user, _, tail = rest.rpartition("@")
    address, _, query = tail.partition("?")
    return f"{user}@{address}", query


def read_address(text: str, database: str = "database") -> Pairs:
    """`user:password@host:port/database/schema`, each of them optional. Raises ConnectionStringError."""
    login, _, place = text.rpartition("@")
    authority, _, path = place.partition("/")
    host_and_port = HOST_AND_PORT.fullmatch(authority)
    if host_and_port is None:
        raise ConnectionStringError("Host and port cannot be read: expected one host, and a number after the colon.")
    host, port = host_and_port.groups(default="")
    user, _, password = login.partition(":")
    name, _, schema = path.partition("/")
    found = {"host": host.strip("[]"), "port": port, database: name, "schema": schema, "user": user}
    return [(key, percent_decode(value)) for key, value in (found | {"password": password}).items() if value]


def read_query(text: str) -> Pairs:
    """`key=value&key=value`, percent-encoded. Raises ConnectionStringError."""
    return [(percent_decode(key), percent_decode(value)) for key, value in _pieces(text, "&")]


def read_semicolons(text: str) -> Pairs:
    """`key=value;key=value`, where nothing can be quoted. Raises ConnectionStringError."""
    return list(_pieces(text, ";"))


def read_braces(text: str) -> Pairs:
    """`key=value;key={a;b}`, as SQL Server's JDBC and every ODBC driver quote. Raises ConnectionStringError."""
    return [
        (key, bare.strip() if quoted is None else quoted.replace("}}", "}"))
        for key, quoted, bare in _matches(BRACED, text.lstrip("; "))
    ]


def read_commas(text: str) -> Pairs:
    """`KEY=value,KEY='a,b'`, as Teradata's JDBC quotes. Raises ConnectionStringError."""
    return [
        (key, bare if quoted is None else quoted.replace("''", "'")) for key, quoted, bare in _matches(COMMAS, text)
    ]


def read_blanks(text: str) -> Pairs:
    """`host=h dbname=d password='a b'`, as PostgreSQL's own clients take it. Raises ConnectionStringError."""
    return [
        (key, bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        for key, quoted, bare in _matches(BLANKS, text)
    ]


def _pieces(text: str, separator: str) -> Iterator[tuple[str, str]]:
    for piece in filter(str.strip, text.split(separator)):
        key, equals, value = piece.partition("=")
        if not equals or not key.strip():
            raise ConnectionStringError("Expected key=value pairs after the address.")
        yield key.strip(), value


def _matches(rule: re.Pattern[str], text: str) -> Iterator[tuple[str, str | None, str]]:
    position = 0
    while position < len(text):
        match = rule.match(text, position)
        if match is None or not match[1].strip():
            raise ConnectionStringError("Expected key=value pairs.")
        yield match[1].strip(), match[2], match[3]
        position = match.end()
