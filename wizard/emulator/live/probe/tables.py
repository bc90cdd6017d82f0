"""What a database holds: its tables and views, and the columns of one, as explore answers them.

A path is schema.table; a part with a dot or a quote in it stands in the database's own quotes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.engine.reflection import Inspector

from wizard.emulator.live.probe import xdm
from wizard.emulator.live.probe.places import Place
from wizard.emulator.live.probe.words import Unusable

MOST_TABLES = 50_000
OPEN = {"canPreview": True, "canFetchSchema": True}
NEEDS_QUOTES = re.compile(r"[.\"`\[\]]")


class NoTable(Exception):
    """There is no table at this path."""


@dataclass(frozen=True)
class Table:
    schema: str
    name: str


def listing(connection: Connection, place: Place) -> list[dict[str, Any]]:
    """Raises Unusable for more tables than an answer takes."""
    found = []
    inspector = inspect(connection)
    for schema in _schemas(inspector, place):
        for kind, name in _of(inspector, schema):
            found.append({"type": kind, "name": name, "path": _path(connection, schema, name), **OPEN})
        if len(found) > MOST_TABLES:
            raise Unusable(f"The database has more than {MOST_TABLES:,} tables: more than one answer takes.")
    return found


def named(connection: Connection, place: Place, path: str) -> Table:
    """Raises NoTable for a path that leads to none."""
    parts = _parts(connection, path)
    inspector = inspect(connection)
    if len(parts) != 2 or parts[0] not in _schemas(inspector, place):
        raise NoTable
    table = Table(*parts)
    if not (inspector.has_table(table.name, table.schema) or table.name in dict(_names(inspector, table.schema))):
        raise NoTable
    return table


def columns(connection: Connection, table: Table) -> list[dict[str, Any]]:
    """Name, the database's own type, and the type in XDM of each."""
    found, types = xdm.reflected(connection, table.name, table.schema)
    # SQLAlchemy reads MySQL's columns out of SHOW CREATE TABLE, and leaves their names as they are quoted there.
    quote = connection.dialect.identifier_preparer.final_quote
    doubled = quote * 2 if quote == "`" else "\0"
    names = [str(column["name"]) for column in found]
    return [{"name": name.replace(doubled, quote), **xdm.described(types[name])} for name in names]


def _schemas(inspector: Inspector, place: Place) -> list[str]:
    if place.schema:
        return [place.schema]
    if not place.family.all_schemas:
        return [str(inspector.default_schema_name)]
    return [name for name in inspector.get_schema_names() if name not in place.family.hidden_schemas]


def _of(inspector: Inspector, schema: str) -> Iterator[tuple[str, str]]:
    """Kind and name of each, tables first."""
    yield from ((kind, name) for name, kind in _names(inspector, schema))


def _names(inspector: Inspector, schema: str) -> Iterator[tuple[str, str]]:
    kinds = (
        ("table", inspector.get_table_names),
        ("view", inspector.get_view_names),
        ("view", inspector.get_materialized_view_names),
    )
    for kind, names in kinds:
        try:
            found = names(schema)
        except NotImplementedError:
            found = []
        yield from ((str(name), kind) for name in found)


def _path(connection: Connection, schema: str, name: str) -> str:
    preparer = connection.dialect.identifier_preparer
    first, last = preparer.initial_quote, preparer.final_quote
    # A path is no statement: no percent sign is doubled in it for the driver.
    quoted = (f"{first}{part.replace(last, last * 2)}{last}" for part in (schema, name))
    return ".".join(
        whole if NEEDS_QUOTES.search(part) else part for whole, part in zip(quoted, (schema, name), strict=True)
    )


def _parts(connection: Connection, path: str) -> list[str]:
    """The inverse of _path; nothing for a text that is none."""
    preparer = connection.dialect.identifier_preparer
    first, last = re.escape(preparer.initial_quote), re.escape(preparer.final_quote)
    part = rf"{first}((?:[^{last}]|{last}{last})+){last}|([^.\"`\[\]]+)"
    match = re.fullmatch(rf"(?:{part})\.(?:{part})", path)
    if match is None:
        return []
    double = preparer.final_quote
    quoted, plain, quoted_too, plain_too = match.groups()
    found = ((quoted, plain), (quoted_too, plain_too))
    return [bare if bare is not None else inner.replace(double * 2, double) for inner, bare in found]
