"""What becomes of a resource that waits: each outcome, on the wire and in the database, and never made twice."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from tests.conftest import CANARY
from tests.dataflows.steps import (
    FLOWS,
    MAPPINGS,
    PATHS,
    SOURCES,
    TARGETS,
    chosen,
    dataflow_asked,
    every_hour,
    fresh,
    later,
    queued,
    source_asked,
    standing,
    target_asked,
    work,
)
from tests.emulator.dataflow import FILES, TABLES
from tests.organizations.trouble import keep_open, opened
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Call
from wizard.connections.statuses import Status
from wizard.dataflows import services
from wizard.dataflows.models import ObjectType, Resource, ResourceKind, ResourceStatus
from wizard.flow_service.client import FlowService
from wizard.organizations import breaker
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.work import making, sweeping

MADE, WAITING, FAILED = ResourceStatus.MADE, ResourceStatus.WAITING, ResourceStatus.FAILED
ALL_MADE = dict.fromkeys(ResourceKind.values, "made")


def sent(flow_service, match):
    return len(flow_service.requests(match["method"], match["path"]))


def kinds_of(resource):
    return [event.kind for event in resource.connection.events.all() if event.details.get("resource")]


@pytest.fixture
def source(connected, alice):
    return source_asked(connected(), alice)


@pytest.fixture
def asked(source, alice):
    """A whole dataflow that waits for a worker."""
    return dataflow_asked(source, alice)


def test_a_source_connection_is_made_with_id_etag_and_its_story(source, flow_service):
    work()

    source = fresh(source)
    (remote,) = flow_service.call("GET", f"/sourceConnections/{source.remote_id}").json()["items"]
    assert (source.status, remote["name"], remote["etag"]) == (MADE, "Orders", source.etag)
    assert kinds_of(source) == [Kind.RESOURCE_ASKED, Kind.RESOURCE_SENT, Kind.RESOURCE_MADE]
    event = source.connection.events.last()
    assert (event.outcome, event.message) == ("succeeded", "Source connection “Orders”.")
    assert event.duration_ms is not None
    call = Call.objects.last()
    assert (call.method, call.path.rpartition("/")[2], call.status) == ("POST", "sourceConnections", 201)


def test_a_dataflow_is_made_of_all_that_it_needs_each_once(asked, flow_service):
    work()

    flow = fresh(asked)
    assert standing() == ALL_MADE
    assert {kind: sent(flow_service, match) for kind, match in PATHS.items()} == dict.fromkeys(PATHS, 1)
    (remote,) = flow_service.call("GET", f"/flows/{flow.remote_id}").json()["items"]
    assert remote["flowSpec"] == {"id": TABLES, "version": "1.0"}
    assert remote["sourceConnectionIds"] == [flow.source.remote_id]
    assert remote["targetConnectionIds"] == [flow.target.remote_id]
    copy, mapping = remote["transformations"]
    assert copy["params"] == {"deltaColumn": {"name": "updated_at"}}
    assert mapping["params"] == {"mappingId": flow.mapping.remote_id, "mappingVersion": flow.mapping.version}
    assert remote["scheduleParams"] == flow.body["scheduleParams"]


def test_files_go_by_the_flow_spec_of_files(connected, alice, flow_service):
    connection = connected()
    selection = chosen(connection, alice, object_type=ObjectType.FILE, path="/orders.csv", options={"fileType": "json"})
    source = later(source_asked(connection, alice, selection=selection), status=MADE, remote_id="s")
    asked = dataflow_asked(source, alice, delta_column="")
    assert asked.body["flowSpec"] == {"name": "CloudStorageToAEP"}
    later(asked.target, status=MADE, remote_id="t")
    later(asked.mapping, status=MADE, remote_id="m", version=0)
    making.make(asked.pk)
    (request,) = flow_service.requests("POST", "/flows")
    assert request["body"]["flowSpec"] == {"id": FILES, "version": "1.0"}


def test_a_start_that_has_passed_becomes_the_next_minute_and_says_so(source, alice, flow_service):
    flow = dataflow_asked(source, alice, schedule=every_hour(start_at=timezone.now() - timedelta(days=1)))
    work()

    flow = fresh(flow)
    assert flow.status == MADE
    (remote,) = flow_service.call("GET", f"/flows/{flow.remote_id}").json()["items"]
    assert 30 < remote["scheduleParams"]["startTime"] - time.time() <= 60
    assert flow.body["scheduleParams"] == remote["scheduleParams"]
    event = flow.connection.events.filter(kind=Kind.RESOURCE_SENT).last()
    assert "it starts as soon as it can" in event.message


def test_a_flow_spec_that_adobe_does_not_have_is_told_and_nothing_is_sent(asked, flow_service, monkeypatch):
    monkeypatch.setattr(FlowService, "find_flow_spec", lambda *_: None)
    work()
    assert fresh(asked).status == FAILED
    assert "has no flow spec “CRMToAEP”" in fresh(asked).error_message
    assert sent(flow_service, FLOWS) == 0


def test_running_it_twice_sends_once(source, flow_service):
    making.make(source.pk)
    making.make(source.pk)
    assert sent(flow_service, SOURCES) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_sends(source, flow_service):
    flow_service.set_faults([{"kind": "latency", "match": SOURCES, "seconds": 0.3}])
    start = threading.Barrier(4)

    def run():
        start.wait()
        making.make(source.pk)
        database.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent(flow_service, SOURCES) == 1
    assert fresh(source).status == MADE


def test_one_that_needs_others_is_not_sent_before_them(asked, flow_service):
    making.make(asked.pk)
    assert (fresh(asked).status, fresh(asked).attempts) == (WAITING, 0)
    assert flow_service.requests("GET", "/flowSpecs") == []


def test_a_refusal_is_kept_with_code_words_and_request_id(source, flow_service):
    fault = {"kind": "status", "match": SOURCES, "status": 400, "code": "1330-400", "message": f"no {CANARY}"}
    flow_service.set_faults([fault])
    work()

    source = fresh(source)
    assert (source.status, source.error_code, source.error_status) == (FAILED, "1330-400", 400)
    assert source.error_request_id
    assert CANARY not in source.error_message
    event = source.connection.events.last()
    assert (event.kind, event.outcome) == (Kind.RESOURCE_FAILED, "failed")
    assert event.details["adobe_request_id"] == source.error_request_id
    assert all(CANARY not in event.message for event in source.connection.events.all())


def test_a_throttle_puts_it_back_and_it_is_sent_again(source, flow_service):
    flow_service.set_faults([{"kind": "throttle", "match": SOURCES, "retry_after": 7, "times": 1}])
    work()
    source = fresh(source)
    assert (source.status, source.times_put_back) == (WAITING, 1)
    assert 5 < (source.due_at - timezone.now()).total_seconds() < 12
    assert "HTTP 429" in source.waiting_words
    later(source, due_at=timezone.now())
    sweeping.sweep()
    work()
    assert fresh(source).status == MADE
    assert sent(flow_service, SOURCES) == 2


def test_what_cannot_be_sent_is_sent_when_the_server_is_back(source, flow_service, settings):
    address, settings.FLOW_SERVICE_URL = settings.FLOW_SERVICE_URL, "http://127.0.0.1:9/flowservice"
    making.make(source.pk)
    assert fresh(source).status == WAITING
    settings.FLOW_SERVICE_URL = address
    later(source, due_at=timezone.now())
    making.make(source.pk)
    assert fresh(source).status == MADE


def test_what_can_never_be_sent_fails_in_the_end(source, settings):
    settings.FLOW_SERVICE_URL = "http://127.0.0.1:9/flowservice"
    for _ in range(6):
        breaker.note_success(source.organization)
        later(source, due_at=timezone.now())
        making.make(source.pk)
    assert (fresh(source).status, fresh(source).error_kind) == (FAILED, "NotSent")


def test_a_token_that_is_accepted_no_more_is_renewed_once(source, flow_service):
    flow_service.set_faults([{"kind": "status", "match": SOURCES, "status": 401, "code": "401013", "times": 1}])
    work()
    assert fresh(source).status == MADE
    assert sent(flow_service, SOURCES) == 2


@pytest.mark.parametrize("lost", ["closed", "lowered"])
def test_it_is_not_sent_for_somebody_who_may_not_any_more(connected, bob, alice, lost, flow_service):
    source = source_asked(connected(), bob)
    if lost == "closed":
        User.objects.filter(pk=bob.pk).update(is_active=False)
    else:
        Grant.objects.filter(person=bob).update(role=Role.VIEWER)
    work()
    assert fresh(source).status == FAILED
    assert "bob@example.com asked for this" in fresh(source).error_message
    services.try_again(alice, fresh(source))
    work()
    assert fresh(source).status == MADE
    assert sent(flow_service, SOURCES) == 1


def test_beneath_a_connection_that_is_gone_nothing_is_made(source, flow_service):
    BaseConnection.objects.filter(pk=source.connection_id).update(status=Status.DELETED)
    work()
    assert fresh(source).status == FAILED
    assert "not connected any more" in fresh(source).error_message
    assert sent(flow_service, SOURCES) == 0


def test_trouble_holds_it_back_and_its_end_lets_it_go(source, alice, flow_service, organization):
    opened(organization)
    keep_open(organization)
    work()
    held = fresh(source)
    assert (held.status, held.is_held, held.attempts) == (WAITING, True, 0)
    assert "have met trouble since" in held.waiting_words
    making.make(source.pk)
    assert kinds_of(held) == [Kind.RESOURCE_ASKED, Kind.RESOURCE_HELD]

    type(organization).objects.filter(pk=organization.pk).update(probe_at=timezone.now())
    target_asked(source.connection, alice)
    work()
    assert fresh(source).due_at <= timezone.now()
    sweeping.sweep()
    work()
    assert set(standing().values()) == {"made"}


def test_three_creates_in_trouble_hold_back_the_fourth(connected, alice, flow_service, organization):
    flow_service.set_faults([{"kind": "status", "match": TARGETS, "status": 503}])
    connection = connected()
    for number in range(3):
        making.make(target_asked(connection, alice, name=f"In trouble {number}").pk)
    keep_open(organization)
    fourth = target_asked(connection, alice, name="Fourth")
    making.make(fourth.pk)
    assert (fresh(fourth).status, fresh(fourth).attempts) == (WAITING, 0)
    assert sent(flow_service, TARGETS) == 3


# --- What a dead worker left, and what is done at the same moment ---


def long_ago():
    return timezone.now() - timedelta(minutes=10)


def test_one_that_a_dead_worker_had_not_sent_is_put_back(source, flow_service):
    assert fresh(source).claim()
    later(source, stepped_at=long_ago())
    sweeping.sweep()
    work()
    assert fresh(source).status == MADE
    assert sent(flow_service, SOURCES) == 1


def test_one_that_a_dead_worker_had_sent_is_looked_up_and_adopted(source, flow_service):
    row = fresh(source)
    assert row.claim()
    assert row.mark_sent()
    made = flow_service.create(row.body, "/sourceConnections")
    later(source, stepped_at=long_ago())
    sweeping.sweep()
    work()
    assert (fresh(source).status, fresh(source).remote_id) == (MADE, made["id"])


def test_a_mapping_set_that_a_dead_worker_had_sent_is_sent_again(asked, flow_service):
    row = fresh(asked.mapping)
    assert row.claim()
    assert row.mark_sent()
    later(row, stepped_at=long_ago())
    sweeping.sweep()
    assert fresh(row).status == WAITING
    later(row, due_at=timezone.now())
    sweeping.sweep()
    work()
    assert standing() == ALL_MADE


def test_a_lost_task_is_queued_once_more_and_none_for_what_has_to_wait(asked, source):
    work_lost = long_ago()
    Resource.objects.update(stepped_at=work_lost)
    before = len(queued())
    sweeping.sweep()
    ready = {pk for name, pk in queued()[before:] if name == "make"}
    assert ready == {source.pk, asked.target.pk, asked.mapping.pk}


def test_an_answer_that_comes_late_is_kept(source):
    row = fresh(source)
    assert row.claim()
    assert row.mark_sent()
    later(source, status=FAILED)
    making.keep_made(row, making.Created("late-id", '"e"'))
    assert (fresh(source).status, fresh(source).remote_id) == (MADE, "late-id")


def test_what_another_row_has_already_is_not_taken_twice_and_stays_on_record(connected, alice):
    connection = connected()
    first, second = (fresh(target_asked(connection, alice, name=name)) for name in "ab")
    for row in (first, second):
        assert row.claim()
        making.keep_made(row, making.Created("same-id", ""))
    assert (fresh(first).remote_id, fresh(second).remote_id) == ("same-id", "")
    assert "Adobe made same-id" in connection.events.filter(kind=Kind.LATE).get().message


def test_all_parts_made_at_the_same_moment_let_the_dataflow_go(asked):
    """Whoever finishes last: the dataflow is queued by each of them."""
    for row in (asked.source, asked.target, asked.mapping):
        making.make(row.pk)
    assert queued().count(("make", asked.pk)) == 3
    work()
    assert fresh(asked).status == MADE


@pytest.mark.parametrize("match", [MAPPINGS], ids=["mapping set"])
@pytest.mark.parametrize("kind", ["lose_before", "lose_after", "garbage"])
def test_a_mapping_set_without_an_answer_is_sent_again(asked, flow_service, match, kind):
    flow_service.set_faults([{"kind": kind, "match": match, "times": 1}])
    work()
    mapping = fresh(asked.mapping)
    assert mapping.status == WAITING
    assert "a second one harms nothing" in mapping.connection.events.filter(kind=Kind.RESOURCE_HELD).last().message
    later(mapping, due_at=timezone.now())
    sweeping.sweep()
    work()
    assert standing() == ALL_MADE
    assert sent(flow_service, match) == 2


def test_a_mapping_set_that_is_never_answered_fails_in_the_end(asked, flow_service):
    flow_service.set_faults([{"kind": "garbage", "match": MAPPINGS}])
    for _ in range(6):
        later(asked.mapping, due_at=None)
        making.make(asked.mapping.pk)
    assert (fresh(asked.mapping).status, sent(flow_service, MAPPINGS)) == (FAILED, 6)
