"""The search among connections, whatever index it has; and that it has one."""

import pytest
from django.db import connection as database
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections import search_index, searching
from wizard.connections.models import BaseConnection
from wizard.history.listing import HistoryFilter

NAMES = ("Orders of ÜBERSEE", "orders, 100% daily", 'Say "orders"', "売上データ", "Under_score", "Customers")


@pytest.fixture
def named(organization, alice):
    """One connection of each name."""
    row = {"organization": organization, "sandbox_name": "prod", "created_by": alice, "source": "postgres"}
    for name in NAMES:
        BaseConnection.objects.create(name=name, status="connected", base_connection_id=f"id-of-{len(name)}", **row)


def found(text, reader, **more):
    query = QueryDict(mutable=True)
    query.update({"q": text, **more})
    filters = HistoryFilter(query, reader)
    return {row.name for part in filters.parts() for row in part}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("orders", {NAMES[0], NAMES[1], NAMES[2]}),
        ("RDER", {NAMES[0], NAMES[1], NAMES[2]}),
        ("of ÜBER", {NAMES[0]}),
        ("100%", {NAMES[1]}),
        ("der_sc", {NAMES[4]}),
        ('"orders"', {NAMES[2]}),
        ("上データ", {NAMES[3]}),
        ("売上", {NAMES[3]}),
        ("o OR c", set()),
        ("orders*", set()),
        ("'; --", set()),
        ("Cu", {NAMES[5]}),
        ("d-of-11", {NAMES[4]}),
    ],
)
def test_a_piece_of_text_is_found_in_whatever_case(named, alice, text, names):
    assert found(text, alice) == names


def test_what_a_connection_is_called_now_is_found_and_what_it_was_called_is_not(named, alice):
    row = BaseConnection.objects.get(name="Customers")
    BaseConnection.objects.filter(pk=row.pk).update(name="Clients", description="Of the shop")
    assert found("Customers", alice) == set()
    assert found("the shop", alice) == {"Clients"}
    row.refresh_from_db()
    row.name = "Buyers"
    row.save()
    assert found("Buyers", alice) == {"Buyers"}
    row.delete()
    assert found("Buyers", alice) == set()


def test_filters_places_and_a_search_hold_together(named, alice, charlie, organization):
    assert found("orders", alice, status="failed") == set()
    assert found("orders", alice, source="postgres", status="connected") == set(NAMES[:3])
    assert found("orders", charlie) == set()
    Grant.objects.create(person=charlie, organization=organization, sandbox_name="dev", role=Role.VIEWER)
    assert found("orders", charlie) == set()
    Grant.objects.create(person=charlie, organization=organization, sandbox_name="prod", role=Role.VIEWER)
    assert found("orders", charlie) == set(NAMES[:3])


def test_pages_of_a_search_follow_each_other(signed_in, organization, alice):
    row = {"organization": organization, "sandbox_name": "prod", "created_by": alice, "source": "postgres"}
    made = [BaseConnection.objects.create(name=f"Orders {number}", status="connected", **row) for number in range(60)]
    first = signed_in.get("/connections/", {"q": "orders"}).context
    second = signed_in.get(f"/connections/?{first['older']}").context
    last = signed_in.get(f"/connections/?{first['oldest']}").context
    assert [row.pk for row in first["rows"] + second["rows"]] == [row.pk for row in made[::-1][:50]]
    assert [row.pk for row in last["rows"]] == [row.pk for row in made[:25][::-1]]
    assert last["older"] is None
    back = signed_in.get(f"/connections/?{last['newer']}").context
    assert [row.pk for row in back["rows"]] == [row.pk for row in made[25:50][::-1]]


def test_a_short_text_is_looked_for_in_the_newest_ones_and_the_page_says_so(signed_in, named, alice, monkeypatch):
    monkeypatch.setattr(searching, "MOST_READ", 2)
    assert found("or", alice) == {"Under_score"}
    assert found("cu", alice) == {"Customers"}
    assert "Type three to search all of them" in signed_in.get("/connections/?q=or").content.decode()
    assert "Type three" not in signed_in.get("/connections/?q=ord").content.decode()


def test_without_the_index_the_same_is_found(named, alice, monkeypatch):
    monkeypatch.setattr(searching, "has_trigrams", lambda: False)
    assert found("orders", alice) == set(NAMES[:3])


def test_an_index_that_got_lost_is_made_again(named, alice):
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("DROP TRIGGER connections_search_update")
        else:
            # What was written in this transaction would hold up the index.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP INDEX connections_search")
    BaseConnection.objects.filter(name="Customers").update(name="Clients")
    search_index.ensure()
    assert found("Clients", alice) == {"Clients"}
    with CaptureQueriesContext(database) as queries:
        search_index.ensure()
    assert not [query for query in queries if "CREATE" in query["sql"] or "rebuild" in query["sql"]]


def test_where_the_extension_may_not_be_installed_the_log_says_what_to_do(db, monkeypatch, caplog):
    monkeypatch.setattr(search_index, "IS_VALID", "SELECT false WHERE %s IS NULL")
    monkeypatch.setattr(search_index, "_has_extension", lambda: False)
    search_index._ensure_on_postgres()
    assert "CREATE EXTENSION pg_trgm" in caplog.text
