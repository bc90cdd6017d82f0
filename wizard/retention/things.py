"""What the tables are about, in the words of the people who read the page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from wizard.connections.models import BaseConnection, Call, Change
from wizard.dataflows.models import Resource
from wizard.record.models import Event

OTHER = "other"


@dataclass(frozen=True)
class Thing:
    """`tables` belong together; the rows are those of the first one. `oldest` gives the moment of its oldest row."""

    kind: str
    label: str
    tables: tuple[str, ...] = ()
    oldest: Callable[[], datetime | None] = lambda: None


def _first(model: type[Model], field: str) -> Callable[[], datetime | None]:
    """By the key, which comes in the order of time: any other order would have to read the whole table."""

    def moment() -> datetime | None:
        found: datetime | None = model._default_manager.order_by("pk").values_list(field, flat=True).first()
        return found

    return moment


THINGS = (
    Thing("events", "Events of the record", ("record_event", "record_head"), _first(Event, "at")),
    Thing(
        "connections",
        "Connections",
        ("connections_baseconnection", "connections_submission"),
        _first(BaseConnection, "created_at"),
    ),
    Thing("calls", "Calls to Adobe", ("connections_call",), _first(Call, "at")),
    Thing("changes", "Changes of connections", ("connections_change",), _first(Change, "created_at")),
    Thing("dataflows", "Dataflows", ("dataflows_resource", "dataflows_selection"), _first(Resource, "created_at")),
    Thing("catalogs", "Catalogs of organizations", ("sources_livespec", "sources_specsync")),
    Thing("sessions", "Sessions", ("django_session", "usersessions_usersession")),
    Thing("tasks", "Background tasks", ("django_q_task", "django_q_ormq", "django_q_schedule")),
    Thing("cache", "Cache", ("cache",)),
    Thing(OTHER, "People, organizations and the rest"),
)
LABELS = {thing.kind: thing.label for thing in THINGS}
KIND_OF_TABLE = {table: thing.kind for thing in THINGS for table in thing.tables}
MAIN_TABLES = {thing.tables[0] for thing in THINGS if thing.tables}
