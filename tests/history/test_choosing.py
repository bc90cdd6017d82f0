"""Several connections at Adobe fit an unanswered create: a person says which one it is, and nothing is sent before."""

import re

import pytest

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.record.kinds import Kind
from wizard.work import following, reconciling


@pytest.fixture
def two_fit(asked_for, flow_service):
    connection = asked_for()
    connection.claim()
    connection.mark_sent()
    connection.mark_unknown("no answer")
    body = {"name": "Orders", "connectionSpec": {"id": connection.connection_spec_id, "version": "1.0"}}
    body["auth"] = {"specName": connection.auth_spec_name, "params": {"connectionString": "Server=x"}}
    ids = []
    for description in ("the first", "the <b>second</b>"):
        ids.append(flow_service.call("POST", "/connections", json=body | {"description": description}).json()["id"])
    flow_service.clear_requests()
    reconciling.reconcile(connection.pk)
    connection.refresh_from_db()
    return connection, ids


def choose(client, connection, **data):
    client.post(f"{connection.get_absolute_url()}choose/", data)
    connection.refresh_from_db()


def test_the_page_shows_what_each_one_is(signed_in, two_fit, flow_service):
    connection, ids = two_fit
    html = signed_in.get(connection.get_absolute_url()).content.decode()

    assert all(found in html for found in ids)
    assert "the first" in html
    assert "the &lt;b&gt;second&lt;/b&gt;" in html
    assert "hx-trigger" not in html
    assert flow_service.requests("POST", "/connections") == []


def test_the_chosen_one_is_adopted_with_its_etag(signed_in, two_fit, flow_service, alice):
    connection, ids = two_fit
    choose(signed_in, connection, candidate=ids[1])

    assert (connection.status, connection.base_connection_id) == (Status.CONNECTED, ids[1])
    assert connection.etag == flow_service.read(ids[1])["etag"]
    assert connection.events.get(kind=Kind.CHOSEN).actor == alice
    assert connection.candidates == []
    following.follow(connection.pk)
    connection.refresh_from_db()
    assert connection.remote_state == "enabled"


def test_none_of_them_makes_it_fail_and_safe_to_try_again(signed_in, two_fit, flow_service):
    connection, ids = two_fit
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    seen = re.findall(r'name="seen" value="([^"]+)"', html)
    choose(signed_in, connection, seen=seen)

    assert sorted(seen) == sorted(ids)
    assert connection.status == Status.FAILED
    assert flow_service.requests("POST", "/connections") == []


@pytest.mark.parametrize("number", [0, 1])
def test_none_of_them_is_said_of_those_that_were_seen_alone(signed_in, two_fit, number):
    """A page that was open for a while: what was found since may be the one."""
    connection, ids = two_fit
    choose(signed_in, connection, seen=ids[:number])

    assert connection.status == Status.UNKNOWN
    assert not connection.events.filter(kind=Kind.CHOSEN).exists()


def test_one_that_was_not_offered_cannot_be_chosen(signed_in, two_fit):
    connection, _ = two_fit
    choose(signed_in, connection, candidate="something-else")

    assert connection.status == Status.UNKNOWN
    assert connection.base_connection_id == ""


def test_one_that_another_row_has_by_now_cannot_be_chosen(signed_in, two_fit, asked_for):
    connection, ids = two_fit
    other = asked_for("Other")
    BaseConnection.objects.filter(pk=other.pk).update(base_connection_id=ids[0], status=Status.CONNECTED)
    choose(signed_in, connection, candidate=ids[0])

    assert connection.status == Status.UNKNOWN
    assert not connection.events.filter(kind=Kind.CHOSEN).exists()


def test_nothing_can_be_chosen_where_nothing_is_left_to_a_person(signed_in, asked_for):
    connection = asked_for()
    html = signed_in.post(f"{connection.get_absolute_url()}choose/", {"candidate": "x"}, follow=True).content.decode()

    assert 'class="message error"' in html


def test_a_name_from_adobe_turns_no_words_around_it(signed_in, asked_for):
    """Letters that are written from the right would take what stands beside them along."""
    connection = asked_for()
    candidate = {"id": "x", "etag": '"1"', "name": "אבג", "description": "דהו", "state": "enabled"}
    candidate |= {"created_at": "", "created_by": "זחט"}
    values = {"status": Status.UNKNOWN, "candidates": [candidate], "next_look_at": None}
    BaseConnection.objects.filter(pk=connection.pk).update(**values)
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    for name in ("אבג", "דהו", "זחט"):
        assert f"<bdi>{name}</bdi>" in html
