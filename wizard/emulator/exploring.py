"""What one sees when one looks into a connection: a small sample shop, as tables or as files.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/explore/tabular
"""

import json
from pathlib import Path
from typing import Any

from wizard.catalog.categories import category_of
from wizard.emulator.errors import Refusal, flow
from wizard.emulator.messages import Request
from wizard.emulator.paging import refuse_unknown
from wizard.emulator.specs import Spec

PARAMETERS = (
    *("objectType", "object", "preview", "previewCount", "primaryKey", "sourceParams", "determineProperties"),
    *("fileType", "FileType", "compressionType", "CompressionType", "columnDelimiter", "encoding"),
)
OBJECT_TYPES = ("root", "table", "folder", "file", "rest")
STREAMING_PROVIDER = "521eee4d-8cbe-4906-bb48-fb6bd4450033"
TABULAR = (
    *("databases", "crm", "customer-success", "ecommerce"),
    *("marketing-automation", "payments", "advertising"),
)
SAMPLE: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("sample.json").read_text("utf-8"))


def object_type(request: Request) -> str:
    """What is asked for, in lower case. Raises Refusal for a query that is none."""
    refuse_unknown(request, PARAMETERS)
    given = request.value("objectType")
    if not given:
        raise flow("1359-400", "The parameter 'objectType' is missing or empty.")
    # The OpenAPI file writes capitals, the tutorials lower case.
    if given.lower() not in OBJECT_TYPES:
        raise flow("1358-400", "The parameter 'objectType' is not valid.")
    return given.lower()


def contents(kind: str, spec_id: str, spec: Spec | None) -> Any:
    """What stands at the root. Raises Refusal for a source that has none, and for all that lies deeper."""
    if kind != "root" or not spec:
        raise _unsupported(spec_id)
    category = category_of(str(spec["attributes"].get("category")))
    is_streaming = spec.get("providerId") == STREAMING_PROVIDER
    if category == "databases" and is_streaming:
        # Snowflake streaming answers like this, alone among all sources.
        return {"items": [{"type": entry["type"], "name": entry["name"]} for entry in SAMPLE["tables"]]}
    if category in TABULAR and not is_streaming:
        return SAMPLE["tables"]
    if category == "cloud-storage" and not is_streaming:
        return SAMPLE["files"]
    raise _unsupported(spec_id)


def _unsupported(spec_id: str) -> Refusal:
    return flow("1336-400", f"Explore is not supported for the connection spec {spec_id}.")
