"""The page of the next steps: what it shows, what it hands over, and that nothing typed is lost."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.handing_over.filled import COLUMNS, html_of, typed
from tests.handing_over.plans import HOSTILE, SCHEMA
from wizard.dataflows.models import ObjectType, Selection
from wizard.record.kinds import Kind


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


def test_a_file_has_no_delta_column_and_takes_the_flow_spec_of_files(signed_in, choose, address):
    choose("/in/a.csv", object_type=ObjectType.FILE, fileType="delimited", columnDelimiter=";")
    html = html_of(signed_in.get(address))
    assert "CloudStorageToAEP" in html
    assert "id_delta_column" not in html


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_escaped_wherever_they_stand(signed_in, choose, address, name):
    # What is read of an answer has no NUL: no database takes one.
    name = name.replace("\0", "")
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


def test_a_table_of_two_thousand_columns_stays_a_page(signed_in, choose, address):
    columns = [{"name": f"column {number}", "type": "string", "xdm": {"type": "string"}} for number in range(2000)]
    choose(columns=columns)
    html = html_of(signed_in.get(address))
    assert "And 1900 more" in html
    assert html.count("<dt><bdi>") == 100


def test_in_a_production_sandbox_the_page_bears_its_mark(signed_in, shop, choose, address):
    shop.organization.sandboxes.filter(name=shop.sandbox_name).update(type="production")
    choose()
    assert '<span class="production">Production</span>' in html_of(signed_in.get(address))


def test_looking_and_taking_along_is_on_record(client, bob, shop, choose, address):
    choose()
    client.force_login(bob)
    client.get(f"{address}dataflow.py")
    assert shop.events.filter(kind=Kind.VIEWED, actor=bob).count() == 1


@pytest.mark.parametrize(
    "values", ["selection=%00", "as=%00", "name=%00&start_at=9999-12-31T23:59", "name=x&prefix=%F0"]
)
def test_no_address_breaks_the_page(signed_in, choose, address, values):
    choose()
    assert signed_in.get(f"{address}?{values}").status_code == 200
    assert signed_in.get(f"{address}dataflow.sh?{values}").status_code == 200
