"""The names at the root and in folders: shell, search, pages, what is kept, and what stands on record."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.emulator.running import Emulator
from tests.places import all_places_taken
from wizard.connections.models import BaseConnection
from wizard.exploring.listing import crumbs
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.values.places import MOST_AT_ONCE

Connect = Callable[..., BaseConnection]
Look = Callable[..., Any]


def explores(flow_service: Emulator) -> list[dict[str, Any]]:
    return [entry for entry in flow_service.requests("GET") if entry["path"].endswith("/explore")]


def test_it_is_drawn_at_once_and_filled_afterwards(
    signed_in: Client, connected: Connect, look: Look, flow_service: Emulator
) -> None:
    connection = connected()
    page = signed_in.get(f"/connections/{connection.uuid}/explore/")
    html = page.content.decode()
    assert 'hx-trigger="load"' in html
    assert '<noscript><meta http-equiv="refresh" content="0; url=?now=1"></noscript>' in html
    assert "Cancel" in html
    assert not explores(flow_service)
    assert "HX-Request" in page["Vary"]

    fragment = look(connection).content.decode()
    assert "<html" not in fragment
    assert ">orders</bdi>" in fragment
    assert "?type=table&amp;object=sample.orders" in fragment
    assert len(explores(flow_service)) == 1


def test_without_javascript_one_address_has_all_of_it(signed_in: Client, connected: Connect) -> None:
    html = signed_in.get(f"/connections/{connected().uuid}/explore/?now=1").content.decode()
    assert "<html" in html
    assert ">open orders</bdi>" in html
    assert 'hx-trigger="load"' not in html


def test_tables_and_views_are_searched_and_filtered(connected: Connect, look: Look) -> None:
    connection = connected()
    everything = look(connection).content.decode()
    assert ">customers</bdi>" in everything
    found = look(connection, q="ORDERS sample").content.decode()
    assert ">orders</bdi>" in found
    assert ">customers</bdi>" not in found
    assert "2 of 4" in found
    views = look(connection, only="view").content.decode()
    assert ">open orders</bdi>" in views
    assert ">orders</bdi>" not in views
    assert "Nothing matches" in look(connection, q="no such").content.decode()


def test_names_are_kept_for_some_minutes_and_read_again_on_demand(
    connected: Connect, look: Look, flow_service: Emulator, signed_in: Client
) -> None:
    connection = connected()
    for query in ({}, {"q": "x"}, {"page": "7"}, {"only": "view"}):
        look(connection, **query)
    # What is kept is there without a wait.
    assert ">orders</bdi>" in signed_in.get(f"/connections/{connection.uuid}/explore/").content.decode()
    assert len(explores(flow_service)) == 1
    look(connection, fresh="1")
    assert len(explores(flow_service)) == 2


def test_names_of_another_state_of_the_connection_are_not_shown(
    connected: Connect, look: Look, flow_service: Emulator
) -> None:
    connection = connected()
    look(connection)
    BaseConnection.objects.filter(pk=connection.pk).update(etag='"other"')
    look(connection)
    assert len(explores(flow_service)) == 2


def test_names_of_one_connection_are_not_those_of_another(
    connected: Connect, look: Look, flow_service: Emulator
) -> None:
    look(connected("One"))
    look(connected("Two"))
    assert len(explores(flow_service)) == 2


def test_every_look_is_on_record_but_not_every_letter_of_a_search(connected: Connect, look: Look) -> None:
    connection = connected()
    for text in ("", "o", "or", "ord"):
        look(connection, q=text)
    noted = Event.objects.filter(kind=Kind.EXPLORED, connection=connection)
    assert [event.details["object_type"] for event in noted] == ["root"]
    assert noted[0].outcome == "succeeded"
    assert noted[0].actor_name == "alice@example.com"


def test_another_person_who_sees_what_is_kept_is_on_record_too(
    connected: Connect, look: Look, client: Client, bob: Any
) -> None:
    connection = connected()
    look(connection)
    client.force_login(bob)
    client.get(f"/connections/{connection.uuid}/explore/")
    names = Event.objects.filter(kind=Kind.EXPLORED).values_list("actor_name", flat=True)
    assert set(names) == {"alice@example.com", "bob@example.com"}


def test_schemas_stand_apart(connected: Connect, look: Look, holds: Any) -> None:
    holds({"b.one": {"name": "one"}, "a.two": {"name": "two"}, "a.three": {"name": "three"}, "bare": {"name": "bare"}})
    html = look(connected()).content.decode()
    assert html.index("<bdi>a</bdi>") < html.index(">three<") < html.index(">two<") < html.index("<bdi>b</bdi>")
    assert html.index(">bare<") < html.index("<bdi>a</bdi>")


def test_an_empty_source_says_so(connected: Connect, look: Look, holds: Any) -> None:
    holds({})
    assert "Adobe sees nothing here" in look(connected()).content.decode()


def test_hostile_names_are_harmless(connected: Connect, look: Look, holds: Any) -> None:
    odd = "<script>alert(1)</script>\u202e\u0000\x1b[31mred\u200b"
    holds({f"x.{odd}": {"name": odd}, 'y."we;ird"&?#%': {"name": '"we;ird"&?#%'}})
    html = look(connected()).content.decode()
    assert "<script" not in html
    for character in "\u202e\x00\x1b\u200b":
        assert character not in html
    assert "object=y.%22we%3Bird%22%26%3F%23%25" in html


def test_a_name_of_a_lone_surrogate_can_be_listed(connected: Connect, look: Look, holds: Any) -> None:
    holds({"x.a": {"name": "a\ud800b"}})
    assert look(connected()).status_code == 200


@pytest.mark.parametrize("number", [1000, 10_000])
def test_ten_thousand_tables_take_no_more_queries_than_a_thousand(
    number: int, connected: Connect, look: Look, holds: Any, django_assert_num_queries: Any
) -> None:
    holds({f"schema_{index % 7}.table_{index:05}": {"name": f"table_{index:05}"} for index in range(number)})
    connection = connected()
    first = look(connection).content.decode()
    assert first.count('class="name-row"') == 100
    assert f"Page 1 of {number // 100}" in first
    with django_assert_num_queries(QUERIES_OF_A_SEARCH):
        found = look(connection, q="table_00042").content.decode()
    assert found.count('class="name-row"') == 1
    last = look(connection, page=str(number // 100)).content.decode()
    assert last.count('class="name-row"') == 100


QUERIES_OF_A_SEARCH = 6


def test_folders_lead_to_folders_and_files(connected_to: Any, look: Look) -> None:
    connection = connected_to("s3")
    root = look(connection).content.decode()
    assert "?type=folder&amp;object=%2Fsample%20customers%2F" in root
    assert "?type=file&amp;object=%2Fsample%20orders.csv&amp;detect=1" in root
    folder = look(connection, type="folder", object="/sample customers/").content.decode()
    assert ">customers.tsv</bdi>" in folder
    assert "object=%2Fsample%20customers%2Farchive%2F" in folder


def test_the_folders_above_stand_in_the_breadcrumb(connected_to: Any, signed_in: Client) -> None:
    connection = connected_to("s3")
    query = {"type": "folder", "object": "/sample customers/archive/"}
    html = signed_in.get(f"/connections/{connection.uuid}/explore/", query).content.decode()
    assert "?type=folder&amp;object=%2Fsample%20customers%2F" in html
    assert '<li aria-current="page"><bdi>archive</bdi></li>' in html


@pytest.mark.parametrize(
    ("path", "is_file", "found"),
    [
        ("/a b/c/", False, [("a b", "/a b/"), ("c", "/a b/c/")]),
        ("a/b.csv", True, [("a", "a/"), ("b.csv", "a/b.csv/")]),
        ("a/b", False, [("a", "a"), ("b", "a/b")]),
        ("/", False, []),
        ("//", False, []),
    ],
)
def test_crumbs_of_a_path(path: str, is_file: bool, found: list[tuple[str, str]]) -> None:
    assert crumbs(path, is_file=is_file) == found


def test_what_leads_nowhere_is_not_found(connected: Connect, look: Look) -> None:
    connection = connected()
    for query in (
        {"type": "nothing"},
        {"type": "table"},
        {"type": "folder", "object": ""},
        {"type": "file", "object": "x" * 1001},
    ):
        assert look(connection, **query).status_code == 404


def test_names_that_are_too_many_are_read_anew_each_time(
    connected: Connect, look: Look, flow_service: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.exploring.keeping.LARGEST", 10)
    connection = connected()
    look(connection)
    look(connection)
    assert len(explores(flow_service)) == 2
    assert not cache.get("x")


def test_no_more_than_three_look_at_once(connected: Connect, look: Look) -> None:
    connection = connected()
    with all_places_taken():
        answer = look(connection)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Others are looking right now" in answer.content.decode()
    assert look(connection).status_code == 200


def test_a_slow_source_is_given_up_and_its_place_is_free_again(
    connected: Connect, look: Look, flow_service: Emulator, settings: Any
) -> None:
    connection = connected()
    settings.FLOW_SERVICE_TIMEOUT = 1
    flow_service.set_faults([{"kind": "latency", "seconds": 5, "match": {"path": "/connections/*/explore"}}])
    for _ in range(MOST_AT_ONCE + 1):
        began = time.monotonic()
        html = look(connection).content.decode()
        assert time.monotonic() - began < 4
        assert "no answer came" in html
        assert "create the connection again" not in html
    failed = Event.objects.filter(kind=Kind.EXPLORED, outcome="failed")
    assert {event.details["code"] for event in failed} == {"NoAnswer"}
