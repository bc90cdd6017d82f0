"""The rows that a dataflow is made of, unsaved: both its ends, its mapping set, and itself."""

from wizard.connections.models import BaseConnection
from wizard.dataflows.bodies import (
    FLOW_SPECS,
    flow_body,
    mapping_set_body,
    source_connection_body,
    target_connection_body,
)
from wizard.dataflows.models import Resource, ResourceKind, Selection
from wizard.dataflows.schedules import Schedule


def planned_source(connection: BaseConnection, name: str, description: str, selection: Selection) -> Resource:
    selected = {field: getattr(selection, field) for field in ("object_type", "path", "columns")}
    body = source_connection_body(
        name=name,
        description=description,
        base_connection_id=connection.base_connection_id,
        connection_spec={"id": connection.connection_spec_id, "version": connection.connection_spec_version},
        options=selection.options,
        **selected,
    )
    own = {"name": name, "description": description, "body": body, "selected": selected}
    return Resource(connection=connection, kind=ResourceKind.SOURCE_CONNECTION, **own)


def planned_target(
    connection: BaseConnection, name: str, description: str, dataset_id: str, schema_id: str
) -> Resource:
    body = target_connection_body(name=name, description=description, dataset_id=dataset_id, schema_id=schema_id)
    kind = ResourceKind.TARGET_CONNECTION
    return Resource(connection=connection, kind=kind, name=name, description=description, body=body)


def planned_dataflow(
    source: Resource,
    name: str,
    description: str,
    *,
    dataset_id: str,
    schema_id: str,
    schema_prefix: str,
    schedule: Schedule,
    delta_column: str,
) -> tuple[Resource, Resource, Resource]:
    """In the order in which they are made. They share the dataflow's name."""
    connection, columns = source.connection, [column["name"] for column in source.selected["columns"]]
    target = planned_target(connection, name, description, dataset_id, schema_id)
    mapped = mapping_set_body(schema_id=schema_id, columns=columns, prefix=schema_prefix.strip().strip("."))
    mapping = Resource(connection=connection, kind=ResourceKind.MAPPING_SET, name=name, body=mapped)
    body = flow_body(
        name=name,
        description=description,
        # The ids are filled in when it is sent.
        flow_spec={"name": flow_spec_name(source)},
        source_connection_id="",
        target_connection_id="",
        mapping_id="",
        mapping_version=0,
        schedule=schedule,
        delta_column=delta_column,
    )
    own = {"name": name, "description": description, "body": body}
    flow = Resource(connection=connection, kind=ResourceKind.FLOW, source=source, target=target, mapping=mapping, **own)
    return target, mapping, flow


def flow_spec_name(source: Resource) -> str:
    """The name of the flow spec for what the source connection takes; it is looked up by that."""
    return FLOW_SPECS[source.selected["object_type"]]
