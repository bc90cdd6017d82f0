"""Exports: what the filters and the role show, safe for spreadsheets, without a secret, and on record."""

import csv
import io
import json
import re

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from tests.conftest import CANARY
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.tables.exporting import cell
from wizard.work import submitting, testing

URLS = ["/connections/export.csv", "/connections/export.json", "/activity/export.csv", "/activity/export.json"]
PARTS = ("c4nary", "örd=")


def text_of(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows_of(response):
    text = text_of(response)
    if response["Content-Type"] == "application/json":
        return json.loads(text)
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_connections_are_exported_as_the_filters_have_them(signed_in, connected, asked_for, form):
    connection = connected("Orders")
    asked_for("Customers")
    response = signed_in.get(f"/connections/export.{form}?status=connected")

    (row,) = rows_of(response)
    assert row["name"] == "Orders"
    assert row["base_connection_id"] == connection.base_connection_id
    assert row["created_by"] == "alice@example.com"
    assert row["created_at"] == connection.created_at.isoformat()
    assert re.fullmatch(
        rf'attachment; filename="connections-\d{{4}}-\d\d-\d\d\.{form}"', response["Content-Disposition"]
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_events_are_exported_with_their_place_in_the_chain(signed_in, connected, form):
    connection = connected("Orders")
    Event.objects.chain()
    rows = rows_of(signed_in.get(f"/activity/export.{form}?connection={connection.uuid}&kind=connections"))

    events = connection.events.order_by("-pk")
    assert [row["kind"] for row in rows] == [event.kind for event in events if event.kind != "viewed"]
    assert [row["link"] for row in rows] == [event.link for event in events if event.kind != "viewed"]
    assert rows[-1]["request_id"] == connection.events.get(kind=Kind.ASKED).request_id


@pytest.mark.parametrize("url", URLS)
def test_an_export_shows_no_more_than_the_page(client, connected, charlie, url):
    connected("Orders")
    client.force_login(charlie)

    assert "Orders" not in text_of(client.get(url))


@pytest.mark.parametrize("url", URLS)
def test_nothing_is_an_empty_table(client, db, charlie, url):
    client.force_login(charlie)

    assert rows_of(client.get(url)) == []


@pytest.mark.parametrize("url", URLS)
def test_no_secret_is_in_an_export(signed_in, connected, flow_service, by_key, url):
    connection = connected("Orders")
    connection.ask_for_test(None)
    connection.refresh_from_db()
    testing.run_test(connection.pk)
    text = text_of(signed_in.get(url))

    assert "Orders" in text
    for part in (CANARY, *PARTS, "first-pw", flow_service.client_secret):
        assert part not in text
        assert json.dumps(part)[1:-1] not in text


@pytest.mark.parametrize("url", URLS)
def test_an_export_is_on_record_with_the_filters_names_and_the_count(signed_in, connected, alice, url):
    connected("Orders")
    query = "status=connected&q=Ord" if "connections" in url else "kind=connections&q=Ord"
    rows = rows_of(signed_in.get(f"{url}?{query}"))

    event = Event.objects.get(kind=Kind.EXPORTED)
    assert (event.actor, event.details["rows"]) == (alice, len(rows))
    assert event.details["filters"] == sorted(name.split("=")[0] for name in query.split("&"))
    assert "Ord" not in json.dumps(event.details) + event.message


def test_a_head_request_exports_nothing(signed_in, organization):
    assert signed_in.head("/connections/export.csv").status_code == 405
    assert not Event.objects.filter(kind=Kind.EXPORTED).exists()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((f"{first}1+1", f"'{first}1+1") for first in "=+-@\t\r\n＝＋－＠"),
        ("a=1", "a=1"),
        ("", ""),
        (None, ""),
        (7, "7"),
        (True, "true"),
        ({"a": "=1"}, '{"a": "=1"}'),
        ('say "x", y\r\nz', 'say "x", y\r\nz'),
    ],
)
def test_a_cell_is_no_formula(value, expected):
    assert cell(value) == expected


def test_names_that_would_be_formulas_are_text_in_a_spreadsheet(signed_in, asked_for):
    name = '=HYPERLINK("http://evil.example","x")'
    asked_for(name)

    (row,) = rows_of(signed_in.get("/connections/export.csv"))
    assert row["name"] == f"'{name}"
    (row,) = rows_of(signed_in.get("/connections/export.json"))
    assert row["name"] == name


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_long_table_is_cut_and_says_so(signed_in, asked_for, monkeypatch, form):
    monkeypatch.setattr("wizard.tables.exporting.MOST_ROWS", 3)
    monkeypatch.setattr("wizard.tables.exporting.BATCH", 2)
    connection = asked_for()
    for number in range(7):
        Event.objects.create(kind=Kind.LOOKED, connection=connection, message=f"Look {number}")
    text = text_of(signed_in.get(f"/activity/export.{form}"))

    assert text.startswith('"Only the newest' if form == "csv" else '[\n{"note": "Only the newest')
    assert [number for number in range(7) if f"Look {number}" in text] == [4, 5, 6]
    assert Event.objects.get(kind=Kind.EXPORTED).details["rows"] == 3
    if form == "json":
        assert len(json.loads(text)) == 4


@pytest.mark.parametrize("url", URLS)
def test_rows_are_read_a_batch_at_a_time_and_not_one_by_one(signed_in, asked_for, monkeypatch, url):
    monkeypatch.setattr("wizard.tables.exporting.BATCH", 10)
    connection = asked_for()
    for number in range(25):
        Event.objects.create(kind=Kind.LOOKED, connection=connection, message=f"Look {number}")
        asked_for(f"Row {number}")
    with CaptureQueriesContext(database) as queries:
        text_of(signed_in.get(url))

    assert len(queries) < 30


def test_a_worker_that_goes_on_meanwhile_does_not_change_the_count(signed_in, asked_for, flow_service):
    connection = asked_for()
    response = signed_in.get("/activity/export.json")
    submitting.submit(connection.pk)

    rows = rows_of(response)
    assert len(rows) == Event.objects.get(kind=Kind.EXPORTED).details["rows"]


@pytest.mark.parametrize(
    "text", ["x;=1+1", "x;  =1+1", "x;\t+1", 'x;"=1+1;y', "a\n@SUM(1)", "x;＝1", "Orders;-2;=cmd|' /C calc'!A0"]
)
def test_a_formula_does_not_begin_where_a_spreadsheet_parts_columns_by_semicolons(text):
    for column in re.split(r"[;\n\t]", cell(text)):
        assert not column.strip(' "').startswith(("=", "+", "-", "@", "＝"))
