"""What the buttons of the next steps make, for whom, and each rule that keeps them from it."""

import pytest
from django.utils.html import escape

from tests.handing_over.filled import COLUMNS, html_of, typed
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.dataflows.models import ObjectType, Resource, ResourceKind, Selection


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


def test_a_dataset_leads_to_its_target_connection_alone(signed_in, lake, address):
    html = html_of(signed_in.get(address))
    assert "Create target connection" in html
    assert "Create dataflow" not in html
    assert "id_frequency" not in html
    assert "/sourceConnections" not in html

    response = signed_in.post(address, typed(intent="target", schema_prefix=None, frequency=None, start_at=None))
    made = Resource.objects.get()
    assert response["Location"].endswith(f"/made/{made.uuid}/")
    assert made.kind == ResourceKind.TARGET_CONNECTION
    assert made.body["params"] == {"dataSetId": "6019e0e7c5dcf718db5ebc71"}


def test_a_connection_that_is_not_connected_shows_placeholders_and_makes_nothing(signed_in, asked_for, choose, alice):
    waiting = asked_for("Later", **{"auth.params.connectionString.DATABASE": "later"})
    values = {"path": "sample.orders", "columns": COLUMNS, "object_type": ObjectType.TABLE, "options": {}}
    selection = Selection.objects.choose(waiting, alice, **values)
    address = f"/connections/{waiting.uuid}/next-steps/"

    html = html_of(signed_in.get(address))
    assert "{BASE_CONNECTION_ID}" in html
    assert "Create dataflow" not in html
    assert signed_in.post(address, typed(selection)).status_code == 422
    assert not Resource.objects.exists()
