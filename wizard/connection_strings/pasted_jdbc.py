"""JDBC addresses, each driver's in its own form, and Oracle's addresses with or without JDBC, read into pairs."""

import re

from wizard.connection_strings.ado_net import ConnectionStringError
from wizard.connection_strings.pasted_url import (
    Pairs,
    read_address,
    read_braces,
    read_commas,
    read_query,
    read_semicolons,
    read_url,
)

NO_HOST = "This address names no host."
DESCRIPTOR = re.compile(r"(?:[\w.,\s-]*+=)?\s*+\(\s*+(?:DESCRIPTION|ADDRESS)", re.IGNORECASE)
DESCRIPTOR_LEAF = re.compile(r"\(\s*+(\w++)\s*+=([^()]*+)\)")
# [//]host[:port][:sid or /service][?properties]
EASY = re.compile(r"((?:(?:tcps?:)?//)?)(\[[^\[\]]*+\]|[^\[\]:/\\?@(),]++)(?::(\d++))?(?:([:/])([^?]*+))?(?:\?(.*+))?")


def read_jdbc(text: str) -> Pairs:
    """What stands after `jdbc:`. Raises ConnectionStringError where it cannot be read."""
    driver, colon, rest = text.partition("://")
    if text.lower().startswith("oracle:"):
        return _oracle(text)
    if not colon:
        raise ConnectionStringError(NO_HOST)
    reader = {"sqlserver": read_sql_server, "db2": _db2, "teradata": _teradata}.get(driver.lower())
    if reader is not None:
        return reader(rest)
    address, semicolon, properties = rest.partition(";")
    if semicolon and "?" not in address:
        return [*read_address(address), *read_semicolons(properties)]
    return read_url(text)


def read_sql_server(text: str) -> Pairs:
    """`host\\instance:port;databaseName=x;password={a;b}`. Raises ConnectionStringError.

    https://learn.microsoft.com/en-us/sql/connect/jdbc/building-the-connection-url
    """
    address, _, properties = text.partition(";")
    pairs = dict(read_address(address))
    host, _, instance = pairs.pop("host", "").partition("\\")
    given = [(key, value) for key, value in (("host", host), ("instance", instance)) if value]
    return [*given, *pairs.items(), *read_braces(properties)]


def _db2(text: str) -> Pairs:
    address, _, rest = text.partition("/")
    database, _, properties = rest.partition(":")
    return [*read_address(address), ("database", database), *read_semicolons(properties)]


def _teradata(text: str) -> Pairs:
    address, _, properties = text.partition("/")
    return [*read_address(address), *read_commas(properties)]


def _oracle(text: str) -> Pairs:
    """`oracle:thin:user/password@` and an address."""
    login, at, address = text.split(":", 2)[-1].rpartition("@")
    if not at:
        raise ConnectionStringError(NO_HOST)
    user, _, password = map(_unquoted, login.partition("/"))
    pairs = [(key, value) for key, value in (("user", user), ("password", password)) if value]
    return [*read_oracle_address(address), *pairs]


def read_oracle_address(text: str) -> Pairs:
    """A descriptor, `host:port:sid`, or `//host:port/service`.

    Raises ConnectionStringError for another text, such as the name of an entry in tnsnames.ora.
    """
    if DESCRIPTOR.match(text):
        return read_descriptor(text)
    match = EASY.fullmatch(text)
    if match is None or not (match[1] or match[3] or match[4] == "/"):
        raise ConnectionStringError("This names no host and port. If it is an entry of tnsnames.ora, paste that entry.")
    name = "sid" if match[4] == ":" else "service"
    found = (("host", match[2].strip("[]")), ("port", match[3]), (name, match[5]))
    return [*((key, value) for key, value in found if value), *read_query(match[6] or "")]


def read_descriptor(text: str) -> Pairs:
    """`(DESCRIPTION=(ADDRESS=(HOST=h)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=s)))`, of tnsnames.ora.

    Raises ConnectionStringError where no host is in it. How the server runs a process for us (SERVER), and TCP, which
    is what everybody uses, are left out.
    """
    leaves = [(key, _unquoted(value.strip())) for key, value in DESCRIPTOR_LEAF.findall(text)]
    if not any(key.upper() == "HOST" and value for key, value in leaves):
        raise ConnectionStringError(NO_HOST)
    ordinary = {("SERVER", "DEDICATED"), ("SERVER", "SHARED"), ("SERVER", "POOLED"), ("PROTOCOL", "TCP")}
    return [(key, value) for key, value in leaves if (key.upper(), value.upper()) not in ordinary]


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
