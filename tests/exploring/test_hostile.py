"""What is meant badly, in an address, a form or an answer: no page breaks, and the wrong person sees nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import connection as database
from django.test import Client

from tests.emulator.running import Emulator
from tests.exploring.conftest import HTMX
from wizard.access.models import Grant
from wizard.connections.models import BaseConnection
from wizard.exploring.cells import Cell, cell
from wizard.exploring.columns import of_rows
from wizard.exploring.keeping import erase_outdated
from wizard.exploring.listing import Listing
from wizard.flow_service.explored import MOST_COLUMNS, Contents, RemoteObject

Connect = Callable[..., BaseConnection]
Look = Callable[..., Any]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "[[1e400]]"])
def test_a_number_that_json_cannot_write_is_refused_at_its_field(
    number: str, signed_in: Client, connected: Connect
) -> None:
    typed = {"type": "rest", "sourceParams": f'{{"a": {number}}}'}
    answer = signed_in.post(f"/connections/{connected().uuid}/explore/", typed)
    assert answer.status_code == 422
    assert "This is not JSON." in answer.content.decode()


@pytest.mark.parametrize("kind", ["table", "folder", "file"])
def test_a_path_that_no_database_takes_leads_nowhere(kind: str, connected: Connect, look: Look) -> None:
    assert look(connected(), type=kind, object="a\x00b").status_code == 404


@pytest.mark.parametrize("path", ["a?b=c&d", "a#b", "a%2e%2e%2fb", "../../imsOrgs", "a\r\nX-Injected: yes"])
def test_a_path_stays_one_parameter_of_the_call(
    path: str, connected: Connect, look: Look, flow_service: Emulator
) -> None:
    answer = look(connected(), type="table", object=path)
    assert answer.status_code == 200
    sent = [entry for entry in flow_service.requests("GET") if entry["path"].endswith("/explore")][-1]
    assert sent["path"].count("/explore") == 1
    assert not [name for name in sent["headers"] if name.lower() == "x-injected"]


def test_an_address_cannot_turn_the_title_of_its_page_around(signed_in: Client, connected: Connect) -> None:
    query = {"type": "table", "object": "sample.\u202egnp.exe\u2066"}
    html = signed_in.get(f"/connections/{connected().uuid}/explore/", query).content.decode()
    assert "<h1><bdi>sample.gnp.exe</bdi></h1>" in html
    assert "<title>Explore sample.gnp.exe, " in html


def test_what_has_no_name_is_named_by_its_path_in_one_short_line() -> None:
    objects = [RemoteObject("table", "", "x\n\u202ey" + "z" * 5000), RemoteObject("table", "", "\u202e")]
    names = sorted(entry.name for entry in Listing.of(objects).entries)
    assert names[0] == "(a name without letters)"
    assert names[1].startswith("x yzzz")
    assert len(names[1]) == 300


def test_rows_of_endless_names_are_no_endless_table() -> None:
    row = {f"name_{number}": 1 for number in range(MOST_COLUMNS + 10)}
    contents = Contents.from_wire({"format": "hierarchical", "schema": {"properties": {}}, "data": [row]})
    assert len(of_rows(contents, [])) == MOST_COLUMNS


def test_a_cell_is_nested_deeper_than_calls_may_be() -> None:
    deep: Any = {"core": 1}
    for _ in range(50_000):
        deep = [deep]
    assert cell(deep) == Cell("nested", "[" * 200, "cut")


def test_nested_cells_are_written_as_json_is() -> None:
    for value in ([], {}, [[], {}], {"a": [1, {"b": None}], "ü": "x"}, [True, 1.5, "a, b"]):
        assert cell(value).text == json.dumps(value, ensure_ascii=False)


def test_who_has_lost_the_role_does_not_see_what_is_kept(
    client: Client, connected: Connect, look: Look, bob: Any
) -> None:
    connection = connected()
    assert ">orders</bdi>" in look(connection).content.decode()
    client.force_login(bob)
    url = f"/connections/{connection.uuid}/explore/"
    assert ">orders</bdi>" in client.get(url, headers=HTMX).content.decode()
    Grant.objects.filter(person=bob).delete()
    assert client.get(url, headers=HTMX).status_code == 404
    assert client.get(url).status_code == 404


def test_where_the_connection_has_gone_meanwhile_the_whole_page_is_left(connected: Connect, look: Look) -> None:
    connection = connected()
    BaseConnection.objects.filter(pk=connection.pk).update(finding="vanished")
    assert look(connection)["HX-Redirect"] == connection.get_absolute_url()


def test_names_are_erased_from_the_database_when_their_minutes_are_over(settings: Any, db: None) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    call_command("createcachetable")
    store = caches["default"]
    assert isinstance(store, DatabaseCache)
    store.set("over", "secret_table", 0.001)
    store.set("kept", "other_table", 300)
    with database.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = '2020-01-01 00:00:00' WHERE cache_key LIKE %s", ["%over"])
    erase_outdated()
    with database.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:kept"]


def test_parameters_of_a_source_are_taken_from_no_address(
    signed_in: Client, connected: Connect, flow_service: Emulator
) -> None:
    query = {"type": "rest", "sourceParams": '{"apiKey": "in-a-link"}', "now": "1"}
    html = signed_in.get(f"/connections/{connected().uuid}/explore/", query).content.decode()
    assert "Show columns and first rows" in html
    assert "in-a-link" not in html
    assert not [entry for entry in flow_service.requests("GET") if entry["path"].endswith("/explore")]
