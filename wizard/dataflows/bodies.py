"""The bodies of what leads from a base connection to a dataflow. Ids may be {PLACEHOLDERS} as well.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/collect/database-nosql
https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/collect/cloud-storage
"""

from collections.abc import Mapping, Sequence
from typing import Any

from wizard.catalog.datatypes import ConnectionSpec
from wizard.catalog.loader import load_catalog
from wizard.dataflows.schedules import Schedule
from wizard.dataflows.xdm_paths import source_attribute, xdm_paths

# By the objectType of the explore calls that show the data.
FLOW_SPECS = {"table": "CRMToAEP", "file": "CloudStorageToAEP", "rest": "RestStorageToAEP"}
# The latest minor version of a schema's first major one.
SCHEMA_VERSION = "application/vnd.adobe.xed-full+json;version=1"
# As explore calls write a tab.
TAB = "\\t"


def lake_spec() -> ConnectionSpec:
    """The connection spec of datasets, which is where a dataflow ends: the one that has a targetSpec."""
    return next(spec for spec in load_catalog().specs if "targetSpec" in spec.wire)


def leads_to_target(connection_spec_id: str) -> bool:
    """Whether that spec is an end of dataflows, not a beginning: then there is a target connection to make, no more."""
    return connection_spec_id == lake_spec().id


def takes_delta_column(object_type: str) -> bool:
    """Whether such a dataflow has to be told which column says what is new: of files, their dates do."""
    return object_type == "table"


def source_connection_body(
    *,
    name: str,
    description: str,
    base_connection_id: str,
    connection_spec: Mapping[str, str],
    object_type: str,
    path: str,
    columns: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """The documented body, for a connectionSpec's id and version.

    `columns` are as explore gave them, none for all; `options` are how a file is read (fileType, columnDelimiter,
    compressionType), or a REST API's sourceParams.
    """
    makers = {"table": _table, "file": _file, "rest": _records}
    data, params = makers[object_type](path, columns, options)
    own = {"baseConnectionId": base_connection_id, "data": data, "params": params}
    return _named(name, description) | own | {"connectionSpec": dict(connection_spec)}


def target_connection_body(*, name: str, description: str, dataset_id: str, schema_id: str) -> dict[str, Any]:
    """The documented body: it names no base connection. `schema_id` is the schema's $id, a URI."""
    spec = lake_spec()
    return _named(name, description) | {
        "data": {"schema": {"id": schema_id, "version": SCHEMA_VERSION}},
        "params": {"dataSetId": dataset_id},
        "connectionSpec": {"id": spec.id, "version": spec.version},
    }


def mapping_set_body(*, schema_id: str, columns: Sequence[str], prefix: str) -> dict[str, Any]:
    """Each column to the XDM field of its name (see xdm_paths) below the prefix, a path that may be empty."""
    fixed = {"identity": False, "identityGroup": None, "namespaceCode": None, "version": 0}
    mappings = [
        {"destinationXdmPath": path, "sourceAttribute": source_attribute(column), **fixed}
        for column, path in xdm_paths(columns, prefix).items()
    ]
    return {"version": 0, "xdmSchema": schema_id, "xdmVersion": "1.0", "id": None, "mappings": mappings}


def flow_body(
    *,
    name: str,
    description: str,
    flow_spec: Mapping[str, str],
    source_connection_id: str,
    target_connection_id: str,
    mapping_id: str,
    mapping_version: int | str,
    schedule: Schedule,
    delta_column: str,
) -> dict[str, Any]:
    """The documented body, for a flowSpec's id and version; without Copy where there is no delta column."""
    copies = [{"name": "Copy", "params": {"deltaColumn": {"name": delta_column}}}] if delta_column else []
    mapping = {"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": mapping_version}}
    return _named(name, description) | {
        "flowSpec": dict(flow_spec),
        "sourceConnectionIds": [source_connection_id],
        "targetConnectionIds": [target_connection_id],
        "transformations": [*copies, mapping],
        "scheduleParams": schedule.params(),
    }


def _named(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "description": description} if description else {"name": name}


def _table(path: str, columns: Sequence[Mapping[str, Any]], _options: Mapping[str, Any]) -> tuple[Any, Any]:
    chosen = {"columns": [dict(column) for column in columns]} if columns else {}
    return {"format": "tabular"}, {"tableName": path, **chosen}


def _file(path: str, _columns: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> tuple[Any, Any]:
    file_type, delimiter = options.get("fileType") or "delimited", options.get("columnDelimiter")
    how: dict[str, Any] = {}
    if delimiter and file_type == "delimited":
        how["columnDelimiter"] = "\t" if delimiter == TAB else delimiter
    if options.get("compressionType"):
        how["compressionType"] = options["compressionType"]
    return {"format": file_type, **({"properties": how} if how else {})}, {"path": path, "type": "file"}


def _records(_path: str, _columns: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> tuple[Any, Any]:
    return {"format": "json"}, dict(options.get("sourceParams") or {})
