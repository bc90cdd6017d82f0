"""One question on stdin, one answer on stdout, both of them JSON: python -m wizard.emulator.live.probe

{"spec": id, "params": {...}, "hosts": [...], "seconds": 20, "kind": "test" | "root" | "table",
 "path": "schema.table", "rows": null | 10}
"""

import json
import resource
import signal
import sys
from typing import Any

from sqlalchemy.exc import DBAPIError, NoSuchTableError, SQLAlchemyError

from wizard.connection_strings.ado_net import ConnectionStringError
from wizard.emulator.live.probe import engines, hosts, places, rows, tables
from wizard.emulator.live.probe.words import Unusable, spoken

# A server may answer with more than any look needs.
MOST_MEMORY = 2 * 1024**3


def main() -> None:
    question = json.load(sys.stdin)
    # Should nobody be there any more to end us.
    signal.alarm(int(question["seconds"]) + 2)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(answer(question), sys.stdout)


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What to say to the question, whatever goes wrong; no answer ever holds a secret of it."""
    secrets: list[str] = []
    try:
        place = places.read(question["spec"], question["params"])
        secrets = [place.password]
        return {"result": _found(place, question)}
    except (NoSuchTableError, tables.NoTable):
        return {"no_table": True}
    except (Unusable, ConnectionStringError) as error:
        return {"error": spoken(str(error), secrets)}
    except DBAPIError as error:
        return {"error": spoken(" ".join(map(str, getattr(error.orig, "args", ()))) or str(error.orig), secrets)}
    except Exception as error:
        return {"error": _told(error, question)}


def _told(error: Exception, question: dict[str, Any]) -> str:
    """What is no database's own word: of most errors the type alone, for their words may be anything."""
    if isinstance(error, SQLAlchemyError):
        return f"The database was asked what it cannot be asked ({type(error).__name__})."
    if isinstance(error, OSError):
        return f"The connection to the database failed: {error.strerror or 'timed out'}."
    if isinstance(error, MemoryError):
        return "The database answered with more than fits here."
    family = places.family_of(question["spec"])
    label = family.label if family else "database"
    return f"What answered is no {label} that can be understood ({type(error).__name__})."


def _found(place: places.Place, question: dict[str, Any]) -> Any:
    addresses = hosts.checked(place, question["hosts"])
    hosts.guard(addresses)
    with engines.connected(place, addresses, question["seconds"]) as connection:
        if question["kind"] == "root":
            return tables.listing(connection, place)
        if question["kind"] == "table":
            table = tables.named(connection, place, question["path"])
            columns = tables.columns(connection, table)
            names = [column["name"] for column in columns]
            return {"columns": columns} | rows.first(connection, place, table, names, question["rows"])
        return True


if __name__ == "__main__":
    main()
