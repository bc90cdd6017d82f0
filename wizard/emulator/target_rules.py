"""What a target connection must say: the dataset in the data lake, and the schema that its data follow.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/collect/database-nosql
"""

from wizard.emulator.creation import check_name, found_spec
from wizard.emulator.ends import text_at
from wizard.emulator.errors import flow, invalid, missing
from wizard.emulator.gateway import Caller
from wizard.emulator.specs import Spec, Specs
from wizard.emulator.store import Item

DATA_LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
# In its latest minor version, which may be written out.
SCHEMA_VERSIONS = tuple(f"application/vnd.adobe.xed-full+json;version=1{minor}" for minor in ("", ".0"))


class TargetRules:
    fields: tuple[str, ...] = ("name", "description", "data", "params", "connectionSpec")

    def __init__(self, specs: Specs) -> None:
        self._specs = specs

    def spec(self, given: object) -> Spec:
        if isinstance(given, dict) and given.get("id") not in (None, DATA_LAKE):
            sentence = "The target connection spec ID is not valid={}. The allowed value is: {}."
            raise flow("1307-400", sentence.format(str(given["id"])[:100], DATA_LAKE))
        return found_spec(given, self._specs)

    def checked(self, _caller: Caller, item: Item, /, *, is_complete: bool) -> Item:
        if "name" in item:
            check_name(item["name"])
        if is_complete and not text_at(item, "params", "dataSetId"):
            raise flow("1325-400", "The dataSetId param cannot be null or empty in target connection.")
        if "schema" in item["data"]:
            _check_schema(item["data"]["schema"])
        return item


def _check_schema(schema: object) -> None:
    if not isinstance(schema, dict):
        raise invalid("data.schema")
    for name in ("id", "version"):
        if schema.get(name) is None:
            raise missing(f"data.schema.{name}")
        if not isinstance(schema[name], str) or not schema[name]:
            raise invalid(f"data.schema.{name}")
    if schema["version"] not in SCHEMA_VERSIONS:
        raise invalid("data.schema.version")
