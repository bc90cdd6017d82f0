"""What nobody decides about is withdrawn after two weeks."""

from datetime import timedelta

from django.utils import timezone

from tests.approving.steps import browser_of, decide, queued
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeStatus, Status
from wizard.record.kinds import Kind
from wizard.work import sweeping

AGES = timedelta(days=14, minutes=1)


def test_a_create_that_nobody_approves_is_withdrawn_and_can_be_asked_for_again(asked, carol):
    connection = asked()
    sweeping.sweep()
    connection.refresh_from_db()
    assert connection.status == Status.APPROVAL

    BaseConnection.objects.update(stepped_at=timezone.now() - AGES)
    sweeping.sweep()
    sweeping.sweep()
    connection.refresh_from_db()
    assert (connection.status, connection.error_message) == (
        Status.FAILED,
        "Not approved. Nobody decided within 14 days.",
    )
    event = connection.events.get(kind=Kind.WITHDRAWN)
    assert (event.actor, event.message) == (None, "Create: Nobody decided within 14 days.")
    assert connection.can_be_tried_again
    decide(carol, connection, "approve", "the page that was open all the time")
    assert "wizard.work.submitting.submit" not in queued()


def test_a_delete_that_nobody_approves_is_withdrawn_and_the_connection_stays(connected, strict, dave):
    strict.needs_approval = False
    strict.save()
    connection = connected()
    strict.needs_approval = True
    strict.save()
    browser_of(dave).post(f"{connection.get_absolute_url()}delete/", {"name": "Orders"})
    Change.objects.update(stepped_at=timezone.now() - AGES)
    sweeping.sweep()
    assert Change.objects.get(kind="delete").status == ChangeStatus.WITHDRAWN
    connection.refresh_from_db()
    assert connection.status == Status.CONNECTED
    assert connection.events.filter(kind=Kind.WITHDRAWN, actor=None).count() == 1
