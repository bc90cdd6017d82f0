"""What stands behind a connection when the local Flow Service looks into real databases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wizard.emulator.asked import Asked
from wizard.emulator.errors import Refusal, flow
from wizard.emulator.live.databases import family_of
from wizard.emulator.live.kept import Kept, remove_kept
from wizard.emulator.live.probing import Prober, TooBusy
from wizard.emulator.store import Item

ROWS = 10
FORGOTTEN = (
    "The credentials of this connection are not kept: they were sent before the local Flow Service looked into real "
    "databases. Edit the connection and type its secrets again."
)


class Live:
    """`keep`, `keep_changed` and `forget` follow what happens to a connection; `test` and `explore` connect."""

    def __init__(self, kept: Kept, prober: Prober) -> None:
        self._kept = kept
        self._prober = prober

    def close(self) -> None:
        self._kept.close()

    def reaches(self, item: Item) -> bool:
        """Whether a driver connects to that source; behind the others is the sample."""
        return family_of(item["connectionSpec"]["id"]) is not None

    def keep(self, item: Item, params: Mapping[str, Any]) -> None:
        """The secrets of a new connection, out of all its params."""
        self._kept.keep(item["id"], {name: params[name] for name in item["secretParams"]})

    def keep_changed(self, item: Item, new: Mapping[str, Any]) -> None:
        """The new secrets, and of the others those that the connection still has."""
        before = {**self._kept.secrets(item["id"]), **new}
        self._kept.keep(item["id"], {name: before[name] for name in item.get("secretParams", ()) if name in before})

    def forget(self, connection_id: str) -> None:
        self._kept.forget(connection_id)

    def test(self, item: Item) -> None:
        """Returns when the database lets us in. Raises the Refusal that tells why it does not."""
        self._look(item, "test")

    def explore(self, item: Item, asked: Asked, kind: str) -> Any:
        """Tables and views, or the columns of one and the rows that are wanted. Raises Refusal."""
        if kind == "root":
            return self._look(item, "root")
        path, wanted = asked.text("object"), asked.rows_wanted(ROWS)
        found = self._look(item, "table", path=path, rows=wanted)
        rows = {"data": found["data"]} if "data" in found else {}
        return {"format": "flat", "schema": {"columns": found["columns"]}, **rows}

    def _look(self, item: Item, kind: str, **more: Any) -> Any:
        secrets = self._kept.secrets(item["id"])
        if any(name not in secrets for name in item.get("secretParams", ())):
            raise _wrapped(FORGOTTEN)
        params = item.get("auth", {}).get("params", {}) | secrets
        try:
            found = self._prober.ask({"spec": item["connectionSpec"]["id"], "params": params, "kind": kind} | more)
        except TooBusy:
            raise flow("1103-503", "Too many looks into databases are under way. Try again.") from None
        if "no_table" in found:
            raise flow("1330-400", f"No columns were found for table {str(more.get('path'))[:100]}.")
        if "result" not in found:
            raise _wrapped(str(found.get("error")))
        return found["result"]


def _wrapped(words: str) -> Refusal:
    """What the source itself says comes wrapped, as Adobe's batch connectors wrap it."""
    return flow("1308-400", f"The request could not be processed. Error message: {words}")


def live_or_not(data_dir: Path, prober: Prober | None) -> Live | None:
    """None without a prober; what a live run kept is gone then."""
    if prober is None:
        remove_kept(data_dir)
        return None
    return Live(Kept(data_dir), prober)
