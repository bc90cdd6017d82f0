"""The rows that a dataflow is made of, unsaved: its target connection, its mapping set, and itself."""

from wizard.connections.models import BaseConnection
from wizard.dataflows.bodies import FLOW_SPECS, flow_body, mapping_set_body, target_connection_body
from wizard.dataflows.models import Resource, ResourceKind
from wizard.dataflows.schedules import Schedule


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
