"""Who has the catalog read: the worker when it is time, and never twice at once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from wizard.management.commands.work import look_after_the_left_behind
from wizard.sources.models import REFRESH_AFTER, LiveSpec, SpecSync, lease
from wizard.sources.services import request_due_syncs, request_sync
from wizard.sources.sync import sync_organization


def queued():
    tasks = [(task.func(), task.args()) for task in OrmQ.objects.order_by("pk")]
    return [task for task in tasks if task[0].startswith("wizard.sources.")]


def run_queued():
    for _, args in queued():
        sync_organization(*args)
    OrmQ.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_new_organization_is_queued_once_by_the_worker(organization):
    for _ in range(3):
        look_after_the_left_behind()

    assert queued() == [("wizard.sources.sync.sync_organization", (organization.pk,))]
    assert SpecSync.objects.get().is_under_way


def test_what_was_queued_reads_the_catalog_and_is_done(organization):
    request_due_syncs()
    run_queued()
    request_due_syncs()

    assert LiveSpec.objects.exists()
    assert queued() == []
    assert not SpecSync.objects.get().is_under_way


@pytest.mark.parametrize(("age", "is_due"), [(timedelta(seconds=1), True), (timedelta(minutes=-5), False)])
def test_a_catalog_is_read_again_after_a_day(organization, age, is_due):
    request_due_syncs()
    run_queued()
    sync = SpecSync.objects.get()
    assert sync.next_at == sync.finished_at + REFRESH_AFTER == sync.finished_at + timedelta(hours=24)
    SpecSync.objects.update(next_at=timezone.now() - age)
    request_due_syncs()

    assert bool(queued()) is is_due


def test_after_a_failure_it_is_tried_again(organization, flow_service):
    flow_service.set_faults([{"kind": "status", "match": {"path": "/connectionSpecs"}, "status": 503, "times": 1}])
    request_due_syncs()
    run_queued()
    request_due_syncs()
    assert queued() == []
    SpecSync.objects.update(next_at=timezone.now())
    request_due_syncs()
    run_queued()

    assert SpecSync.objects.get().error == ""
    assert LiveSpec.objects.exists()


def test_a_request_that_was_lost_is_made_again(organization):
    request_due_syncs()
    OrmQ.objects.all().delete()
    SpecSync.objects.update(requested_at=timezone.now() - lease())
    assert not SpecSync.objects.get().is_under_way
    request_due_syncs()

    assert len(queued()) == 1


def test_while_one_is_under_way_none_is_queued(organization):
    SpecSync.objects.create(organization=organization, started_at=timezone.now())

    assert request_sync(organization) is False
    assert queued() == []


def test_an_organization_of_the_other_world_is_left_alone(organization, settings):
    settings.PRACTICE = False
    request_due_syncs()

    assert queued() == []


def test_a_task_that_comes_twice_does_no_harm(organization):
    sync_organization(organization.pk)
    rows = list(LiveSpec.objects.values())
    sync_organization(organization.pk)

    assert list(LiveSpec.objects.values()) == rows
