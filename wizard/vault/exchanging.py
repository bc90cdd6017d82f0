"""Sealed values of many rows, exchanged in a few statements: thousands of UPDATEs of the ORM take minutes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction

# A row, and its new values by name.
Changed = tuple[Any, Mapping[str, bytes]]


def exchange(model: type[models.Model], names: Sequence[str], found: Sequence[Changed]) -> bool:
    """All of them or none: False where one of the rows has, under these names, other values than it was read with."""
    alike: dict[str, list[list[Any]]] = {}
    for row, new in found:
        statement, values = _update(model, names, row, new)
        alike.setdefault(statement, []).append(values)
    with transaction.atomic(), connection.cursor() as cursor:
        kept = 0
        for statement, rows in alike.items():
            cursor.executemany(statement, rows)
            kept += cursor.rowcount
        if kept != len(found):
            transaction.set_rollback(True)
    return kept == len(found)


def _update(
    model: type[models.Model], names: Sequence[str], row: Any, new: Mapping[str, bytes]
) -> tuple[str, list[Any]]:
    """The UPDATE of one row, which finds it as it was read, and what stands in it."""
    key, quoted = model._meta.pk, connection.ops.quote_name
    as_read = {name: getattr(row, name) for name in names}
    # A SealedField's column has its name.
    given = ", ".join(f"{quoted(name)} = %s" for name in new)
    before = (f"{quoted(name)} {'IS NULL' if value is None else '= %s'}" for name, value in as_read.items())
    conditions = " AND ".join([f"{quoted(str(key.column))} = %s", *before])
    # Names of tables and columns alone; all values are parameters.
    statement = f"UPDATE {quoted(model._meta.db_table)} SET {given} WHERE {conditions}"  # noqa: S608  # nosec B608  # our own names
    there = (_stored(value) for value in as_read.values() if value is not None)
    return statement, [*map(_stored, new.values()), key.get_db_prep_value(row.pk, connection), *there]


def _stored(value: bytes) -> Any:
    return models.BinaryField().get_db_prep_value(value, connection)
