"""Looks into a source, in the web request: names are kept for some minutes; rows and columns are shown, never kept."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone

from wizard.catalog.explorable import RECORDS, way_of
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Finding, Status
from wizard.exploring import keeping
from wizard.exploring.listing import Listing
from wizard.exploring.trouble import BUSY, Trouble
from wizard.exploring.wanting import Wanted
from wizard.flow_service.client import FlowService
from wizard.flow_service.errors import FlowServiceError, one_line
from wizard.flow_service.explored import Contents
from wizard.people.models import User
from wizard.record.kinds import Kind, Outcome
from wizard.record.models import Event, milliseconds_since
from wizard.sources.models import LiveSpec
from wizard.values.client import client_of
from wizard.values.places import NoneFree, a_place

LONGEST = 30  # seconds
NOTED_ONCE_IN = timedelta(minutes=10)
LONGEST_TOLD = 300  # characters of a path in the record

T = TypeVar("T")


class Cannot(Exception):
    """There is nothing to show, and `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.what)
        self.trouble = trouble


def can_be_explored(connection: BaseConnection) -> bool:
    """Whether there is something at Adobe to look into."""
    is_there = connection.status == Status.CONNECTED and connection.finding != Finding.VANISHED
    return is_there and connection.is_reachable


def first_look(connection: BaseConnection) -> str:
    """How one begins: at the root, or with what a REST API asks for."""
    rows = LiveSpec.objects.filter(organization=connection.organization, spec_id=connection.connection_spec_id)
    document = rows.filter(fault="").values_list("document", flat=True).first()
    files = load_catalog().with_id(connection.connection_spec_id)
    own_first = sorted(files, key=lambda file: file.slug != connection.source)
    way = way_of(json.loads(document) if document else None, [file.ui for file in own_first])
    return "rest" if way == RECORDS else "root"


def kept_listing(connection: BaseConnection, person: User, wanted: Wanted) -> Listing | None:
    """The names as they were read within the last minutes; None where they were not."""
    found = keeping.kept(connection, wanted.type, wanted.path)
    if found is not None:
        _note_once(connection, person, wanted)
    return found


def listing(connection: BaseConnection, person: User, wanted: Wanted) -> Listing:
    """The names that stand there now. Raises Cannot."""

    def ask(client: FlowService) -> Listing:
        if wanted.type == "root":
            return Listing.of(client.explore_root(connection.base_connection_id))
        return Listing.of(client.explore_folder(connection.base_connection_id, wanted.path))

    found = _looked(connection, person, wanted, ask)
    keeping.keep(connection, wanted.type, wanted.path, found)
    return found


def contents(connection: BaseConnection, person: User, wanted: Wanted) -> Contents:
    """The columns that stand there now, and the rows where they are wanted. Raises Cannot."""
    name = connection.base_connection_id

    def ask(client: FlowService) -> Contents:
        if wanted.type == "file":
            return client.explore_file(name, wanted.path, wanted.options, rows=wanted.rows)
        if wanted.type == "rest":
            return client.explore_records(name, wanted.source_params, rows=wanted.rows)
        return client.explore_table(name, wanted.path, rows=wanted.rows)

    return _looked(connection, person, wanted, ask)


def _looked(connection: BaseConnection, person: User, wanted: Wanted, ask: Callable[[FlowService], T]) -> T:
    try:
        with a_place():
            return _asked(connection, person, wanted, ask)
    except NoneFree:
        raise Cannot(BUSY) from None


def _asked(connection: BaseConnection, person: User, wanted: Wanted, ask: Callable[[FlowService], T]) -> T:
    """On record before anybody sees what came."""
    began_at, code, outcome = timezone.now(), "", Outcome.FAILED
    seconds = min(LONGEST, settings.FLOW_SERVICE_TIMEOUT)
    try:
        with client_of(connection, timeout=seconds, ends_at=time.monotonic() + seconds) as client:
            found = ask(client)
        outcome = Outcome.SUCCEEDED
    except FlowServiceError as error:
        code = error.code or type(error).__name__
        raise Cannot(Trouble.of(error, wanted)) from None
    finally:
        details = _details(wanted) | ({"code": code} if code else {})
        duration = milliseconds_since(began_at)
        _note(connection, person, wanted, details=details, outcome=outcome, duration_ms=duration)
    return found


def _details(wanted: Wanted) -> dict[str, Any]:
    path = one_line(wanted.path)[:LONGEST_TOLD]
    return {"object_type": wanted.type, "path": path, "rows_shown": "yes" if wanted.rows else "no"}


def _note_once(connection: BaseConnection, person: User, wanted: Wanted) -> None:
    """What is kept is looked at again and again: with each letter of a search."""
    details = _details(wanted)
    same = {"details__object_type": wanted.type, "details__path": details["path"]}
    seen = Event.objects.filter(kind=Kind.EXPLORED, connection=connection, actor=person, **same)
    if not seen.filter(at__gt=timezone.now() - NOTED_ONCE_IN).exists():
        _note(connection, person, wanted, details=details, outcome=Outcome.SUCCEEDED)


def _note(connection: BaseConnection, person: User, wanted: Wanted, **values: Any) -> None:
    what = {"root": "The names at its root", "folder": "The names in a folder"}.get(wanted.type, "Columns")
    words = "First rows" if wanted.rows else what
    path = f": {values['details']['path']}" if wanted.path else ""
    connection.events.create(kind=Kind.EXPLORED, actor=person, message=f"{words}{path}", **values)
