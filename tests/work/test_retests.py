"""Scheduled tests: off unless asked for, few at a time, and less often the longer they fail."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.changing.steps import elsewhere
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Finding
from wizard.record.kinds import Kind
from wizard.work import sweeping, testing


@pytest.fixture
def due(settings):
    """A sweep as if the time of every test had come; the rows whose test it has queued."""
    settings.RETEST_HOURS = 24

    def sweep():
        OrmQ.objects.all().delete()
        BaseConnection.objects.update(retest_at=None)
        sweeping.sweep()
        queued = [task.args()[0] for task in OrmQ.objects.all() if task.func() == "wizard.work.testing.run_test"]
        for pk in queued:
            testing.run_test(pk)
        return list(BaseConnection.objects.filter(pk__in=queued))

    return sweep


def test_none_is_made_unless_it_was_asked_for(by_key, settings):
    OrmQ.objects.all().delete()
    sweeping.sweep()

    assert OrmQ.objects.count() == 0


def test_each_is_made_by_nobody_and_planned_anew(by_key, due):
    (connection,) = due()

    assert connection.test_status == "passed"
    assert connection.events.filter(kind=Kind.TEST_ASKED).last().actor is None
    assert timedelta(hours=23) < connection.retest_at - timezone.now() < timedelta(hours=29)
    OrmQ.objects.all().delete()
    sweeping.sweep()
    assert OrmQ.objects.count() == 0


def test_few_are_made_at_a_time(connected, due):
    for number in range(testing.AT_ONCE + 2):
        connected(f"Number {number}")

    assert len(due()) == testing.AT_ONCE


def test_what_keeps_failing_is_tested_less_often(by_key, due, flow_service):
    flow_service.set_faults([{"kind": "test_fails"}])
    pauses = []
    for _ in range(4):
        (connection,) = due()
        pauses.append(connection.retest_at - timezone.now())

    assert connection.finding == Finding.BROKE
    assert connection.failed_retests == 4
    for number, pause in enumerate(pauses):
        least = min(timedelta(hours=24) * 2**number, testing.LONGEST_PAUSE)
        assert least - timedelta(minutes=1) < pause < least * 1.2 + timedelta(minutes=1)


def test_a_change_at_adobe_stays_on_the_list_until_a_person_looks(by_key, due, flow_service, alice):
    elsewhere(flow_service, by_key, [{"op": "replace", "path": "/auth/params/database", "value": "theirs"}])
    for _ in range(2):
        (connection,) = due()
        assert connection.finding == Finding.CHANGED
    connection.ask_for_test(alice)
    testing.run_test(connection.pk)

    connection.refresh_from_db()
    assert connection.finding == Finding.NONE


def test_home_and_history_list_what_was_found(signed_in, by_key, due, flow_service):
    flow_service.call("DELETE", f"/connections/{by_key.base_connection_id}")
    due()

    for page in ("/", "/connections/?status=found"):
        html = signed_in.get(page).content.decode()
        assert "Vanished" in html
        assert by_key.get_absolute_url() in html
    assert by_key.get_absolute_url() in signed_in.get("/connections/").content.decode()
