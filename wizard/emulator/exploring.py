"""What one sees when one looks into a connection: the sample, as tables, as files, or as records of a REST API.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/explore/tabular
"""

import base64
from typing import Any

from wizard.catalog.categories import category_of
from wizard.emulator import explored_files, samples
from wizard.emulator.asked import Asked
from wizard.emulator.errors import Refusal, flow
from wizard.emulator.messages import Request, parse_json
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
# Nothing in a connection spec says so: these sources are documented with objectType=rest.
REST = (
    "d8ee38de-7ae9-4058-9610-c79ce75f8e92",  # SAP Commerce
    "59a4b493-a615-40f9-bd38-f823d0909a2b",  # SugarCRM, LinkedIn Ads
    "0a27232b-2c6e-4396-b8c6-c9fc24e37ba4",  # Zendesk
    "c8ce8c8c-37fb-4162-9fbf-c2f181e04a7a",  # Mailchimp Campaigns
    "2e8580db-6489-4726-96de-e33f5f60295f",  # Mailchimp Members
    "fdf850b4-5a8d-4a5a-9ce8-4caef9abb2a8",  # Oracle NetSuite
    "cc2c31d6-7b8c-4581-b49f-5c8698aa3ab3",  # Stripe
    "f82aae23-91e7-4884-b25f-2d2159d841fd",  # Pinterest Ads
    "fd2c8ff3-1de0-4f6b-8fa8-4264784870eb",  # Mixpanel
    "cf16d886-c627-4872-9936-fb08d6cba8cc",  # OneTrust
)
# What can be looked at where the data lie like that.
WITHIN = {"tables": ("root", "table"), "files": ("root", "folder", "file"), "streamed": ("root",)}


def object_type(request: Request) -> str:
    """What is asked for, in lower case. Raises Refusal for a query that is none."""
    refuse_unknown(request, PARAMETERS)
    given = request.value("objectType")
    if not given:
        raise flow("1359-400", "The parameter 'objectType' is missing or empty.")
    # The OpenAPI file writes capitals, the tutorials lower case.
    if given.lower() not in OBJECT_TYPES:
        raise _not_valid()
    return given.lower()


def shape_of(spec: Spec) -> str:
    """How the source's data lie: as `tables`, as `files`, as `streamed` tables; "" where nothing says."""
    category = category_of(str(spec.get("attributes", {}).get("category")))
    is_streaming = spec.get("providerId") == STREAMING_PROVIDER
    if category == "databases" and is_streaming:
        return "streamed"
    if category in TABULAR and not is_streaming:
        return "tables"
    return "files" if category == "cloud-storage" and not is_streaming else ""


def is_rest(spec: Spec) -> bool:
    return spec.get("id") in REST


def contents(kind: str, request: Request, spec_id: str, spec: Spec | None) -> Any:
    """What stands there. Raises Refusal for a source that has none of that kind, and for what is not there."""
    shape, asked = shape_of(spec or {}), Asked(request, kind)
    if kind == "rest" and is_rest(spec or {}):
        return _records(asked)
    # Of Snowflake streaming nothing is documented but its root.
    if not shape or (shape == "streamed" and kind != "root"):
        raise flow("1336-400", f"Explore is not supported for the connection spec {spec_id}.")
    if kind not in WITHIN[shape]:
        raise _not_valid()
    if kind == "table":
        return _table(asked)
    if kind == "root":
        return _root(shape)
    return explored_files.folder(asked) if kind == "folder" else explored_files.file(asked)


def _root(shape: str) -> Any:
    if shape == "streamed":
        # Snowflake streaming answers like this, alone among all sources.
        return {"items": [{"type": entry["type"], "name": entry["name"]} for entry in samples.tables()]}
    return samples.tables() if shape == "tables" else samples.folder("/")


def _table(asked: Asked) -> Any:
    path = asked.text("object")
    if path not in samples.TABLES:
        raise flow("1330-400", f"No columns were found for table {path[:100]}.")
    found = {"format": "flat", "schema": {"columns": samples.TABLES[path]["columns"]}}
    return found | asked.preview(samples.rows(path))


def _records(asked: Asked) -> Any:
    """GET ...?objectType=rest&object=json&fileType=json&preview=true&sourceParams=..."""
    asked.text("object")
    asked.file_type(("json",))
    _check_source_params(asked.text("sourceParams"))
    records = samples.FILES["/sample events/events.json"]["records"]
    return explored_files.hierarchy(records) | asked.preview(records)


def _check_source_params(text: str) -> None:
    try:
        # In a query a plus sign that nobody encoded has become a space.
        raw = base64.b64decode(text.replace(" ", "+") + "=" * (-len(text) % 4), validate=True)
        is_object = isinstance(parse_json(raw), dict)
    except ValueError:
        is_object = False
    if not is_object:
        raise flow("1389-400", "An error occurred while parsing the provided base64-encoded string.")


def _not_valid() -> Refusal:
    return flow("1358-400", "The parameter 'objectType' is not valid.")
