"""The connection specs that are served: what one can connect, and which params each way to authenticate takes.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/sdk/config/authspec
"""

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.emulator.errors import not_found
from wizard.emulator.filters import filtered
from wizard.emulator.gateway import Call
from wizard.emulator.messages import Response
from wizard.emulator.paging import refuse_unknown

Spec = Mapping[str, Any]
Schema = Mapping[str, Any]
FIELDS = ("id", "name", "providerId", "version", "authSpec", "sourceSpec", "exploreSpec", "targetSpec", "attributes")


class Specs:
    """Takes connectionSpecs as the Flow Service itself writes them."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self._by_id = {spec["id"]: spec for spec in specs}

    def find(self, spec_id: object) -> Spec | None:
        return self._by_id.get(spec_id) if isinstance(spec_id, str) else None

    def listing(self, call: Call) -> Response:
        """GET /connectionSpecs: takes filters and nothing else."""
        refuse_unknown(call.request, ("property",))
        return Response(200, {"items": filtered(call.request.values("property"), list(self._by_id.values()), FIELDS)})

    def read(self, call: Call) -> Response:
        """GET /connectionSpecs/{id}: a list of one."""
        spec = self.find(call.resource_id)
        if not spec:
            raise not_found("connectionSpecs", call.resource_id)
        return Response(200, {"items": [spec]})


def schemas(spec: Spec, auth_spec_name: object) -> list[Schema]:
    """The schemas under that name. Clouds differ, so one name may stand for several."""
    return [entry["spec"] for entry in spec.get("authSpec", []) if entry["name"] == auth_spec_name]


def public_names(entries: list[Schema]) -> set[str]:
    """Params that no schema of that name marks as secret; all others are kept by name alone."""
    every = {name for schema in entries for name in schema.get("properties", {})}
    return {name for name in every if not any(_hides(schema["properties"].get(name)) for schema in entries)}


def _hides(schema: Schema | None) -> bool:
    if not schema:
        return False
    return schema.get("format") == "password" or any(_hides(part) for part in schema.get("properties", {}).values())
