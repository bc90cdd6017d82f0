"""What became of a create that was not answered: adopted, left to a person, or not there; never sent twice."""

import time

import pytest
from django.utils import timezone

from tests.dataflows.steps import (
    FLOWS,
    SOURCES,
    TARGETS,
    dataflow_asked,
    fresh,
    later,
    source_asked,
    target_asked,
    work,
)
from tests.emulator.dataflow import source_body, target_body
from wizard.backups.settling import settle
from wizard.connections.statuses import NotNow
from wizard.dataflows import services
from wizard.dataflows.models import Resource, ResourceStatus
from wizard.record.kinds import Kind
from wizard.work import finding, sweeping

MADE, UNKNOWN, FAILED = ResourceStatus.MADE, ResourceStatus.UNKNOWN, ResourceStatus.FAILED
DONE = ["lose_after", "garbage"]


@pytest.fixture
def source(connected, alice):
    return source_asked(connected(), alice)


def sent(flow_service, match):
    return len(flow_service.requests("POST", match["path"]))


def look_now(resource):
    """As if the pause before the next look had gone by."""
    later(resource, due_at=timezone.now())
    sweeping.sweep()
    work()
    return fresh(resource)


@pytest.mark.parametrize("kind", DONE)
@pytest.mark.parametrize("match", [SOURCES, TARGETS, FLOWS], ids=lambda match: match["path"])
def test_what_was_made_without_an_answer_is_found_and_adopted(source, alice, flow_service, match, kind):
    flow = dataflow_asked(source, alice)
    flow_service.set_faults([{"kind": kind, "match": match, "times": 1}])
    work()

    assert set(Resource.objects.values_list("status", flat=True)) == {"made"}
    assert sent(flow_service, match) == 1
    made = flow_service.call("GET", match["path"]).json()["items"]
    of_kind = next(row for row in (fresh(flow), *fresh(flow).needs) if row.remote_id == made[0]["id"])
    assert of_kind.etag == made[0]["etag"]
    assert len(made) == 1
    kinds = [event.kind for event in flow.connection.events.all() if event.details.get("resource") == str(of_kind.uuid)]
    assert kinds == [Kind.RESOURCE_ASKED, Kind.RESOURCE_SENT, Kind.RESOURCE_UNKNOWN, Kind.RESOURCE_MADE]


def test_a_5xx_after_doing_makes_nothing_twice(source, flow_service):
    """The gateway stopped waiting, and the Flow Service went on."""
    row = fresh(source)
    flow_service.create(row.body, "/sourceConnections")
    flow_service.set_faults([{"kind": "status", "match": SOURCES, "status": 504, "times": 1}])
    work()
    assert fresh(source).status == MADE
    assert len(flow_service.call("GET", "/sourceConnections").json()["items"]) == 1


def test_an_answer_that_takes_longer_than_a_call_may_is_looked_up(source, flow_service, settings):
    settings.FLOW_SERVICE_TIMEOUT = 0.5
    flow_service.set_faults([{"kind": "latency", "match": SOURCES, "seconds": 1, "times": 1}])
    work()
    assert fresh(source).status == UNKNOWN
    time.sleep(0.7)
    assert look_now(source).status == MADE
    assert sent(flow_service, SOURCES) == 1


def test_what_was_not_made_is_looked_up_a_few_times_and_then_failed(source, flow_service, alice):
    flow_service.set_faults([{"kind": "lose_before", "match": SOURCES, "times": 1}])
    work()
    row = fresh(source)
    assert (row.status, row.is_pending) == (UNKNOWN, True)
    for _ in range(4):
        row = look_now(row)
    assert row.status == FAILED
    assert "It is safe to try again" in row.error_message
    services.try_again(alice, row)
    work()
    assert fresh(source).status == MADE
    assert sent(flow_service, SOURCES) == 2


def test_of_several_that_fit_a_person_chooses(source, flow_service, alice):
    other = flow_service.create(fresh(source).body, "/sourceConnections")
    flow_service.set_faults([{"kind": "lose_after", "match": SOURCES, "times": 1}])
    work()

    row = fresh(source)
    assert (row.status, row.can_be_chosen, row.is_pending) == (UNKNOWN, True, False)
    assert len(row.candidates) == 2
    assert {"id", "etag", "name", "description", "state", "created_by", "created_at"} == set(row.candidates[0])
    with pytest.raises(NotNow):
        services.choose_candidate(alice, row, "another-id", ())
    services.choose_candidate(alice, row, other["id"], ())
    assert (fresh(source).status, fresh(source).remote_id, fresh(source).etag) == (MADE, other["id"], other["etag"])
    with pytest.raises(NotNow):
        services.choose_candidate(alice, fresh(source), other["id"], ())


def test_a_person_who_says_that_it_is_none_of_them_can_try_again(source, flow_service, alice):
    flow_service.create(fresh(source).body, "/sourceConnections")
    flow_service.set_faults([{"kind": "lose_after", "match": SOURCES, "times": 1}])
    work()
    row = fresh(source)
    services.choose_candidate(alice, row, "", [candidate["id"] for candidate in row.candidates])
    assert fresh(source).status == FAILED
    assert fresh(source).can_be_tried_again


def test_what_is_older_or_belongs_to_something_else_or_to_another_row_is_not_adopted(connected, alice, flow_service):
    connection = connected()
    mine = fresh(target_asked(connection, alice, name="Lake"))
    ours = fresh(target_asked(connection, alice, name="Lake"))
    work()
    assert {fresh(mine).status, fresh(ours).status} == {MADE}
    flow_service.create(target_body(name="Lake", params={"dataSetId": "another"}), "/targetConnections")
    flow_service.set_faults([{"kind": "lose_before", "match": TARGETS, "times": 1}])
    third = target_asked(connection, alice, name="Lake")
    work()
    assert (fresh(third).status, fresh(third).candidates) == (UNKNOWN, [])


def test_those_beneath_another_base_connection_are_not_looked_at(connected, alice, flow_service):
    here, there = connected(), connected("Elsewhere")
    flow_service.create(source_body(there.base_connection_id), "/sourceConnections")
    flow_service.set_faults([{"kind": "lose_before", "match": SOURCES, "times": 1}])
    source = source_asked(here, alice)
    work()
    assert fresh(source).status == UNKNOWN


def test_a_look_that_fails_is_made_again_and_told_once(source, flow_service):
    flow_service.set_faults([{"kind": "lose_after", "match": SOURCES, "times": 1}, {"kind": "status", "status": 503}])
    work()
    row = look_now(look_now(source))
    assert (row.status, row.is_pending) == (UNKNOWN, True)
    events = row.connection.events.filter(kind=Kind.RESOURCE_LOOKED)
    assert 1 <= events.count() <= 3
    flow_service.set_faults([])
    assert look_now(row).status == MADE


def test_somebody_who_does_not_want_to_wait_has_it_looked_up_now(source, flow_service, alice):
    flow_service.set_faults([{"kind": "lose_before", "match": SOURCES, "times": 1}])
    work()
    flow_service.create(fresh(source).body, "/sourceConnections")
    services.look_again(alice, fresh(source))
    work()
    row = fresh(source)
    assert row.status == MADE
    assert row.connection.events.get(kind=Kind.LOOK_ASKED).actor == alice


def test_what_a_restored_database_had_asked_for_is_looked_up_and_not_sent_again(source, alice, flow_service):
    flow = dataflow_asked(source, alice)
    before = list(Resource.objects.values("pk", "status", "remote_id", "etag", "made_at", "version", "attempts"))
    work()
    for values in before:
        Resource.objects.filter(pk=values.pop("pk")).update(**values, sent_at=None)
    settle(timezone.now())
    assert fresh(flow.mapping).status == ResourceStatus.WAITING
    later(flow.mapping, due_at=timezone.now())
    for _ in range(2):
        sweeping.sweep()
        work()
        Resource.objects.filter(status=UNKNOWN).update(due_at=timezone.now())

    assert set(Resource.objects.values_list("status", flat=True)) == {"made"}
    for match in (SOURCES, TARGETS, FLOWS):
        assert sent(flow_service, match) == 1


def test_a_mapping_set_is_never_looked_for(source, alice):
    mapping = dataflow_asked(source, alice).mapping
    later(mapping, status=UNKNOWN, due_at=timezone.now())
    finding.look_for(mapping.pk)
    assert fresh(mapping).status == UNKNOWN
