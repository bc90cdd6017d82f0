"""The connection specs that are served: what one can connect, and which params each way to authenticate takes.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/sdk/config/authspec
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wizard.catalog.loader import load_catalog
from wizard.emulator.errors import not_found
from wizard.emulator.filters import filtered
from wizard.emulator.gateway import Call
from wizard.emulator.messages import Response
from wizard.emulator.paging import refuse_unknown

Spec = Mapping[str, Any]
Schema = Mapping[str, Any]
# The Data Landing Zone is there without a base connection, and takes none.
LANDING_ZONE = "26f526f2-58f4-4712-961d-e41bf1ccc0e8"
FIELDS = ("id", "name", "providerId", "version", "authSpec", "sourceSpec", "exploreSpec", "targetSpec", "attributes")


def documented() -> list[Spec]:
    """Those of the catalog's files; of several with one id, the id's owner comes first."""
    return [spec.wire for spec in sorted(load_catalog().specs, key=lambda spec: spec.variant)]


class Specs:
    """Takes connectionSpecs as the Flow Service itself writes them, and what is none: that is listed, no more."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self._at_start = _joined(specs)
        self._items: list[Any] = self._at_start

    def __len__(self) -> int:
        return len(self._items)

    def put(self, items: Iterable[Any]) -> None:
        """Adds items, each in the place of the one that has its id."""
        new = list(items)
        replaced = {_id_of(item) for item in new} - {None}
        self._items = [item for item in self._items if _id_of(item) not in replaced] + new

    def reset(self) -> None:
        self._items = self._at_start

    def find(self, spec_id: object) -> Spec | None:
        """What of that spec a connection can be checked against; None for one that is no connectionSpec."""
        found = (item for item in self._items if isinstance(spec_id, str) and _id_of(item) == spec_id)
        return next(map(_well_formed, found), None)

    def listing(self, call: Call) -> Response:
        """GET /connectionSpecs: takes filters and nothing else."""
        refuse_unknown(call.request, ("property",))
        return Response(200, {"items": filtered(call.request.values("property"), list(self._items), FIELDS)})

    def read(self, call: Call) -> Response:
        """GET /connectionSpecs/{id}: a list of one."""
        found = [item for item in self._items if _id_of(item) == call.resource_id]
        if not found:
            raise not_found("connectionSpecs", call.resource_id)
        return Response(200, {"items": found[:1]})


def schemas(spec: Spec, auth_spec_name: object) -> list[Schema]:
    """The schemas under that name. Clouds differ, so one name may stand for several."""
    return [entry["spec"] for entry in spec.get("authSpec", []) if entry["name"] == auth_spec_name]


def properties(schema: object) -> Iterator[tuple[str, Any]]:
    """Name and schema of each property, also of those that only a branch names; nothing for what is no schema."""
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("properties"), dict):
        yield from schema["properties"].items()
    branches = [schema.get(name) for name in ("then", "else")]
    for name in ("allOf", "anyOf", "oneOf"):
        branches += schema[name] if isinstance(schema.get(name), list) else []
    for branch in branches:
        yield from properties(branch)


def public_names(entries: list[Schema]) -> set[str]:
    """Params that no schema of that name marks as secret; all others are kept by name alone."""
    every = [pair for schema in entries for pair in properties(schema)]
    return {name for name, _ in every} - {name for name, rules in every if _hides(rules)}


def _hides(rules: object) -> bool:
    if not isinstance(rules, dict):
        return False
    return rules.get("format") == "password" or any(_hides(part) for _, part in properties(rules))


def _joined(specs: Iterable[Spec]) -> list[Spec]:
    """One spec for each id: of documents that share one the first, with the ways to authenticate of all of them."""
    found: dict[str, dict[str, Any]] = {}
    for spec in specs:
        if "id" not in spec:
            continue
        joined = found.setdefault(spec["id"], {**spec, "authSpec": []})
        joined["authSpec"] += [way for way in spec.get("authSpec", []) if way not in joined["authSpec"]]
    return [spec if spec["authSpec"] else _without_ways(spec) for spec in found.values()]


def _without_ways(spec: Spec) -> Spec:
    return {name: value for name, value in spec.items() if name != "authSpec"}


def _id_of(item: object) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else None


def _well_formed(item: Spec) -> Spec | None:
    ways, attributes = item.get("authSpec") or [], item.get("attributes")
    if not isinstance(item.get("version"), str) or not isinstance(ways, list):
        return None
    if not all(isinstance(way, dict) and isinstance(way.get("spec"), dict) and "name" in way for way in ways):
        return None
    return {**item, "authSpec": ways, "attributes": attributes if isinstance(attributes, dict) else {}}
