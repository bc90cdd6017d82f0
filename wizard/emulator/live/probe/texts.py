"""PostgreSQL's dates and times as its own text: Python's know neither infinity, nor 24:00, nor years beyond 9999."""

import re

from psycopg.abc import Buffer
from psycopg.types.string import TextLoader
from sqlalchemy import Connection

PLAIN = ("date", "time", "timetz", "interval")
MOMENTS = ("timestamp", "timestamptz")
UTC = re.compile(r"\+00$")


class Moment(TextLoader):
    """2026-01-31 08:00:00+00 as ISO 8601 has it."""

    def load(self, data: Buffer) -> bytes | str:
        found = super().load(data)
        text = found if isinstance(found, str) else found.decode()
        return UTC.sub("+00:00", text.replace(" ", "T", 1))


def read_as_text(connection: Connection) -> None:
    """For all that this connection, one of psycopg's, reads from now on."""
    adapters = connection.connection.driver_connection.adapters  # type: ignore[union-attr]
    for name in PLAIN:
        adapters.register_loader(name, TextLoader)
    for name in MOMENTS:
        adapters.register_loader(name, Moment)
