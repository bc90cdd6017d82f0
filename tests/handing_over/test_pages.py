"""The page of the next steps: who sees it, what it asks, what it loses (nothing), and what it makes."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.html import escape

from tests.handing_over.plans import HOSTILE, SCHEMA
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.dataflows.models import ObjectType, Resource, ResourceKind, Selection

COLUMNS = [
    {"name": "id", "type": "integer", "meta:xdmType": "int", "xdm": {"type": "integer"}},
    {"name": "First Name", "type": "string", "xdm": {"type": "string"}},
    {"name": "updated_at", "type": "string", "xdm": {"type": "string", "format": "date-time"}},
]


@pytest.fixture
def shop(connected):
    return connected("Shop")


@pytest.fixture
def choose(shop, alice):
    def chosen(path="sample.orders", columns=COLUMNS, object_type=ObjectType.TABLE, **options):
        values = {"path": path, "columns": columns, "object_type": object_type, "options": options}
        return Selection.objects.choose(shop, alice, **values)

    return chosen


@pytest.fixture
def address(shop):
    return f"/connections/{shop.uuid}/next-steps/"


def html_of(response):
    return response.content.decode()


def typed(selection=None, **changes):
    start = datetime.now(UTC) + timedelta(hours=2)
    values = {
        "submission_id": str(uuid.uuid4()),
        "intent": "dataflow",
        "as": "curl",
        "selection": str(selection.pk) if selection else "",
        "name": "Orders to the lake",
        "description": "For the shop",
        "dataset_id": "6019e0e7c5dcf718db5ebc71",
        "schema_id": SCHEMA,
        "schema_prefix": "_shop.orders",
        "frequency": "hour",
        "start_at": start.strftime("%Y-%m-%dT%H:%M"),
        "interval": "2",
        "backfill": "on",
        "delta_column": "updated_at",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def test_it_shows_the_requests_with_the_ids_filled_in(signed_in, shop, choose, address):
    choose()
    html = html_of(signed_in.get(address))

    for words in (shop.base_connection_id, "sample.orders", "{ACCESS_TOKEN}", "{DATASET_ID}", "CRMToAEP"):
        assert words in html
    assert '<option value="updated_at" selected>' in html
    assert 'value="hour" id="id_frequency_2" checked' in html or re.search(r'value="hour"[^>]*checked', html)


@pytest.mark.parametrize(
    ("language", "words"),
    [("curl", "curl -X POST"), ("python", "import requests"), ("postman", "schema.getpostman.com"), ("x", "curl -X")],
)
def test_each_language_has_an_address_of_its_own(signed_in, choose, address, language, words):
    choose()
    assert words in html_of(signed_in.get(address, {"as": language}))


def test_what_was_typed_stands_in_the_address_and_in_the_requests(signed_in, choose, address):
    values = typed(choose(), intent="show")
    response = signed_in.post(address, values)

    query = parse_qs(urlsplit(response["Location"]).query)
    assert not {"csrfmiddlewaretoken", "submission_id", "intent"} & query.keys()
    html = html_of(signed_in.get(response["Location"]))
    for words in ("Orders to the lake", "For the shop", values["dataset_id"], SCHEMA, "_shop.orders.First_Name"):
        assert words in html
    assert '"interval": 2' in html.replace("&quot;", '"')


def test_as_one_types_the_requests_are_redrawn_alone_and_the_address_with_them(signed_in, choose, address):
    values = typed(choose(), dataset_id="not yet!", interval="x")
    response = signed_in.get(address, values, headers={"HX-Request": "true"})

    html = html_of(response)
    assert response.status_code == 200
    assert "<html" not in html
    assert "{DATASET_ID}" in html
    assert "errorlist" not in html.split('id="delta"')[0]
    assert "dataset_id=not+yet" in response["HX-Replace-Url"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "id_name"),
        ({"dataset_id": ""}, "id_dataset_id"),
        ({"dataset_id": "../x"}, "id_dataset_id"),
        ({"schema_id": "not an address"}, "id_schema_id"),
        ({"schema_prefix": "a..b"}, "id_schema_prefix"),
        ({"frequency": "yearly"}, "id_frequency_0"),
        ({"start_at": "tomorrow"}, "id_start_at"),
        ({"start_at": "2020-01-01T00:00"}, "id_start_at"),
        ({"frequency": "minute", "interval": "14"}, "id_interval"),
        ({"interval": ""}, "id_interval"),
        ({"interval": "0"}, "id_interval"),
        ({"delta_column": ""}, "id_delta_column"),
        ({"delta_column": "no such column"}, "id_delta_column"),
    ],
)
def test_each_rule_is_an_error_at_its_field_and_nothing_typed_is_lost(signed_in, choose, address, changes, field):
    values = typed(choose(), **changes)
    response = signed_in.post(address, values)

    html = html_of(response)
    assert response.status_code == 422
    assert f'href="#{field}"' in html
    assert html.count('<li><a href="#id_') == 1
    for name in ("description", "dataset_id", "schema_prefix"):
        assert f'value="{escape(values[name])}"' in html
    assert values["submission_id"] in html
    assert not Resource.objects.exists()


def test_what_runs_once_has_neither_interval_nor_backfill_nor_delta_column(signed_in, choose, address):
    signed_in.post(address, typed(choose(), frequency="once", interval="x", delta_column="no such column"))

    flow = Resource.objects.get(kind=ResourceKind.FLOW)
    assert flow.body["scheduleParams"].keys() == {"startTime", "frequency"}
    assert [step["name"] for step in flow.body["transformations"]] == ["Mapping"]


def test_a_dataflow_is_asked_for_with_all_that_it_needs(signed_in, shop, choose, address):
    response = signed_in.post(address, typed(choose()))

    flow = Resource.objects.get(kind=ResourceKind.FLOW)
    assert response["Location"] == f"/connections/{shop.uuid}/made/{flow.uuid}/"
    assert {row.kind for row in flow.needs} == {"source_connection", "target_connection", "mapping_set"}
    assert flow.body["scheduleParams"]["interval"] == 2
    assert flow.body["transformations"][0]["params"] == {"deltaColumn": {"name": "updated_at"}}
    assert flow.mapping.body["mappings"][1]["destinationXdmPath"] == "_shop.orders.First_Name"
    assert flow.source.body["params"]["columns"] == COLUMNS
    html = html_of(signed_in.get(address))
    assert html.count(str(flow.uuid)) >= 1
    assert "Orders to the lake" in html


def test_the_same_form_twice_makes_one_dataflow(signed_in, choose, address):
    values = typed(choose())
    first, second = signed_in.post(address, values), signed_in.post(address, values)

    assert first["Location"] == second["Location"]
    assert Resource.objects.count() == 4


def test_a_source_connection_is_made_alone_and_used_by_the_dataflow_that_follows(signed_in, choose, address):
    selection = choose()
    signed_in.post(address, typed(selection, intent="source", dataset_id="", start_at="", delta_column=""))
    source = Resource.objects.get()
    assert source.kind == ResourceKind.SOURCE_CONNECTION

    signed_in.post(address, typed(selection))
    assert Resource.objects.get(kind=ResourceKind.FLOW).source == source


def test_without_a_choice_nothing_can_be_made_and_the_page_says_so(signed_in, shop, address):
    html = html_of(signed_in.get(address))
    assert "No columns are chosen yet" in html
    assert "Create dataflow" not in html
    assert "{TABLE_NAME}" in html

    response = signed_in.post(address, typed(delta_column=None))
    assert response.status_code == 422
    assert not Resource.objects.exists()


def test_a_file_has_no_delta_column_and_takes_the_flow_spec_of_files(signed_in, choose, address):
    choose("/in/a.csv", object_type=ObjectType.FILE, fileType="delimited", columnDelimiter=";")
    html = html_of(signed_in.get(address))
    assert "CloudStorageToAEP" in html
    assert "id_delta_column" not in html


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_escaped_wherever_they_stand(signed_in, choose, address, name):
    choose(path=name, columns=[{"name": name, "type": "string", "xdm": {"type": "string"}}])
    for language in ("curl", "python", "postman"):
        html = html_of(signed_in.get(address, {"as": language}))
        assert "<script>alert(1)" not in html
    assert signed_in.get(f"{address}collection.json").status_code == 200


@pytest.mark.parametrize(
    ("file", "ending", "content_type"),
    [
        ("dataflow.sh", "sh", "text/plain; charset=utf-8"),
        ("dataflow.py", "py", "text/plain; charset=utf-8"),
        ("collection.json", "postman_collection.json", "application/json"),
    ],
)
def test_the_requests_are_taken_along_as_a_file(signed_in, choose, address, file, ending, content_type):
    values = typed(choose())
    response = signed_in.get(f"{address}{file}", values)

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="shop-dataflow.{ending}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert values["dataset_id"] in html_of(response)
    if ending.endswith("json"):
        json.loads(response.content)


def test_a_viewer_sees_and_takes_along_and_makes_nothing(client, bob, shop, choose, address):
    values = typed(choose())
    Grant.objects.filter(person=bob).delete()
    Grant.objects.create(person=bob, organization=shop.organization, role=Role.VIEWER)
    client.force_login(bob)

    html = html_of(client.get(address))
    assert "Create dataflow" not in html
    assert shop.base_connection_id in html
    assert client.get(f"{address}dataflow.py").status_code == 200
    assert client.post(address, values | {"intent": "show"}).status_code == 302
    assert client.post(address, values).status_code == 403


def test_where_a_second_person_must_approve_nothing_is_made_from_here(signed_in, shop, choose, address):
    shop.organization.sandboxes.filter(name=shop.sandbox_name).update(needs_approval=True)
    values = typed(choose())

    assert "Create dataflow" not in html_of(signed_in.get(address))
    response = signed_in.post(address, values)
    assert response.status_code == 422
    assert "approval" in html_of(response)
    assert not Resource.objects.exists()


def test_a_number_that_is_none_of_its_choices_shows_the_newest(signed_in, choose, address):
    choose()
    for number in ("999999", "x", "-1"):
        assert "sample.orders" in html_of(signed_in.get(address, {"selection": number}))


def test_another_connections_choice_is_never_shown(signed_in, connected, choose, alice, address):
    other = connected("Other", **{"auth.params.connectionString.DATABASE": "other"})
    values = {"path": "secret.table", "columns": COLUMNS, "object_type": ObjectType.TABLE, "options": {}}
    hidden = Selection.objects.choose(other, alice, **values)
    choose()
    assert "secret.table" not in html_of(signed_in.get(address, {"selection": str(hidden.pk)}))
