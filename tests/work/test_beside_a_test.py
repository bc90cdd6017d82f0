"""What a test has read is old when it ends: it undoes nothing that was done meanwhile, and brings nothing back."""

import pytest

from tests.changing.steps import edited, elsewhere, send
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import Finding, Status
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteConnection
from wizard.record.kinds import Kind
from wizard.work import taking_over, testing


@pytest.fixture
def tested(alice, monkeypatch):
    """A test during whose last step something else happens."""

    def test(connection, meanwhile):
        explore = FlowService.explore_root

        def explore_slowly(client, connection_id):
            monkeypatch.setattr(FlowService, "explore_root", explore)
            meanwhile()
            return client.explore_root(connection_id)

        monkeypatch.setattr(FlowService, "explore_root", explore_slowly)
        assert connection.ask_for_test(alice)
        testing.run_test(connection.pk)
        connection.refresh_from_db()
        return connection

    return test


@pytest.fixture
def switch(signed_in, by_key):
    def switch_it(op="disable"):
        signed_in.post(f"{by_key.get_absolute_url()}switch/", {"op": op})
        send(Change.objects.last())

    return switch_it


@pytest.fixture
def delete(signed_in, by_key):
    def delete_it():
        signed_in.post(f"{by_key.get_absolute_url()}delete/", {"name": by_key.name})
        send(Change.objects.last())

    return delete_it


def test_a_switch_stays(by_key, tested, switch):
    tested(by_key, switch)

    assert by_key.remote_state == "disabled"
    assert by_key.finding == Finding.NONE
    assert not by_key.events.filter(kind=Kind.THEIRS).exists()


def test_what_was_deleted_stays_deleted_and_its_secrets_erased(by_key, tested, delete, flow_service):
    elsewhere(flow_service, by_key, [{"op": "replace", "path": "/auth/params/database", "value": "theirs"}])
    tested(by_key, delete)

    assert (by_key.status, by_key.auth_params, by_key.finding) == (Status.DELETED, None, Finding.NONE)


def test_what_was_deleted_is_not_on_the_list_of_what_vanished(signed_in, by_key, tested, delete):
    tested(by_key, delete)

    assert (by_key.status, by_key.finding) == (Status.DELETED, Finding.NONE)
    assert by_key.get_absolute_url() not in signed_in.get("/connections/?status=attention").content.decode()


def test_an_edit_stays(signed_in, by_key, flow_service):
    read_before = BaseConnection.objects.select_related("organization").get(pk=by_key.pk)
    replaced = {"choice.auth.params.password": "replace", "auth.params.password": "new-pw"}
    signed_in.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, **replaced))
    send(Change.objects.last())
    etag = elsewhere(flow_service, by_key, [{"op": "replace", "path": "/auth/params/database", "value": "theirs"}])
    with_theirs = remote_connection(by_key, flow_service)

    assert with_theirs.etag == etag
    assert not taking_over.take_over(read_before, with_theirs)
    by_key.refresh_from_db()
    assert by_key.unseal("auth_params").open()["password"] == "new-pw"
    assert by_key.revision == 1


def test_two_that_find_one_change_take_it_over_once(by_key, flow_service):
    elsewhere(flow_service, by_key, [{"op": "replace", "path": "/auth/params/database", "value": "theirs"}])
    both = [BaseConnection.objects.select_related("organization").get(pk=by_key.pk) for _ in range(2)]
    remote = remote_connection(by_key, flow_service)

    assert [taking_over.take_over(row, remote) for row in both] == [True, False]
    assert by_key.changes.count() == 1


def remote_connection(connection, flow_service):
    return RemoteConnection.from_wire(flow_service.read(connection.base_connection_id))


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503, "match": {"path": "/connections/*"}},
        {"kind": "throttle", "retry_after": 1, "match": {"path": "*/test"}},
        {"kind": "lose_before", "match": {"path": "*/explore"}},
    ],
)
def test_a_call_that_does_not_come_to_its_end_says_nothing_about_the_connection(by_key, alice, flow_service, fault):
    flow_service.set_faults([fault])
    by_key.ask_for_test(alice)
    testing.run_test(by_key.pk)

    by_key.refresh_from_db()
    assert (by_key.test_status, by_key.finding) == ("error", Finding.NONE)
