"""Reading a live catalog: what is kept, and what becomes of it at the next reading, whatever comes."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from tests.catalog.specs import ID, live_spec
from tests.emulator.service import DATASET, POSTGRES
from wizard.catalog.loader import load_catalog
from wizard.sources import sync as reading
from wizard.sources.models import LATEST_RETRY, SOONEST_RETRY, LiveSpec, SpecSync, lease
from wizard.sources.sync import sync_specs

OTHER = ID.replace("1", "2")
SPECS = ("GET", "/connectionSpecs")


def nested(depth):
    return [nested(depth - 1)] if depth else "x"


def test_it_keeps_each_spec_as_it_came(organization, read):
    item = live_spec(description="zero \x00, é and ☃", attributes={"isSource": True, "connectorName": "Zero\x00 ☃"})
    before = timezone.now()
    sync = read(item)

    row = organization.live_specs.get(spec_id=ID)
    assert json.loads(row.document) == item
    assert (row.label, row.category, row.fault) == ("Zero ☃", "other", "")
    assert before <= row.first_seen_at <= row.changed_at
    assert before <= sync.finished_at < sync.next_at
    ids = {spec.id for spec in load_catalog().specs if spec.id}
    assert {row.spec_id for row in organization.live_specs.all()} == {*ids, ID}
    assert (sync.number_of_specs, sync.number_left_out, sync.error) == (len(ids) + 1, 0, "")


def test_destinations_are_left_out_and_what_our_files_know_stays(organization, read):
    destination = live_spec(attributes={"isSource": False})
    sync = read(destination, live_spec(spec_id=OTHER, attributes={}), {"id": DATASET, "version": "1.0"})

    kept = set(organization.live_specs.values_list("spec_id", flat=True))
    assert kept & {ID, OTHER, DATASET} == {DATASET}
    assert sync.number_left_out == 2


def test_a_source_may_say_so_in_either_place(organization, read):
    read(live_spec(attributes={}, sourceSpec={"attributes": {"uiAttributes": {"isSource": True}}}))

    assert organization.live_specs.filter(spec_id=ID).exists()


def test_what_changed_is_updated_and_what_vanished_is_gone(organization, read, flow_service):
    read(live_spec(), live_spec(spec_id=OTHER))
    before = {row.spec_id: row for row in organization.live_specs.all()}
    flow_service.reset_specs()
    read(live_spec(version="1.1"))

    after = {row.spec_id: row for row in organization.live_specs.all()}
    assert set(before) - set(after) == {OTHER}
    assert json.loads(after[ID].document)["version"] == "1.1"
    assert (after[ID].pk, after[ID].first_seen_at) == (before[ID].pk, before[ID].first_seen_at)
    assert after[ID].changed_at > before[ID].changed_at
    assert after[POSTGRES].changed_at == before[POSTGRES].changed_at


def test_a_catalog_that_is_as_it_was_changes_no_row(organization, read, django_assert_max_num_queries):
    read(live_spec())
    rows = list(organization.live_specs.values())
    with django_assert_max_num_queries(14):
        read(live_spec())

    assert list(organization.live_specs.values()) == rows


def test_two_organizations_keep_their_own(organization, read):
    stranger = type(organization).objects.create(name="Other", ims_org_id="other@AdobeOrg")
    LiveSpec.objects.create(organization=stranger, spec_id=ID, document="{}", label="x", category="x")
    read(live_spec(spec_id=OTHER))

    assert [row.spec_id for row in stranger.live_specs.all()] == [ID]


# --- What is broken ---


@pytest.mark.parametrize(
    ("item", "spec_id", "word"),
    [
        (live_spec(authSpec="x"), ID, "authSpec"),
        (live_spec(description="x" * 300_000), ID, "larger"),
        (live_spec(extra=nested(100)), ID, "deeper"),
        (live_spec(description="\udc80"), ID, "Unicode"),
        (live_spec(spec_id="../etc"), None, "UUID"),
        (live_spec(spec_id="x" * 300), None, "UUID"),
        (live_spec(spec_id={"x": []}), None, "UUID"),
        ({"id": POSTGRES, "version": 7}, POSTGRES, "version"),
        (7, None, "object"),
        ([[]], None, "object"),
        (None, None, "object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_spec_is_listed_as_broken_and_the_others_work(organization, read, item, spec_id, word):
    sync = read(item, live_spec(spec_id=OTHER))

    [broken] = organization.live_specs.exclude(fault="")
    assert word in broken.fault
    assert broken.spec_id == spec_id or (spec_id is None and broken.spec_id.startswith("broken-"))
    assert organization.live_specs.get(spec_id=OTHER).fault == ""
    assert (sync.error, sync.number_of_specs) == ("", organization.live_specs.count())


def test_a_broken_spec_without_an_id_stays_the_same_row(organization, read):
    for _ in range(2):
        read(7)
        pks = list(organization.live_specs.exclude(fault="").values_list("pk", flat=True))
    read(7)

    assert list(organization.live_specs.exclude(fault="").values_list("pk", flat=True)) == pks


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_with_one_id_the_usable_one_is_kept(organization, flow_service, monkeypatch, order):
    items = [live_spec(version=7), live_spec(name="good"), live_spec(name="late", version=8)][::order]
    monkeypatch.setattr("wizard.flow_service.client.FlowService.list_connection_specs", lambda _: items)
    sync = sync_specs(organization)

    [row] = organization.live_specs.all()
    assert (json.loads(row.document)["name"], row.fault) == ("good", "")
    assert sync.number_of_specs == 1


def test_a_list_that_goes_on_and_on_is_refused(organization, flow_service, monkeypatch):
    monkeypatch.setattr(reading, "MOST_SPECS", 3)
    sync = sync_specs(organization)

    assert "more than 3" in sync.error
    assert not organization.live_specs.exists()


# --- Failure ---


def test_a_failure_keeps_what_was_there_and_says_why(organization, read, flow_service):
    first = read(live_spec())
    rows = list(organization.live_specs.values())
    flow_service.set_faults([{"kind": "status", "match": {"path": "/connectionSpecs"}, "status": 503}])
    sync = read()

    assert "503" in sync.error
    assert list(organization.live_specs.values()) == rows
    stored = SpecSync.objects.get()
    assert (stored.error, stored.finished_at) == (sync.error, first.finished_at)
    assert not stored.is_under_way
    flow_service.set_faults([])
    assert read().error == ""
    assert SpecSync.objects.get().failing_since is None


@pytest.mark.parametrize("kind", ["garbage", "lose_after"])
def test_what_is_no_list_is_a_failure(organization, read, flow_service, kind):
    flow_service.set_faults([{"kind": kind, "match": {"path": "/connectionSpecs"}}])

    assert read().error
    assert not LiveSpec.objects.exists()


def test_wrong_credentials_are_a_failure(organization, read):
    organization.seal("client_secret", "wrong")
    organization.save(update_fields=["client_secret"])

    assert "invalid_client" in read().error


def test_a_failure_is_tried_again_soon_then_ever_less_often(organization):
    sync = SpecSync.objects.create(organization=organization)
    pauses = []
    for minutes in (0, 1, 5, 600):
        sync.start()
        sync.failing_since = timezone.now() - timedelta(minutes=minutes) if minutes else None
        sync.fail("no")
        pauses.append(sync.next_at - timezone.now())

    assert timedelta(0) < pauses[0] <= SOONEST_RETRY < pauses[1] < pauses[2] < pauses[3] <= LATEST_RETRY


# --- Two at once ---


def test_while_one_reads_another_does_nothing(organization, flow_service):
    SpecSync.objects.create(organization=organization, started_at=timezone.now())
    sync = sync_specs(organization)

    assert sync.is_under_way
    assert flow_service.requests(*SPECS) == []


def test_a_reading_that_was_lost_is_taken_over(organization, flow_service):
    SpecSync.objects.create(organization=organization, started_at=timezone.now() - lease())

    assert sync_specs(organization).error == ""
    assert organization.live_specs.exists()


def test_one_that_was_taken_over_keeps_nothing(organization, flow_service, monkeypatch):
    def slow(_: Any) -> list[Any]:
        SpecSync.objects.update(started_at=timezone.now())
        return [live_spec()]

    monkeypatch.setattr("wizard.flow_service.client.FlowService.list_connection_specs", slow)
    sync_specs(organization)

    assert not LiveSpec.objects.exists()
    assert SpecSync.objects.get().finished_at is None


@pytest.mark.django_db(transaction=True)
def test_many_at_once_read_once(organization, flow_service):
    SpecSync.objects.create(organization=organization)
    flow_service.set_faults([{"kind": "latency", "match": {"path": "/connectionSpecs"}, "seconds": 0.5}])
    start = threading.Barrier(4)

    def run():
        start.wait()
        sync_specs(organization)
        database.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(flow_service.requests(*SPECS)) == 1
    assert organization.live_specs.count() == SpecSync.objects.get().number_of_specs > 60
