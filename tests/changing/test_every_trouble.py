"""Each change of a connection in each trouble: a stale etag, a vanished connection, a dead or broken Flow Service."""

import pytest

from tests.changing.steps import edited, elsewhere, send
from wizard.connections.models import Change
from wizard.connections.statuses import ChangeStatus, Status
from wizard.work import changing

ACTIONS = ("edit", "disable", "delete")
TROUBLES = ("stale", "vanished", "dead", "500", "throttled", "lost", "huge", "garbage")


def ask(client, connection, action):
    url = connection.get_absolute_url()
    if action == "edit":
        client.post(f"{url}edit/", edited(connection, description="changed"))
    elif action == "delete":
        client.post(f"{url}delete/", {"name": connection.name})
    else:
        client.post(f"{url}switch/", {"op": action})
    return Change.objects.filter(created_by__isnull=False).last()


def make(trouble, flow_service, connection, settings):
    anything = {"path": "/connections/*"}
    faults = {
        "500": {"kind": "status", "match": anything, "status": 500, "times": 1},
        "throttled": {"kind": "throttle", "match": anything, "retry_after": 1, "times": 1},
        "lost": {"kind": "lose_after", "match": anything, "times": 1},
        "huge": {"kind": "huge", "match": anything, "bytes": 10_000_000, "times": 1},
        "garbage": {"kind": "garbage", "match": anything, "times": 1},
    }
    if trouble in faults:
        flow_service.set_faults([faults[trouble]])
    elif trouble == "stale":
        elsewhere(flow_service, connection, [{"op": "add", "path": "/description", "value": "theirs"}])
    elif trouble == "vanished":
        flow_service.call("DELETE", f"/connections/{connection.base_connection_id}")
    else:
        settings.FLOW_SERVICE_URL = "http://127.0.0.1:9/flowservice"


def expected(action, trouble):
    """(status of the change, status of the connection) in the end."""
    if trouble == "dead":
        return ChangeStatus.WAITING, Status.CONNECTED
    if trouble == "stale" and action == "edit":
        return ChangeStatus.CONFLICT, Status.CONNECTED
    if trouble == "vanished" and action != "delete":
        return ChangeStatus.FAILED, Status.CONNECTED
    return ChangeStatus.DONE, Status.DELETED if action == "delete" else Status.CONNECTED


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_it_comes_to_the_right_end(signed_in, by_key, flow_service, settings, action, trouble):
    make(trouble, flow_service, by_key, settings)
    change = send(ask(signed_in, by_key, action))
    for _ in range(0 if trouble == "dead" else 5):
        send(change)

    by_key.refresh_from_db()
    assert (change.status, by_key.status) == expected(action, trouble)
    assert signed_in.get(by_key.get_absolute_url()).status_code == 200
    if change.status == ChangeStatus.DONE and action != "delete":
        remote = flow_service.read(by_key.base_connection_id)
        assert by_key.etag == remote["etag"]
        assert by_key.description == remote.get("description", "")
    assert "first-pw" not in str(list(by_key.events.values_list("message", flat=True)))


@pytest.mark.parametrize("action", ACTIONS)
def test_running_it_twice_sends_once(signed_in, by_key, flow_service, action):
    change = ask(signed_in, by_key, action)
    flow_service.clear_requests()
    changing.change(change.pk)
    changing.change(change.pk)

    sent = [request for request in flow_service.requests() if request["method"] in ("PATCH", "POST", "DELETE")]
    assert len(sent) == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_what_never_gets_through_ends_with_a_sentence(signed_in, by_key, flow_service, action):
    flow_service.set_faults([{"kind": "lose_before", "match": {"path": "/connections/*"}}])
    change = send(ask(signed_in, by_key, action))
    assert change.status == ChangeStatus.UNANSWERED
    methods = {"edit": "PATCH", "disable": "POST", "delete": "DELETE"}
    flow_service.set_faults([{"kind": "lose_before", "match": {"method": methods[action]}}])
    for _ in range(20):
        send(change)

    by_key.refresh_from_db()
    assert (change.status, by_key.status) == (ChangeStatus.FAILED, Status.CONNECTED)
    assert "sent several times" in change.error_message
