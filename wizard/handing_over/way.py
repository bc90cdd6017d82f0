"""The way from a source to a dataset as it is drawn: its stations, and how far each of them is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wizard.connections.statuses import Status
from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus
from wizard.handing_over.choosing import Chosen

# How a station looks, by the status of what stands there.
LOOKS = {
    ResourceStatus.WAITING: "pending",
    ResourceStatus.SENDING: "pending",
    ResourceStatus.MADE: "made",
    ResourceStatus.FAILED: "failed",
    ResourceStatus.UNKNOWN: "unknown",
}
BETWEEN = (ResourceKind.SOURCE_CONNECTION, ResourceKind.MAPPING_SET, ResourceKind.TARGET_CONNECTION)


@dataclass(frozen=True)
class Station:
    """`look` is made, pending, failed, unknown, next or later; `words` say it for those who do not see it."""

    kind: str
    label: str
    look: str
    words: str
    resource: Resource | None = None


def stations(found: Chosen, resources: Sequence[Resource], dataset_id: str) -> list[Station]:
    """From the source to the dataset; `resources` are those of the connection, the newest first."""
    wanted = [ResourceKind.TARGET_CONNECTION] if found.is_target else BETWEEN
    by_kind = parts(resources)
    drawn = [_connection(found), *(_station(kind, by_kind.get(kind)) for kind in wanted)]
    target = by_kind.get(ResourceKind.TARGET_CONNECTION)
    drawn.append(_dataset(dataset_id or (target.body.get("params", {}).get("dataSetId", "") if target else "")))
    return list(_with_next(drawn))


def dataflow(resources: Sequence[Resource]) -> Resource | None:
    """The newest one."""
    return next((row for row in resources if row.kind == ResourceKind.FLOW), None)


def parts(resources: Sequence[Resource]) -> dict[str, Resource]:
    """What the newest dataflow is made of; else the newest of each kind."""
    flow = dataflow(resources)
    if flow:
        return {row.kind: row for row in flow.needs}
    newest: dict[str, Resource] = {}
    for row in resources:
        newest.setdefault(row.kind, row)
    return newest


def _connection(found: Chosen) -> Station:
    is_made = found.connection.status == Status.CONNECTED
    words = found.connection.get_status_display()
    return Station("base_connection", "Connection", "made" if is_made else "failed", words)


def _station(kind: ResourceKind, row: Resource | None) -> Station:
    if row is None:
        return Station(kind, kind.label, "later", "Not made yet")
    return Station(kind, kind.label, LOOKS[ResourceStatus(row.status)], row.get_status_display(), row)


def _dataset(dataset_id: str) -> Station:
    words = dataset_id or "Its ID is asked for below"
    return Station("dataset", "Dataset", "made" if dataset_id else "later", words)


def _with_next(drawn: Sequence[Station]) -> Iterator[Station]:
    """The first that is not made yet, where all before it are, is the next one."""
    is_next = True
    for station in drawn:
        if station.look == "later" and is_next and station.kind != "dataset":
            yield Station(station.kind, station.label, "next", "Next", station.resource)
        else:
            yield station
        is_next = is_next and station.look == "made"
