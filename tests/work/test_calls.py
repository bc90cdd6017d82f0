"""Every call to the Flow Service is noted with its connection: never a body, and never in the way of an answer."""

import pytest
from django.db import DatabaseError, InterfaceError

from wizard.connections.calls import CallQuerySet
from wizard.work import submitting


def noted(connection):
    return [(call.method, call.path, call.status) for call in connection.calls.order_by("pk")]


def test_a_create_and_what_follows_are_noted_in_order(connected):
    connection = connected()

    base = "/data/foundation/flowservice/connections"
    assert noted(connection) == [("POST", base, 201), ("GET", f"{base}/{connection.base_connection_id}", 200)]
    assert all(call.duration_ms >= 0 for call in connection.calls.all())


def test_a_call_that_got_no_answer_says_why(asked_for, flow_service):
    connection = asked_for()
    flow_service.set_faults([{"kind": "lose_before", "match": {"method": "POST", "path": "/connections"}}])
    submitting.submit(connection.pk)

    call = connection.calls.earliest("pk")
    assert (call.method, call.status, call.outcome) == ("POST", None, "NoAnswer")


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_an_answer_counts_where_its_call_cannot_be_noted(asked_for, monkeypatch, error):
    connection = asked_for()

    def break_down(*_args, **_kwargs):
        raise error("locked, or gone")

    monkeypatch.setattr(CallQuerySet, "create", break_down)
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == "connected"
    assert not connection.calls.exists()
