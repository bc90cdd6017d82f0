"""A form becomes rows that wait for a worker, once for each form."""

from typing import Any

from django.db import IntegrityError, transaction

from wizard.connections.statuses import NotNow
from wizard.dataflows import tasks
from wizard.dataflows.completing import without_start
from wizard.dataflows.models import Resource
from wizard.people.models import User
from wizard.record.kinds import Kind

SENT = "This form was sent already."
SENT_OTHERWISE = "This form was sent before, with other values; what came of that is here. Open it anew for another."


def keep_once(person: User, *rows: Resource) -> Resource:
    """Keeps them, the last one under its form's id, and queues those that are ready; or gives what that form made.

    Raises NotNow where it made something else, or for somebody else.
    """
    wanted = rows[-1]
    for row in rows:
        row.created_by = row.asked_by = person
    try:
        with transaction.atomic():
            return _earlier(wanted) or _keep(person, rows)
    except IntegrityError:
        if earlier := _earlier(wanted):
            return earlier
        raise


def _keep(person: User, rows: tuple[Resource, ...]) -> Resource:
    for row in rows:
        row.save()
        row.note(Kind.RESOURCE_ASKED, actor=person)
        if not row.waits_for:
            tasks.make_later(row.pk)
    return rows[-1]


def _earlier(wanted: Resource) -> Resource | None:
    """What this form has made before. Of another person's, or another connection's, nothing is told."""
    found = Resource.objects.with_needs().filter(submission_id=wanted.submission_id).first()
    if found is None:
        return None
    if (found.created_by_id, found.connection_id) != (wanted.created_by_id, wanted.connection_id):
        raise NotNow(SENT)
    if _content(found) != _content(wanted):
        raise NotNow(SENT_OTHERWISE)
    return found


def _content(row: Resource) -> tuple[Any, ...]:
    bodies = [without_start(part.body) for part in (row, row.target, row.mapping) if part]
    return row.kind, row.name, row.description, row.source_id, bodies
