"""Whatever texts Adobe sends, no task ends in them, and no page."""

import json

import pytest

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Finding, Status
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteConnection, RemoteSandbox
from wizard.work import submitting, testing
from wizard.work.following import follow

ODD = ["\ud800", "a\x00b", "x" * 3_000_000, "a\x1b[31m\u202eb"]
IDS = ["a surrogate", "a NUL", "very long", "control characters"]
LARGEST = 200_000  # bytes of a page

odd_texts = pytest.mark.parametrize("odd", ODD, ids=IDS)


@pytest.fixture
def adobe_has(monkeypatch, flow_service):
    """adobe_has(state=..., params={...}): a connection is read with these in the place of what it has."""

    def read_as(params=None, **texts):
        def get_connection(client, connection_id):
            found = flow_service.read(connection_id)
            auth = {**found["auth"], "params": {**found["auth"]["params"], **(params or {})}}
            return RemoteConnection.from_wire(json.loads(json.dumps({**found, **texts, "auth": auth})))

        monkeypatch.setattr(FlowService, "get_connection", get_connection)

    return read_as


def climbed(connection):
    assert connection.ask_for_test(connection.created_by)
    testing.run_test(connection.pk)
    connection.refresh_from_db()
    return connection


def assert_its_pages_can_be_read(client, connection):
    for page in ("", "edit/", "delete/"):
        response = client.get(connection.get_absolute_url() + page)
        assert response.status_code == 200
        assert len(response.content) < LARGEST


@odd_texts
def test_a_connection_in_any_state_is_followed_and_tested(signed_in, asked_for, adobe_has, odd):
    connection = asked_for()
    submitting.submit(connection.pk)
    adobe_has(state=odd)
    follow(connection.pk)
    connection.refresh_from_db()
    assert connection.follow_at is None
    climbed(connection)

    assert connection.test_status == "passed"
    assert_its_pages_can_be_read(signed_in, connection)


@odd_texts
def test_a_look_up_adopts_one_in_any_state(signed_in, asked_for, flow_service, adobe_has, odd):
    connection = asked_for()
    posts = {"method": "POST", "path": "/connections"}
    flow_service.set_faults([{"kind": "lose_after", "match": posts, "times": 1}])
    adobe_has(state=odd)
    submitting.submit(connection.pk)
    connection.refresh_from_db()

    assert connection.status == Status.CONNECTED
    assert_its_pages_can_be_read(signed_in, connection)


@odd_texts
def test_a_change_elsewhere_with_any_texts_is_taken_over(signed_in, by_key, adobe_has, odd):
    texts = dict.fromkeys(("name", "description", "state", "createdBy", "updatedClient"), odd)
    adobe_has(etag='"another"', params={"server": odd, "database": "theirs"}, **texts)
    climbed(by_key)

    assert (by_key.finding, by_key.etag) == (Finding.CHANGED, '"another"')
    assert by_key.unseal("auth_params").open()["database"] == "theirs"
    assert_its_pages_can_be_read(signed_in, by_key)


@odd_texts
@pytest.mark.parametrize("text", ["type", "title", "state"])
def test_a_sandbox_of_any_kind_is_told(signed_in, by_key, monkeypatch, odd, text):
    sandbox = RemoteSandbox.from_wire({"name": by_key.sandbox_name, "state": "active", text: odd})
    monkeypatch.setattr(FlowService, "list_sandboxes", lambda _: [sandbox])
    climbed(by_key)

    assert by_key.test_status == ("error" if text == "state" else "passed")
    assert_its_pages_can_be_read(signed_in, by_key)


@pytest.mark.parametrize(
    "names", [["\ud800"], ["a\x00b"], ["x" * 3_000_000], [f"{number:0200}" for number in range(20_000)]]
)
def test_authentication_types_of_any_name_are_told(signed_in, by_key, monkeypatch, names):
    spec = {"authSpec": [{"name": name} for name in names]}
    monkeypatch.setattr(FlowService, "list_connection_specs", lambda _, **__: [spec])
    climbed(by_key)

    assert max(len(step["next"]) for step in by_key.test_steps) <= 1000
    assert_its_pages_can_be_read(signed_in, by_key)


def test_an_authentication_type_is_known_however_many_there_are(by_key, monkeypatch):
    names = [*(f"Way {number}" for number in range(50)), by_key.auth_spec_name]
    spec = {"authSpec": [{"name": name} for name in names]}
    monkeypatch.setattr(FlowService, "list_connection_specs", lambda _, **__: [spec])

    assert climbed(by_key).test_status == "passed"


def test_a_step_says_no_more_than_a_page_can_show(by_key, monkeypatch):
    def explore(rungs):
        raise testing.Failed("x" * 5000 + "\ud800", "y\x00" * 5000)

    monkeypatch.setattr(testing.Rungs, "explore", explore)
    climbed(by_key)

    step = BaseConnection.objects.get().test_steps[-1]
    assert (step["message"], step["next"]) == ("x" * 1000, "y" * 1000)
