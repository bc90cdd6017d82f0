"""What a person asks for becomes rows: once for each form, in the order in which it is made, and never out of place."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.dataflows.steps import (
    COLUMNS,
    DATASET_ID,
    chosen,
    dataflow_asked,
    every_hour,
    fresh,
    queued,
    source_asked,
    standing,
    target_asked,
    work,
)
from tests.emulator.dataflow import SCHEMA
from tests.people.steps import person_with
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import NotNow, Status
from wizard.dataflows import services
from wizard.dataflows.models import Resource, ResourceStatus
from wizard.record.kinds import Kind


def test_a_source_connection_waits_with_its_body_its_choice_and_an_event(connected, alice):
    connection = connected()
    source = source_asked(connection, alice)

    assert source.status == ResourceStatus.WAITING
    assert source.body["params"] == {"tableName": "shop.orders", "columns": COLUMNS}
    assert source.body["baseConnectionId"] == connection.base_connection_id
    assert source.selected == {"object_type": "table", "path": "shop.orders", "columns": COLUMNS}
    event = connection.events.last()
    assert (event.kind, event.actor, event.message) == (Kind.RESOURCE_ASKED, alice, "Source connection “Orders”.")
    assert event.details == {"resource": str(source.uuid), "kind": "source_connection"}
    assert queued() == [("make", source.pk)]


def test_a_dataflow_brings_its_target_and_its_mapping_by_name_and_waits_for_all(connected, alice):
    source = source_asked(connected(), alice)
    flow = dataflow_asked(source, alice)

    mapped = {entry["sourceAttribute"]: entry["destinationXdmPath"] for entry in flow.mapping.body["mappings"]}
    assert mapped == {
        "id": "_tenant.id",
        "${Größe in cm}": "_tenant.Gro_e_in_cm",
        "updated_at": "_tenant.updated_at",
    }
    assert flow.mapping.body["xdmSchema"] == SCHEMA
    assert flow.target.body["params"] == {"dataSetId": DATASET_ID}
    assert [row.name for row in flow.needs] == ["Orders", "Orders every hour", "Orders every hour"]
    assert queued() == [("make", source.pk), ("make", flow.target.pk), ("make", flow.mapping.pk)]
    assert "It waits for the source connection, which is waiting, too" in flow.waiting_words


@pytest.mark.parametrize("ask", [source_asked, target_asked])
def test_the_same_form_twice_makes_one(connected, alice, ask):
    connection, form = connected(), uuid.uuid4()
    first, second = (ask(connection, alice, submission_id=form) for _ in range(2))

    assert first.pk == second.pk
    assert len(queued()) == 1
    assert connection.events.filter(kind=Kind.RESOURCE_ASKED).count() == 1


def test_the_same_form_of_a_dataflow_twice_makes_three_rows_even_if_it_starts_now(connected, alice):
    source, form = source_asked(connected(), alice), uuid.uuid4()
    now = timezone.now()
    first, second = (
        dataflow_asked(source, alice, submission_id=form, schedule=every_hour(start_at=start_at))
        for start_at in (now, now + timedelta(seconds=3))
    )

    assert first.pk == second.pk
    assert Resource.objects.count() == 4


@pytest.mark.parametrize("changes", [{"name": "Other"}, {"dataset_id": "other"}, {"schema_prefix": ""}], ids=str)
def test_the_same_form_with_other_values_is_told_so(connected, alice, changes):
    source, form = source_asked(connected(), alice), uuid.uuid4()
    dataflow_asked(source, alice, submission_id=form)
    with pytest.raises(NotNow, match="sent before, with other values"):
        dataflow_asked(source, alice, submission_id=form, **changes)
    assert Resource.objects.count() == 4


def test_of_another_persons_form_nothing_is_told(connected, alice, bob):
    connection, form = connected(), uuid.uuid4()
    target_asked(connection, alice, submission_id=form)
    with pytest.raises(NotNow, match=r"^This form was sent already\.$"):
        target_asked(connection, bob, submission_id=form)


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN, Status.DELETED])
def test_only_from_a_connection_that_exists_it_goes_on(connected, alice, status):
    connection = connected()
    BaseConnection.objects.filter(pk=connection.pk).update(status=status, base_connection_id="")
    connection.refresh_from_db()
    with pytest.raises(NotNow, match="exists at Adobe"):
        target_asked(connection, alice)


def test_where_a_second_person_has_to_approve_nothing_is_sent_past_that_person(connected, alice, organization):
    connection = connected()
    organization.sandboxes.filter(name=connection.sandbox_name).update(needs_approval=True)
    for ask in (source_asked, target_asked):
        with pytest.raises(NotNow, match="second person’s approval"):
            ask(connection, alice)
    assert Resource.objects.count() == 0


def test_a_selection_or_a_source_of_another_connection_is_not_taken(connected, alice):
    here, there = connected(), connected("Elsewhere")
    with pytest.raises(NotNow):
        source_asked(here, alice, selection=chosen(there, alice))
    source = source_asked(there, alice)
    values = {"name": "x", "description": "", "dataset_id": "d", "schema_id": SCHEMA, "schema_prefix": ""}
    values |= {"schedule": every_hour(), "delta_column": "id", "submission_id": uuid.uuid4()}
    with pytest.raises(NotNow):
        services.start_dataflow(alice, here, source=source, **values)


def test_without_columns_there_is_nothing_to_map(connected, alice):
    connection = connected()
    source = source_asked(connection, alice, selection=chosen(connection, alice, columns=[]))
    with pytest.raises(NotNow, match="Choose columns"):
        dataflow_asked(source, alice)


def test_try_again_asks_for_what_failed_and_not_for_what_was_made(connected, alice, bob, flow_service):
    from_source = source_asked(connected(), alice)
    flow = dataflow_asked(from_source, alice, dataset_id=" ")
    work()
    flow = fresh(flow)
    assert standing() == {
        "source_connection": "made",
        "target_connection": "failed",
        "mapping_set": "made",
        "flow": "waiting",
    }
    assert flow.waiting_words == "It waits for the target connection, which was not made."
    assert not flow.is_pending
    assert flow.can_be_tried_again

    Resource.objects.filter(pk=flow.target.pk).update(body=flow.target.body | {"params": {"dataSetId": DATASET_ID}})
    services.try_again(bob, fresh(flow))
    assert fresh(flow).asked_by == bob
    work()
    assert set(standing().values()) == {"made"}
    assert len(flow_service.requests("POST", "/sourceConnections")) == 1
    assert fresh(flow).target.created_by == alice


def test_what_has_not_failed_is_not_tried_again(connected, alice):
    source = source_asked(connected(), alice)
    with pytest.raises(NotNow, match="Nothing of this has failed"):
        services.try_again(alice, fresh(source))
    work()
    with pytest.raises(NotNow):
        services.try_again(alice, fresh(source))
    with pytest.raises(NotNow, match="is known"):
        services.look_again(alice, fresh(source))
    with pytest.raises(NotNow):
        services.choose_candidate(alice, fresh(source), "", ())


def test_a_hostile_name_is_kept_as_a_text_alone(connected, alice, organization):
    carol = person_with(Role.CONNECTOR, organization, "carol@example.com")
    name = '<script>alert("1")</script>\u202egnp'
    source = source_asked(connected(), carol, name=name)
    assert json.loads(json.dumps(fresh(source).body))["name"] == name
    assert name in source.connection.events.last().message
