"""What a source connection must say: which data, and where in its base connection they are.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/errors/sources-errors
"""

from typing import Any

from wizard.emulator import exploring, states
from wizard.emulator.creation import check_name, found_spec
from wizard.emulator.ends import text_at
from wizard.emulator.errors import Refusal, flow, invalid, missing
from wizard.emulator.gateway import Caller
from wizard.emulator.resources import Resources
from wizard.emulator.specs import LANDING_ZONE, Spec, Specs
from wizard.emulator.store import Item

FORMATS = ("tabular", "delimited", "json", "parquet")


class SourceRules:
    fields: tuple[str, ...] = ("name", "description", "baseConnectionId", "data", "params", "connectionSpec")

    def __init__(self, specs: Specs, connections: Resources) -> None:
        self._specs = specs
        self._connections = connections

    def spec(self, given: object) -> Spec:
        return found_spec(given, self._specs)

    def checked(self, caller: Caller, item: Item, /, *, is_complete: bool) -> Item:
        check_name(item.get("name"))
        spec = self._specs.find(item["connectionSpec"]["id"]) or {}
        item = item | self._inherited(caller, item, spec, is_complete)
        _check_delimiter(item)
        if is_complete:
            _check_format(item, spec)
        if "columns" in item.get("params", {}):
            _check_columns(item["params"]["columns"])
        return item

    def _inherited(self, caller: Caller, item: Item, spec: Spec, is_complete: bool) -> Item:
        base_id = item.get("baseConnectionId")
        if base_id is None:
            if spec.get("authSpec"):
                raise missing("baseConnectionId")
            return {}
        if spec.get("id") == LANDING_ZONE:
            sentence = "The source connection request with the connectionSpecId {} cannot have a baseConnectionId."
            raise flow("1332-400", sentence.format(LANDING_ZONE))
        if not isinstance(base_id, str):
            raise invalid("baseConnectionId")
        base = self._connections.referred(caller, base_id)
        if is_complete:
            states.refuse_draft(base)
        return {"inheritedAttributes": {"baseConnection": {"id": base_id, "connectionSpec": base["connectionSpec"]}}}


def _check_format(item: Item, spec: Spec) -> None:
    given, shape = text_at(item, "data", "format"), exploring.shape_of(spec)
    if not given:
        raise _empty("format")
    of_shape = {"tables": FORMATS[:1], "files": FORMATS[1:]}
    allowed = FORMATS if exploring.is_rest(spec) else of_shape.get(shape, FORMATS)
    if given not in allowed:
        sentence = "The format of source data supplied={} is not supported. The allowed values are: {}."
        raise flow("1327-400", sentence.format(given[:100], ", ".join(allowed)))
    if given == "tabular" and not text_at(item, "params", "tableName"):
        raise _empty("tableName")
    if shape == "files" and not text_at(item, "params", "path"):
        raise _empty("path")


def _check_delimiter(item: Item) -> None:
    properties = item["data"].get("properties", {})
    if not isinstance(properties, dict):
        raise invalid("data.properties")
    for place in (item["data"], properties):
        delimiter = place.get("columnDelimiter", ",")
        if not isinstance(delimiter, str) or not delimiter:
            raise invalid("data.columnDelimiter")
        if len(delimiter) > 1:
            raise flow("1331-400", "Column Delimiter cannot be more than one character in SourceConnection.")


def _check_columns(columns: Any) -> None:
    if not isinstance(columns, list):
        raise invalid("params.columns")
    for number, column in enumerate(columns):
        if not isinstance(column, dict) or not isinstance(column.get("name"), str) or not column["name"]:
            raise invalid(f"params.columns[{number}]")


def _empty(entity: str) -> Refusal:
    return flow("1323-400", f"The {entity} cannot be null or empty in the source connection.")
