"""Columns that are chosen: only what Adobe names is kept, an earlier choice is shown, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.emulator.running import Emulator
from wizard.connections.models import BaseConnection
from wizard.dataflows.models import Selection
from wizard.exploring.columns import key_of
from wizard.record.kinds import Kind

Connect = Callable[..., BaseConnection]
ORDERS = {"type": "table", "object": "sample.orders"}


def choose(client: Client, connection: BaseConnection, names: list[str], **more: Any) -> Any:
    typed = {**ORDERS, "intent": "keep", "column": [key_of(name) for name in names], **more}
    return client.post(f"/connections/{connection.uuid}/explore/choose/", typed)


def names(selection: Selection) -> list[str]:
    return [column["name"] for column in selection.columns]


def test_the_choice_is_kept_as_adobe_names_it(signed_in: Client, connected: Connect) -> None:
    connection = connected()
    answer = choose(signed_in, connection, ["total", "id"])
    assert answer.status_code == 302
    assert answer["Location"].endswith("/explore/?type=table&object=sample.orders")
    kept = Selection.objects.get()
    assert kept.columns == [
        {"name": "id", "type": "integer", "meta:xdmType": "int", "xdm": {"type": "integer"}},
        {"name": "total", "type": "number", "meta:xdmType": "number", "xdm": {"type": "number"}},
    ]
    assert (kept.object_type, kept.path, kept.chosen_by.email) == ("table", "sample.orders", "alice@example.com")
    assert connection.events.filter(kind=Kind.COLUMNS_CHOSEN, message="2 columns of sample.orders").exists()


def test_a_forged_column_is_not_kept(signed_in: Client, connected: Connect) -> None:
    connection = connected()
    choose(signed_in, connection, ["id", "forged"], more=["x"])
    assert names(Selection.objects.get()) == ["id"]
    answer = choose(signed_in, connection, ["forged"])
    assert answer.status_code == 422
    assert "Choose at least one column." in answer.content.decode()
    assert names(Selection.objects.get()) == ["id"]


def test_all_columns_can_be_kept_without_a_script(signed_in: Client, connected: Connect) -> None:
    choose(signed_in, connected(), [], intent="all")
    assert len(Selection.objects.get().columns) == 7


def test_the_earlier_choice_is_ticked_and_stands_on_the_page(signed_in: Client, connected: Connect, look: Any) -> None:
    connection = connected()
    choose(signed_in, connection, ["id", "total"])
    html = look(connection, **ORDERS).content.decode()
    assert f'value="{key_of("id")}" id="c{key_of("id")}" checked' in html
    assert html.count(" checked") == 2
    page = signed_in.get(f"/connections/{connection.uuid}/explore/", ORDERS).content.decode()
    assert "2 columns kept for a dataflow" in page
    assert f'href="{reverse("next_steps", args=[connection.uuid])}?selection=' in page
    assert "alice@example.com" in page
    root = signed_in.get(f"/connections/{connection.uuid}/explore/").content.decode()
    assert "<bdi>sample.orders</bdi>" in root
    only = look(connection, **ORDERS, rows="5", cells="chosen").content.decode()
    assert only.count('<th scope="col"><span class="cell-name">') == 2


def test_what_a_search_hides_stays_as_it_was_kept(signed_in: Client, connected: Connect) -> None:
    connection = connected()
    choose(signed_in, connection, ["id", "total", "customer_id"])
    choose(signed_in, connection, ["id"], find="id")
    assert names(Selection.objects.get()) == ["id", "total"]


def test_where_the_columns_cannot_be_read_the_choice_can_be_sent_again(
    signed_in: Client, connected: Connect, flow_service: Emulator
) -> None:
    connection = connected()
    match = {"path": "/connections/*/explore"}
    flow_service.set_faults([{"kind": "status", "status": 503, "match": match, "times": 1}])
    html = choose(signed_in, connection, ["id", "total"]).content.decode()
    assert "Keep my choice of 2 columns" in html
    assert html.count('<input type="hidden" name="column"') == 2
    assert not Selection.objects.exists()
    choose(signed_in, connection, ["id", "total"])
    assert names(Selection.objects.get()) == ["id", "total"]


def test_who_wanted_all_columns_is_offered_all_again(
    signed_in: Client, connected: Connect, flow_service: Emulator
) -> None:
    match = {"path": "/connections/*/explore"}
    flow_service.set_faults([{"kind": "status", "status": 503, "match": match, "times": 1}])
    html = choose(signed_in, connected(), ["id"], intent="all").content.decode()
    assert '<button class="button primary" type="submit" name="intent" value="all">Keep all columns</button>' in html
    assert "Keep my choice of" not in html


def test_the_next_steps_begin_with_the_choice_that_one_sees(signed_in: Client, connected: Connect) -> None:
    connection = connected()
    choose(signed_in, connection, ["id"])
    choose(signed_in, connection, ["id"], object="sample.customers")
    html = signed_in.get(f"/connections/{connection.uuid}/explore/", ORDERS).content.decode()
    kept = Selection.objects.get(path="sample.orders")
    assert f'href="{reverse("next_steps", args=[connection.uuid])}?selection={kept.pk}"' in html


def test_two_thousand_columns_can_be_chosen_at_once(signed_in: Client, connected: Connect, holds: Any) -> None:
    columns = [{"name": f"column_{number}", "type": "int"} for number in range(2000)]
    holds({"sample.orders": {"name": "orders", "columns": columns}})
    answer = choose(signed_in, connected(), [column["name"] for column in columns])
    assert answer.status_code == 302
    assert len(Selection.objects.get().columns) == 2000


def test_odd_names_are_kept_as_they_are_or_not_at_all(signed_in: Client, connected: Connect, holds: Any) -> None:
    odd = ['we;ird"', "ünï cöde", "a\nb", "\u202e", "select", "nul\x00", "half\ud800", "x" * 1001]
    holds({"sample.orders": {"name": "orders", "columns": [{"name": name, "type": "t"} for name in odd]}})
    choose(signed_in, connected(), odd)
    assert names(Selection.objects.get()) == odd[:5]


def test_of_two_columns_with_one_name_the_first_is_kept(signed_in: Client, connected: Connect, holds: Any) -> None:
    columns = [{"name": "a", "type": "first"}, {"name": "a", "type": "second"}]
    holds({"sample.orders": {"name": "orders", "columns": columns}})
    choose(signed_in, connected(), ["a"])
    assert Selection.objects.get().columns == [{"name": "a", "type": "first"}]


def test_how_a_file_is_read_is_kept_with_its_columns(signed_in: Client, connected_to: Any) -> None:
    connection = connected_to("s3")
    file = {"type": "file", "object": "/sample customers/customers.csv.gz"}
    choose(signed_in, connection, ["id"], **file, detect="1")
    kept = Selection.objects.get()
    assert kept.options == {"fileType": "delimited", "compressionType": "gzip", "columnDelimiter": "|"}
    tsv = {"type": "file", "object": "/sample customers/customers.tsv", "fileType": "delimited"}
    choose(signed_in, connection, ["id"], **tsv, columnDelimiter="\\t")
    assert Selection.objects.get(path=tsv["object"]).options == {"fileType": "delimited", "columnDelimiter": "\t"}


def test_records_of_a_rest_source_can_be_chosen(signed_in: Client, connected_to: Any) -> None:
    connection = connected_to("mailchimp-members")
    answer = choose(signed_in, connection, ["customer.id"], type="rest", object="json", sourceParams="{}")
    assert answer.status_code == 302
    kept = Selection.objects.get()
    assert (kept.object_type, kept.path, names(kept)) == ("rest", "json", ["customer.id"])


@pytest.mark.parametrize("change", [{"type": "root"}, {"type": "folder", "object": "/"}, {"object": "x" * 1001}])
def test_only_columns_can_be_chosen(change: dict[str, str], signed_in: Client, connected: Connect) -> None:
    assert choose(signed_in, connected(), ["id"], **change).status_code in (404, 422)
    assert not Selection.objects.exists()


def test_the_choice_on_another_connection_is_another_one(signed_in: Client, connected: Connect) -> None:
    for connection in (connected("One"), connected("Two")):
        choose(signed_in, connection, ["id"])
    assert Selection.objects.count() == 2


def test_what_a_form_has_besides_comes_back_in_no_link(signed_in: Client, connected: Connect) -> None:
    answer = choose(signed_in, connected(), ["forged"], password="typed-by-mistake")
    assert answer.status_code == 422
    assert "typed-by-mistake" not in answer.content.decode()
