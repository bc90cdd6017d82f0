"""The next steps where what was chosen has changed, is huge, or is another one's: nothing is made by mistake."""

import re

import pytest

from tests.dataflows.steps import dataflow_asked, source_asked
from tests.handing_over.filled import COLUMNS, html_of, typed
from wizard.dataflows.models import ObjectType, Resource, ResourceKind, Selection
from wizard.handing_over import choosing
from wizard.record.kinds import Kind


@pytest.mark.parametrize("intent", ["source", "dataflow"])
@pytest.mark.parametrize("which", ["unknown", "another connection's", "none"])
def test_a_choice_that_is_none_of_its_own_makes_nothing(signed_in, connected, choose, alice, address, intent, which):
    other = connected("Other", **{"auth.params.connectionString.DATABASE": "other"})
    values = {"path": "secret.table", "columns": COLUMNS, "object_type": ObjectType.TABLE, "options": {}}
    theirs = Selection.objects.choose(other, alice, **values)
    choose()
    sent = {"unknown": "999999", "another connection's": str(theirs.pk), "none": ""}[which]

    response = signed_in.post(address, typed(intent=intent) | {"selection": sent})
    assert response.status_code == 422
    assert 'href="#id_selection"' in html_of(response)
    assert not Resource.objects.exists()


@pytest.mark.parametrize("intent", ["source", "dataflow"])
def test_of_columns_that_were_chosen_anew_meanwhile_nothing_is_made_unseen(signed_in, choose, address, intent):
    selection = choose()
    seen = re.search(r'name="seen" value="([^"]+)"', html_of(signed_in.get(address)))[1]
    choose(columns=COLUMNS[:1])

    values = typed(selection, intent=intent, seen=seen)
    response = signed_in.post(address, values)
    html = html_of(response)
    assert response.status_code == 422
    assert "has changed since you opened this page" in html
    assert not Resource.objects.exists()

    seen = re.search(r'name="seen" value="([^"]+)"', html)[1]
    again = values | {"seen": seen, "frequency": "once"}
    assert signed_in.post(address, again).status_code == 302
    assert Resource.objects.get(kind=ResourceKind.SOURCE_CONNECTION).body["params"]["columns"] == COLUMNS[:1]


def test_what_is_shown_as_one_types_is_what_was_seen(signed_in, choose, address):
    first, second = choose("first"), choose("second")
    html = html_of(signed_in.get(address, typed(first, intent="show"), headers={"HX-Request": "true"}))
    seen = re.search(r'<input[^>]*name="seen"[^>]*>', html)[0]
    assert f'value="{first.pk}-' in seen
    assert "hx-swap-oob" in seen
    assert second.path not in html


def test_where_no_columns_are_known_no_part_of_a_dataflow_is_made(signed_in, choose, address):
    selection = choose("/in/a.csv", columns=[], object_type=ObjectType.FILE, fileType="delimited")
    response = signed_in.post(address, typed(selection, delta_column=None))

    assert response.status_code == 422
    assert "Nothing is known of the columns" in html_of(response)
    assert not Resource.objects.exists()


def test_a_file_that_is_to_be_read_otherwise_has_a_source_connection_of_its_own(signed_in, choose, address):
    file = {"path": "/in/a.csv", "object_type": ObjectType.FILE, "fileType": "delimited"}
    signed_in.post(address, typed(choose(columnDelimiter=",", **file), intent="source"))
    signed_in.post(address, typed(choose(columnDelimiter=";", **file), delta_column=None))

    flow = Resource.objects.get(kind=ResourceKind.FLOW)
    assert flow.source.body["data"]["properties"] == {"columnDelimiter": ";"}


def test_the_times_among_two_thousand_columns_are_found_once(signed_in, shop, choose, monkeypatch):
    seen = []
    monkeypatch.setattr(choosing, "_is_time", lambda column: seen.append(column) or True)
    choose(columns=[{"name": f"column {number}", "type": "timestamp"} for number in range(2000)])

    names = choosing.chosen(shop, "").delta_columns
    assert (len(names), len(seen)) == (2000, 2000)


def test_of_very_many_choices_the_newest_are_offered_and_the_one_that_is_open(signed_in, shop, alice, choose, address):
    oldest = choose("the oldest")
    values = {"connection": shop, "object_type": ObjectType.TABLE, "columns": COLUMNS, "chosen_by": alice}
    Selection.objects.bulk_create(Selection(path=f"table {number}", **values) for number in range(500))

    html = html_of(signed_in.get(address, {"selection": str(oldest.pk)}))
    assert html.count('<option value="') < 250
    assert f'<option value="{oldest.pk}" selected>the oldest' in html


def test_of_very_many_dataflows_from_one_source_the_page_shows_the_newest(signed_in, alice, shop, choose):
    source = source_asked(shop, alice, selection=choose())
    flows = [dataflow_asked(source, alice, name=f"Flow {number}") for number in range(45)]
    html = html_of(signed_in.get(f"/connections/{shop.uuid}/made/{source.uuid}/"))

    assert html.count(">Dataflow: ") == 40
    assert flows[-1].name in html


@pytest.mark.parametrize(
    ("values", "interval"),
    [
        ({"frequency": "yearly", "interval": "-5"}, 1),
        ({"frequency": "minute", "interval": "5", "start_at": "soon"}, 15),
        ({"frequency": "minute", "interval": "20", "start_at": "0001-01-01T00:00"}, 20),
        ({"frequency": "week", "interval": "١٢"}, 12),
        ({"frequency": "day", "interval": "9" * 5000}, 1),
        ({"frequency": "hour", "name": "x" * 1_000_000, "schema_prefix": "a." * 100_000}, 2),
    ],
)
def test_whatever_is_typed_the_requests_are_such_as_adobe_takes(signed_in, choose, address, values, interval):
    response = signed_in.get(address, typed(choose(), intent="show") | values)
    assert response.status_code == 200
    assert f'"interval": {interval},' in html_of(response).replace("&quot;", '"')


def test_of_very_many_looks_the_page_tells_the_newest(signed_in, alice, shop, choose):
    source = source_asked(shop, alice, selection=choose())
    for number in range(60):
        source.note(Kind.RESOURCE_LOOKED, f"look {number}.")
    html = html_of(signed_in.get(f"/connections/{shop.uuid}/made/{source.uuid}/"))
    assert html.count('<li class="event') == 40
    assert html.index("look 58.") < html.index("look 59.")
