"""What waits for the end of trouble is not lost to finding out, and wakes nobody who waits for something else."""

from datetime import timedelta

from django.utils import timezone

from tests.organizations.trouble import as_if_open_for, keep_open, opened
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.organizations import breaker
from wizard.work import submitting

THROTTLE = {"kind": "throttle", "match": {"method": "POST", "path": "/connections"}, "retry_after": 300, "times": 1}


def submitted(connection, **values):
    if values:
        BaseConnection.objects.filter(pk=connection.pk).update(**values)
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    return connection


def with_secret(organization, secret):
    organization.seal("client_secret", secret)
    organization.token_expires_at = None
    organization.save(update_fields=["client_secret", "token_expires_at"])


def test_the_end_of_the_trouble_shortens_no_pause_that_adobe_has_asked_for(asked_for, flow_service, organization):
    flow_service.set_faults([THROTTLE])
    throttled = submitted(asked_for("Throttled"))
    opened(organization)
    keep_open(organization)
    held = submitted(asked_for("Held"))
    as_if_open_for(organization, seconds=4)
    probe = submitted(asked_for("Probe"))

    for connection in (throttled, held):
        connection.refresh_from_db()
    assert (probe.status, throttled.is_held, held.is_held) == (Status.CONNECTED, False, True)
    assert throttled.due_at > timezone.now() + timedelta(seconds=290)
    assert held.due_at <= timezone.now()


def test_a_wrong_client_secret_is_named_and_costs_none_of_those_who_wait(asked_for, flow_service, organization):
    with_secret(organization, "wrong")
    failed = [submitted(asked_for(f"Failed {number}")) for number in range(breaker.TROUBLES - 1)]
    assert {connection.error_code for connection in failed} == {"invalid_client"}
    waiting = [submitted(asked_for(f"Waiting {number}")) for number in range(3)]
    as_if_open_for(organization, seconds=4)
    for connection in waiting:
        submitted(connection, due_at=timezone.now())

    assert {connection.status for connection in waiting} == {Status.WAITING}
    assert all("client ID together with this client secret" in connection.due_reason for connection in waiting)
    assert waiting[0].times_put_back == 0

    with_secret(organization, flow_service.client_secret)
    as_if_open_for(organization, seconds=8)
    for connection in waiting:
        submitted(connection, due_at=timezone.now())
    assert {connection.status for connection in waiting} == {Status.CONNECTED}
