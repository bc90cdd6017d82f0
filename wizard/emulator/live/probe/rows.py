"""The first rows of a table, so many as are asked for and as fit into an answer."""

import json
from typing import Any

from sqlalchemy import Connection, Select, column, select, table
from sqlalchemy.sql.elements import quoted_name

from wizard.emulator.live.probe.places import Place
from wizard.emulator.live.probe.tables import Table
from wizard.emulator.live.probe.values import as_json

MOST_ROWS = 1000
# Bytes of all rows together; of one cell in a row that alone is longer.
LARGEST = 4 * 1024 * 1024
SMALL_CELL = 1000


def first(
    connection: Connection, place: Place, found: Table, names: list[str], wanted: int | None
) -> dict[str, list[dict[str, Any]]]:
    """Nothing where no rows are wanted. Raises what SQLAlchemy raises."""
    if wanted is None:
        return {}
    quote = None if connection.dialect.requires_name_normalize else True
    source = table(quoted_name(found.name, quote), schema=quoted_name(found.schema, quote))
    statement: Select[*tuple[Any, ...]] = select(*(column(quoted_name(name, quote)) for name in names)).select_from(
        source
    )
    if place.family.streams:
        connection = connection.execution_options(stream_results=True, max_row_buffer=1)
    return {"data": _fitting(names, connection.execute(statement.limit(min(wanted, MOST_ROWS))))}


def _fitting(names: list[str], result: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    left = LARGEST
    for values in result:
        row = dict(zip(names, map(as_json, values), strict=True))
        size = len(json.dumps(row))
        if size > LARGEST:
            row = dict(zip(names, (as_json(value, SMALL_CELL) for value in values), strict=True))
            size = len(json.dumps(row))
        left -= size
        if left < 0:
            break
        rows.append(row)
    return rows
