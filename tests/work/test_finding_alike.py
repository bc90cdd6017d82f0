"""Several of one name whose answers were lost: each finds its own, and none that reads or ends elsewhere."""

from django.utils import timezone

from tests.dataflows.steps import (
    COLUMNS,
    FLOWS,
    SOURCES,
    chosen,
    dataflow_asked,
    fresh,
    later,
    source_asked,
    work,
)
from tests.emulator.dataflow import source_body
from wizard.dataflows.models import Resource, ResourceStatus
from wizard.flow_service.dataflow_items import RemoteSourceConnection
from wizard.work import finding

MADE, UNKNOWN = ResourceStatus.MADE, ResourceStatus.UNKNOWN


def test_of_two_of_one_name_each_finds_what_reads_its_own_table(connected, alice, flow_service):
    connection = connected()
    flow_service.set_faults([{"kind": "lose_before", "match": SOURCES, "times": 1}])
    lost = source_asked(connection, alice, selection=chosen(connection, alice, path="shop.customers"))
    work()
    made = source_asked(connection, alice)
    there = flow_service.create(made.body, "/sourceConnections")
    later(made, status=ResourceStatus.SENDING, sent_at=timezone.now())
    finding.look_for(lost.pk)
    later(made, status=UNKNOWN, due_at=timezone.now())
    finding.look_for(made.pk)

    assert fresh(lost).status == UNKNOWN
    assert (fresh(made).status, fresh(made).remote_id) == (MADE, there["id"])


def test_what_takes_other_columns_of_the_table_is_not_adopted(connected, alice, flow_service):
    connection = connected()
    flow_service.create(
        source_body(connection.base_connection_id, params={"tableName": "shop.orders", "columns": COLUMNS[:1]}),
        "/sourceConnections",
    )
    flow_service.set_faults([{"kind": "lose_before", "match": SOURCES, "times": 1}])
    source = source_asked(connection, alice)
    work()
    assert (fresh(source).status, fresh(source).candidates) == (UNKNOWN, [])


def test_of_what_nothing_is_told_the_name_and_the_time_decide(connected, alice, flow_service, monkeypatch):
    told = RemoteSourceConnection._own
    monkeypatch.setattr(RemoteSourceConnection, "_own", lambda item: told({**item, "params": None}))
    flow_service.set_faults([{"kind": "lose_after", "match": SOURCES, "times": 1}])
    source = source_asked(connected(), alice)
    work()
    assert fresh(source).status == MADE


def test_a_dataflow_is_not_looked_for_before_it_is_known_where_it_ends(connected, alice, flow_service):
    """As after a restore: another one of its name may have come meanwhile."""
    connection = connected()
    other = dataflow_asked(source_asked(connection, alice), alice)
    work()
    Resource.objects.filter(pk=other.pk).update(remote_id="forgotten")
    flow = dataflow_asked(source_asked(connection, alice, name="More"), alice)
    now = timezone.now()
    later(flow.target, status=UNKNOWN, due_at=now, sent_at=now)
    later(flow, status=UNKNOWN, due_at=now, sent_at=now)
    finding.look_for(flow.pk)
    assert (fresh(flow).status, fresh(flow).looks, fresh(flow).is_being_looked_up) == (UNKNOWN, 0, True)
    later(flow.target, status=MADE, remote_id="found")
    finding.look_for(flow.pk)
    assert (fresh(flow).status, fresh(flow).looks) == (UNKNOWN, 1)
    assert len(flow_service.requests("POST", FLOWS["path"])) == 1
