"""Folders and files of the sample, read as the query says that they are to be read.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/explore/cloud-storage
"""

import csv
from collections.abc import Mapping
from typing import Any

from wizard.emulator import samples
from wizard.emulator.asked import Asked
from wizard.emulator.errors import Refusal, flow, invalid

FILE_TYPES = ("delimited", "json", "parquet")
COMPRESSIONS = ("bzip2", "gzip", "deflate", "zipDeflate", "tarGzip", "tar")
PROPERTIES = ("fileType", "compressionType", "columnDelimiter")
TAB = "\\t"


def folder(asked: Asked) -> list[dict[str, Any]]:
    """What lies in it. Raises Refusal for one that is not there."""
    path = asked.text("object")
    found = samples.folder(path)
    if not found:
        raise _unreadable(f"The folder '{path[:100]}' was not found.")
    return found


def file(asked: Asked) -> dict[str, Any]:
    """Its schema, and its rows if they are wanted. Raises Refusal for one that cannot be read like that."""
    path = asked.text("object")
    given = {name: value for name in PROPERTIES if (value := asked.optional(name)) is not None}
    is_detected = asked.truth("determineProperties")
    if is_detected and given:
        raise flow("1374-400", "The determineProperties flag and properties cannot be in the same request.")
    if not is_detected:
        given = _properties(asked)
    found = samples.FILES.get(path)
    if not found:
        raise _unreadable(f"The file '{path[:100]}' was not found.")
    own = {name: found[name] for name in PROPERTIES}
    schema, rows = _read(found, own if is_detected else given)
    return ({"properties": own} if is_detected else {}) | schema | asked.preview(rows)


def hierarchy(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The format and schema of nested records."""
    merged: dict[str, Any] = {}
    for record in records:
        merged |= {name: value for name, value in record.items() if value is not None or name not in merged}
    return {"format": "hierarchical", "schema": _schema_of(merged)}


def _properties(asked: Asked) -> dict[str, Any]:
    compression = asked.optional("compressionType")
    if compression is not None and compression not in COMPRESSIONS:
        raise invalid("compressionType")
    delimiter = asked.optional("columnDelimiter")
    if delimiter == TAB:
        delimiter = "\t"
    if delimiter is not None and len(delimiter) != 1:
        raise flow("1331-400", "Column Delimiter cannot be more than one character.")
    if delimiter is not None and delimiter in '\r\n"':
        raise invalid("columnDelimiter")
    file_type = asked.file_type(FILE_TYPES)
    return {"fileType": file_type, "compressionType": compression, "columnDelimiter": delimiter or ","}


def _read(found: Mapping[str, Any], how: Mapping[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """Format and schema, and the rows."""
    for name in PROPERTIES[:2]:
        if found[name] != how[name]:
            raise _unreadable(f"The file cannot be read with {name}={how[name]}.")
    if "records" in found:
        return hierarchy(found["records"]), found["records"]
    if "table" in found:
        columns, rows = samples.TABLES[found["table"]]["columns"], samples.rows(found["table"])
    else:
        names, *lines = csv.reader(found["content"].splitlines(), delimiter=how["columnDelimiter"])
        columns = [{"name": name, "type": "string", "xdm": {"type": "string"}} for name in names]
        rows = [dict(zip(names, line, strict=False)) for line in lines]
    return {"format": "flat", "schema": {"columns": columns}}, rows


def _schema_of(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"type": "object", "properties": {name: _schema_of(part) for name, part in value.items()}}
    if isinstance(value, list):
        return {"type": "array", "items": _schema_of(value[0])}
    names = {bool: "boolean", int: "integer", float: "number"}
    return {"type": names.get(type(value), "string")}


def _unreadable(message: str) -> Refusal:
    """What the source itself says comes wrapped."""
    return flow("1308-400", f"The request could not be processed. Error message: {message}")
