"""Disabled, enabled, deleted: what Adobe is asked, what it may refuse, and what stays here."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.changing.steps import send
from tests.dataflows.steps import source_asked
from wizard.connections.models import Change
from wizard.connections.statuses import ChangeStatus, Status
from wizard.record.kinds import Kind
from wizard.work import making, sweeping


def switch(client, connection, op):
    client.post(f"{connection.get_absolute_url()}switch/", {"op": op})
    return Change.objects.last()


def delete(client, connection, name="Orders"):
    return client.post(f"{connection.get_absolute_url()}delete/", {"name": name})


def test_it_is_disabled_and_enabled_again(signed_in, connected, flow_service):
    connection = connected()
    for op, state in (("disable", "disabled"), ("enable", "enabled")):
        assert send(switch(signed_in, connection, op)).status == ChangeStatus.DONE
        connection.refresh_from_db()
        remote = flow_service.read(connection.base_connection_id)
        assert connection.remote_state == remote["state"] == state
        assert connection.etag == remote["etag"]


@pytest.mark.parametrize("kind", ["lose_before", "lose_after"])
def test_an_unanswered_switch_is_found_out(signed_in, connected, flow_service, kind):
    connection = connected()
    flow_service.set_faults([{"kind": kind, "match": {"path": "*/action"}, "times": 1}])
    change = send(switch(signed_in, connection, "disable"))
    while change.is_under_way:
        send(change)

    connection.refresh_from_db()
    assert (change.status, connection.remote_state) == (ChangeStatus.DONE, "disabled")


def test_what_was_made_from_here_stands_in_the_way_and_nothing_is_deleted(signed_in, connected, alice):
    connection = connected()
    making.make(source_asked(connection, alice).pk)
    delete(signed_in, connection)
    change = send(Change.objects.last())

    connection.refresh_from_db()
    assert (change.status, change.error_code) == (ChangeStatus.FAILED, "1418-400")
    assert connection.status == Status.CONNECTED


def test_deleting_asks_for_the_name(signed_in, connected):
    connection = connected()
    answer = delete(signed_in, connection, "orders")

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="orders"' in html
    assert not Change.objects.exists()


def test_deleting_is_confirmed_by_adobe_and_erases_the_secrets(signed_in, connected, flow_service):
    connection = connected()
    delete(signed_in, connection)
    assert send(Change.objects.get()).status == ChangeStatus.DONE

    connection.refresh_from_db()
    calls = [(request["method"], request["path"].rpartition("/")[2]) for request in flow_service.requests()]
    assert calls[-2:] == [("DELETE", connection.base_connection_id), ("GET", connection.base_connection_id)]
    assert (connection.status, connection.auth_params) == (Status.DELETED, None)
    assert connection.events.last().kind == Kind.DELETED
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    assert connection.base_connection_id in html
    assert "<dt>State</dt>" not in html
    assert "Orders" in signed_in.get("/connections/?status=deleted").content.decode()


def test_the_name_is_free_again_after_it_was_deleted(signed_in, connected, filled):
    connection = connected()
    delete(signed_in, connection)
    send(Change.objects.get())

    assert signed_in.post("/connect/postgres/", filled("Orders")).status_code == 302


def test_a_connection_in_use_stays_and_the_page_says_why(signed_in, connected, flow_service):
    connection = connected()
    flow_service.set_faults([{"kind": "in_use"}])
    delete(signed_in, connection)
    change = send(Change.objects.get())

    connection.refresh_from_db()
    assert (change.status, change.error_code) == (ChangeStatus.FAILED, "1418-400")
    assert connection.status == Status.CONNECTED
    assert connection.unseal("auth_params").open()
    assert "dataflow" in signed_in.get(connection.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["lose_before", "lose_after"])
def test_an_unanswered_delete_is_found_out(signed_in, connected, flow_service, kind):
    connection = connected()
    flow_service.set_faults([{"kind": kind, "match": {"method": "DELETE"}, "times": 1}])
    delete(signed_in, connection)
    change = send(Change.objects.get())
    while change.is_under_way:
        send(change)

    connection.refresh_from_db()
    assert (change.status, connection.status) == (ChangeStatus.DONE, Status.DELETED)
    assert flow_service.names() == []


def test_what_is_gone_already_counts_as_deleted(signed_in, connected, flow_service):
    connection = connected()
    flow_service.call("DELETE", f"/connections/{connection.base_connection_id}")
    delete(signed_in, connection)
    send(Change.objects.get())

    connection.refresh_from_db()
    assert connection.status == Status.DELETED


def test_a_missing_sandbox_is_not_taken_for_a_deleted_connection(signed_in, connected, flow_service):
    connection = connected()
    refusal = {"kind": "status", "match": {"method": "DELETE"}, "status": 404, "code": "2100-404"}
    flow_service.set_faults([refusal])
    delete(signed_in, connection)
    change = send(Change.objects.get())

    connection.refresh_from_db()
    assert (change.status, connection.status) == (ChangeStatus.FAILED, Status.CONNECTED)


def test_a_worker_that_died_while_sending_is_followed_by_one_that_looks(signed_in, connected, flow_service):
    connection = connected()
    delete(signed_in, connection)
    change = Change.objects.get()
    change.claim()
    Change.objects.update(stepped_at=timezone.now() - timedelta(minutes=10))
    sweeping.sweep()
    change.refresh_from_db()
    assert change.status == ChangeStatus.UNANSWERED
    while change.is_under_way:
        send(change)

    connection.refresh_from_db()
    assert connection.status == Status.DELETED


@pytest.mark.parametrize("path", ["edit/", "delete/"])
def test_what_is_not_connected_cannot_be_changed(signed_in, asked_for, path):
    connection = asked_for()
    html = signed_in.get(connection.get_absolute_url() + path, follow=True).content.decode()

    assert 'class="message error"' in html


def test_an_initializing_connection_is_left_alone(signed_in, connected, flow_service):
    flow_service.set_faults([{"kind": "initializing", "seconds": 60}])
    connection = connected()

    assert connection.is_initializing
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    assert f"{connection.get_absolute_url()}edit/" not in html
    switch(signed_in, connection, "disable")
    assert not Change.objects.exists()
