"""What uses a connection: what was made of it from here, and what Adobe knows when it is asked."""

import time
import uuid

import pytest

from tests.emulator.dataflow import Ends, create_mapping, source_body, target_body
from tests.history.steps import in_words, shown
from tests.places import all_places_taken
from wizard.connections.models import BaseConnection
from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def used(connected, flow_service):
    """A connection with a source connection and a dataflow that somebody made elsewhere, with a name of theirs."""

    def use(name="Orders of the shop", flow_name="Every quarter of an hour"):
        connection = connected()
        base = connection.base_connection_id
        source = made(flow_service, "/sourceConnections", source_body(base, name=name))
        target = made(flow_service, "/targetConnections", target_body())
        ends = Ends(base, source, target, create_mapping(flow_service))
        return connection, source, made(flow_service, "/flows", ends.body(name=flow_name))

    return use


def made(flow_service, path, body):
    response = flow_service.call("POST", path, json=body)
    assert response.status_code == 201, response.text
    return response.json()["id"]


def ask(client, connection, **kwargs):
    response = client.post(f"{connection.get_absolute_url()}uses/", **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def made_here(connection, kind, name="Orders", **values):
    common = {"connection": connection, "created_by": connection.created_by, "asked_by": connection.created_by}
    return Resource.objects.create(kind=kind, name=name, **common, **values)


def test_the_page_asks_adobe_only_when_it_is_told_to(signed_in, used, flow_service):
    connection, source, _ = used()
    flow_service.clear_requests()
    for path in ("", "uses/"):
        html = signed_in.get(connection.get_absolute_url() + path).content.decode()
        assert "Ask Adobe" in html
        assert source not in html
    assert flow_service.requests("GET", "/sourceConnections") == []


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_adobe_says_what_uses_it(signed_in, used, headers):
    connection, source, flow = used()
    html = ask(signed_in, connection, headers=headers)

    words = in_words(html)
    assert "Orders of the shop" in words
    assert "Every quarter of an hour" in words
    assert f'<code id="use-{source}">{source}</code>' in html
    assert f'<code id="use-{source}-{flow}">{flow}</code>' in html
    assert "1 source connection and 1 dataflow at Adobe" in html
    assert ("<html" in html) is not bool(headers)


def test_the_calls_for_that_are_among_its_requests(signed_in, used):
    connection, _, _ = used()
    ask(signed_in, connection)
    html = shown(signed_in.get(connection.get_absolute_url()).content.decode(), "requests")
    assert "List source connections" in html
    assert "List dataflows" in html


def test_where_nothing_uses_it_the_page_says_so(signed_in, connected):
    assert "Nothing at Adobe uses it" in ask(signed_in, connected())


def test_names_from_adobe_do_no_harm(signed_in, used):
    connection, _, _ = used("<script>alert(1)</script>\u202e\x07name" + "x" * 900, "</bdi><b>flow</b>")
    html = ask(signed_in, connection)

    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;name" in html
    assert "&lt;/bdi&gt;&lt;b&gt;flow&lt;/b&gt;" in html
    assert "\u202e" not in html
    assert "x" * 301 not in html


def test_more_than_fifty_are_cut_and_that_is_said(signed_in, connected, flow_service):
    connection = connected()
    for number in range(52):
        made(flow_service, "/sourceConnections", source_body(connection.base_connection_id, name=f"Source {number}"))
    html = ask(signed_in, connection)
    assert "There are more than are shown here." in html
    assert html.count("Source connection,") == 50


def test_a_refusal_is_explained_in_its_place(signed_in, used, flow_service):
    connection, _, _ = used()
    fault = {"kind": "status", "match": {"method": "GET", "path": "/sourceConnections"}, "status": 403}
    flow_service.set_faults([fault | {"code": "1001-403", "message": "not <b>allowed</b>"}])
    html = ask(signed_in, connection, headers=FRAGMENT)

    assert "What to do next" in html
    assert "not &lt;b&gt;allowed&lt;/b&gt;" in html
    assert "Ask Adobe" in html


def test_a_silent_adobe_does_not_keep_the_page_waiting(signed_in, used, flow_service, monkeypatch):
    connection, _, _ = used()
    monkeypatch.setattr("wizard.asking.uses.SECONDS", 0.5)
    flow_service.set_faults([{"kind": "latency", "match": {"path": "/sourceConnections"}, "seconds": 5}])
    began = time.monotonic()
    html = ask(signed_in, connection)

    assert time.monotonic() - began < 4
    assert "What to do next" in html


def test_where_others_wait_for_adobe_nobody_else_does(signed_in, used, flow_service):
    connection, *_ = used()
    flow_service.clear_requests()
    with all_places_taken():
        html = ask(signed_in, connection)
    assert "Others are looking right now" in html
    assert "The answer’s own words" not in html
    assert not flow_service.requests("GET")
    assert "Every quarter of an hour" in ask(signed_in, connection)


def test_what_is_not_there_any_more_is_not_asked_about(signed_in, connected, flow_service):
    connection = connected()
    BaseConnection.objects.filter(pk=connection.pk).update(finding="vanished")
    flow_service.clear_requests()
    assert "Adobe is not asked" in ask(signed_in, connection)
    assert flow_service.requests("GET", "/sourceConnections") == []


def test_what_was_made_from_here_stands_on_the_page(signed_in, connected):
    connection = connected()
    row = made_here(connection, ResourceKind.SOURCE_CONNECTION, "Of the <i>shop</i>", remote_id=str(uuid.uuid4()))
    html = shown(signed_in.get(connection.get_absolute_url()).content.decode(), "uses")

    assert "<bdi>Of the &lt;i&gt;shop&lt;/i&gt;</bdi>" in html
    assert row.remote_id in html
    assert "Nothing so far." not in html


def test_the_newest_ten_lead_to_all(signed_in, connected):
    connection = connected()
    for number in range(12):
        made_here(connection, ResourceKind.MAPPING_SET, f"Mapping {number:02}")
    html = shown(signed_in.get(connection.get_absolute_url()).content.decode(), "uses")
    assert "Mapping 11" in html
    assert "Mapping 01" not in html
    assert f"{connection.get_absolute_url()}uses/" in html
    assert "Mapping 01" in signed_in.get(f"{connection.get_absolute_url()}uses/").content.decode()


def test_the_delete_page_says_how_much_uses_it(signed_in, connected):
    connection = connected()
    url = f"{connection.get_absolute_url()}delete/"
    assert "It is in use" not in signed_in.get(url).content.decode()
    for kind, number in ((ResourceKind.SOURCE_CONNECTION, 2), (ResourceKind.FLOW, 1), (ResourceKind.MAPPING_SET, 1)):
        for _ in range(number):
            made_here(connection, kind, status=ResourceStatus.MADE, remote_id=str(uuid.uuid4()))
    made_here(connection, ResourceKind.FLOW, status=ResourceStatus.FAILED)
    words = in_words(signed_in.get(url).content.decode())

    assert "It is in use: " in words
    assert "2 source connections" in words
    assert "1 dataflow made of it" in words
