"""Mapping sets, which say what column becomes which field: Data Prep's, and no part of the Flow Service.

https://experienceleague.adobe.com/en/docs/experience-platform/data-prep/api/mapping-set
"""

import time
import uuid
from typing import Any

from wizard.emulator.errors import flow, problem
from wizard.emulator.gateway import Call, Caller
from wizard.emulator.messages import Response
from wizard.emulator.paging import refuse_unknown
from wizard.emulator.resources import json_object, person
from wizard.emulator.store import Item, Store

ROOT = "/data/foundation/conversion"
KIND = "mappingSets"


class MappingSets:
    """Every method raises Refusal for what the API refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, call: Call) -> Response:
        """POST /mappingSets: 200, with what the service itself wrote into it."""
        refuse_unknown(call.request, ())
        body = json_object(call.request)
        _check(body)
        now, who = int(time.time() * 1000), person(call.caller)
        made = {"id": uuid.uuid4().hex, "version": 0, "createdDate": now, "modifiedDate": now}
        made |= {"createdBy": who, "modifiedBy": who}
        self._store.add(KIND, call.caller.org, call.caller.sandbox, {**body, **made, "etag": ""})
        return Response(200, made)

    def check(self, caller: Caller, mapping_id: str, version: int, target: Item) -> None:
        """Raises Refusal for a mapping that a dataflow to that target connection cannot have."""
        found = self._store.find(KIND, caller.org, caller.sandbox, mapping_id)
        if not found:
            raise flow("1419-400", f"Error while validating mapping with id {mapping_id[:100]}, version {version}.")
        if version != found["version"]:
            raise flow("1412-400", "Invalid Mapping Version in request.")
        schema = target["data"].get("schema")
        if schema and schema["id"] != found["xdmSchema"]:
            sentence = "Error while matching schema in target dataset {} with schema in mapping {}."
            raise flow("1425-400", sentence.format(target.get("params", {}).get("dataSetId"), mapping_id))


def _check(body: dict[str, Any]) -> None:
    """No page says how Data Prep refuses: in the form of Adobe's problems, with what is wrong."""
    for name in ("xdmSchema", "xdmVersion"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise problem(400, f"{name} must be a text.")
    if body.get("id") is not None:
        raise problem(400, "The id of a new mapping set is null.")
    mappings = body.get("mappings")
    if not isinstance(mappings, list) or not mappings:
        raise problem(400, "mappings must be a list of mappings.")
    for number, mapping in enumerate(mappings):
        for name in ("destinationXdmPath", "sourceAttribute"):
            if not isinstance(mapping, dict) or not isinstance(mapping.get(name), str) or not mapping[name]:
                raise problem(400, f"mappings[{number}].{name} must be a text.")
