"""The requests as curl commands: one for each step, and all of them as a file."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wizard.dataflows.completing import completed
from wizard.dataflows.models import Resource, ResourceKind
from wizard.handing_over.placeholders import as_json
from wizard.handing_over.requests import (
    DATA_PREP,
    FLOW_SERVICE,
    FLOW_SPEC_ID,
    FLOW_SPEC_VERSION,
    MAPPING_ID,
    MAPPING_VERSION,
    SOURCE_CONNECTION_ID,
    TARGET_CONNECTION_ID,
    Handover,
    Step,
)
from wizard.values.request import Preview
from wizard.values.shown import target

ADDRESSES = {
    ResourceKind.SOURCE_CONNECTION: ("/sourceConnections", FLOW_SERVICE),
    ResourceKind.TARGET_CONNECTION: ("/targetConnections", FLOW_SERVICE),
    ResourceKind.MAPPING_SET: ("/mappingSets", DATA_PREP),
    ResourceKind.FLOW: ("/flows", FLOW_SERVICE),
}

HEAD = """\
#!/bin/sh
# From a base connection to its dataflow: one command for each step, in this order. Each of them makes something anew.
# Replace the {PLACEHOLDERS} before you run a command; below each stands what its answer says about the next ones.
"""


def command(handed: Handover, step: Step) -> str:
    """The step as one shell command."""
    at = replace(handed.target, url=handed.urls[step.service])
    body = "" if step.body is None else as_json(step.body)
    return Preview(at, body, "", step.method, "".join(step.path)).as_curl()


def script(handed: Handover) -> str:
    """All of them. In its comments stands nothing but our own words."""
    return "\n".join([HEAD, *_parts(handed)])


def _parts(handed: Handover) -> Iterator[str]:
    for number, step in enumerate(handed.steps, 1):
        yield f"# {number}. {step.name}. {step.explanation}\n{command(handed, step)}"
        for taken in step.takes:
            yield f"""# {taken.placeholder} below is its answer's "{taken.words}"."""
        yield ""


def of_resource(resource: Resource) -> str:
    """The request that made it, or is to make it; ids that are not known yet are placeholders."""
    address, service = ADDRESSES[ResourceKind(resource.kind)]
    connection = resource.connection
    handed = Handover(target(connection.organization, connection.sandbox_name), ())
    return command(handed, Step("", "", "", "POST", (address,), _body(resource), service=service))


def _body(resource: Resource) -> dict[str, Any]:
    if resource.kind != ResourceKind.FLOW:
        return dict(resource.body)
    source, to, mapping = resource.source, resource.target, resource.mapping
    found = mapping if mapping and mapping.remote_id else None
    has_id = "id" in resource.body["flowSpec"]
    return completed(
        resource.body,
        flow_spec=resource.body["flowSpec"] if has_id else {"id": FLOW_SPEC_ID, "version": FLOW_SPEC_VERSION},
        source_connection_id=(source and source.remote_id) or SOURCE_CONNECTION_ID,
        target_connection_id=(to and to.remote_id) or TARGET_CONNECTION_ID,
        mapping={
            "mappingId": found.remote_id if found else MAPPING_ID,
            "mappingVersion": (found.version or 0) if found else MAPPING_VERSION,
        },
    )
