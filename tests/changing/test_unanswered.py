"""What becomes of a change whose outcome is not plain: never called done when it was not, and never without an end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.changing.steps import edited, elsewhere, send
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeStatus
from wizard.flow_service.client import FlowService
from wizard.record.kinds import Kind
from wizard.work import changing, sweeping

PASSWORD = "auth.params.password"
SECRET = {f"choice.{PASSWORD}": "replace", PASSWORD: "mine-pw"}
PATCHES = {"method": "PATCH"}
THEIR_PASSWORD = [{"op": "replace", "path": "/auth/params/password", "value": "theirs-pw"}]


def edit(client, connection, **changes):
    client.post(f"{connection.get_absolute_url()}edit/", edited(connection, **changes))
    return Change.objects.last()


def test_a_throttled_edit_that_then_meets_another_one_is_a_conflict(signed_in, by_key, flow_service):
    """Of a password nothing can be seen at Adobe, and this one never arrived there."""
    flow_service.set_faults([{"kind": "throttle", "match": PATCHES, "retry_after": 1, "times": 1}])
    change = send(edit(signed_in, by_key, **SECRET))
    assert change.status == ChangeStatus.WAITING
    elsewhere(flow_service, by_key, THEIR_PASSWORD)

    assert send(change).status == ChangeStatus.CONFLICT
    by_key.refresh_from_db()
    assert by_key.unseal("auth_params").open()["password"] == "first-pw"


@pytest.mark.parametrize("kind", ["lose_before", "lose_after"])
def test_a_lost_answer_about_a_secret_alone_is_left_to_its_person(signed_in, by_key, flow_service, kind):
    flow_service.set_faults([{"kind": kind, "match": PATCHES, "times": 1}])
    change = send(edit(signed_in, by_key, **SECRET))
    elsewhere(flow_service, by_key, THEIR_PASSWORD)

    assert send(change).status == ChangeStatus.CONFLICT
    assert "perhaps by this very change" in by_key.events.filter(kind=Kind.CONFLICT).get().message


def test_trouble_with_the_question_ahead_of_an_edit_is_no_lost_edit(signed_in, by_key, flow_service):
    BaseConnection.objects.filter(pk=by_key.pk).update(etag="")
    flow_service.set_faults([{"kind": "status", "status": 503, "match": {"method": "GET"}, "times": 1}])
    change = send(edit(signed_in, by_key, **SECRET))

    assert (change.status, change.may_be_done) == (ChangeStatus.WAITING, False)
    assert send(change).status == ChangeStatus.DONE
    assert len(flow_service.requests("PATCH")) == 1


def test_a_change_that_can_never_be_read_back_comes_to_an_end(signed_in, by_key, flow_service):
    refusal = {"kind": "status", "status": 403, "code": "2118-403", "match": {"method": "GET"}}
    flow_service.set_faults([{"kind": "lose_before", "match": PATCHES, "times": 1}, refusal])
    change = send(edit(signed_in, by_key, **SECRET))
    pauses = []
    for _ in range(changing.MOST_LOOKS):
        assert change.status == ChangeStatus.UNANSWERED
        pauses.append(send(change).due_at)

    assert (change.status, change.error_code) == (ChangeStatus.FAILED, "2118-403")
    assert "not known whether it was done" in change.error_message
    assert pauses[4] - pauses[3] > pauses[1] - pauses[0]


def test_what_does_not_open_comes_to_an_end(signed_in, by_key, flow_service):
    change = edit(signed_in, by_key, **SECRET)
    Change.objects.update(wanted=b"sealed with a key that nobody has")

    assert send(change).status == ChangeStatus.FAILED
    assert flow_service.requests("PATCH") == []
    assert signed_in.get(by_key.get_absolute_url()).status_code == 200
    edit(signed_in, by_key, description="again")
    assert Change.objects.last().status == ChangeStatus.WAITING


def test_a_conflict_that_does_not_open_can_be_discarded(signed_in, by_key, flow_service):
    elsewhere(flow_service, by_key, THEIR_PASSWORD)
    change = send(edit(signed_in, by_key, **SECRET))
    Change.objects.filter(pk=change.pk).update(wanted=b"sealed with a key that nobody has")
    url = f"{by_key.get_absolute_url()}changes/{change.uuid}/"

    assert "cannot be read any more" in signed_in.post(url, {"intent": "apply"}, follow=True).content.decode()
    signed_in.post(url, {"intent": "discard"})
    change.refresh_from_db()
    assert change.status == ChangeStatus.WITHDRAWN


def test_a_conflict_that_nobody_decides_is_erased_after_a_week(signed_in, by_key, flow_service):
    elsewhere(flow_service, by_key, THEIR_PASSWORD)
    change = send(edit(signed_in, by_key, **SECRET))
    Change.objects.filter(pk=change.pk).update(stepped_at=timezone.now() - timedelta(days=8))
    sweeping.sweep()

    change.refresh_from_db()
    assert (change.status, change.wanted) == (ChangeStatus.WITHDRAWN, None)
    assert "Nobody decided" in by_key.events.last().message


def test_a_sweep_queues_what_is_due_once(signed_in, by_key):
    change = edit(signed_in, by_key, description="later")
    OrmQ.objects.all().delete()
    Change.objects.filter(pk=change.pk).update(due_at=timezone.now())
    for _ in range(3):
        sweeping.sweep()

    assert [task.func() for task in OrmQ.objects.all()] == ["wizard.work.changing.change"]


def test_two_looks_are_one(signed_in, by_key, flow_service):
    flow_service.set_faults([{"kind": "lose_before", "match": PATCHES}, {"kind": "latency", "seconds": 0}])
    change = send(edit(signed_in, by_key, **SECRET))
    Change.objects.filter(pk=change.pk).update(due_at=None)
    stale = Change.objects.get(pk=change.pk)

    assert stale.claim_look(timezone.now() + timedelta(minutes=1))
    assert not Change.objects.get(pk=change.pk).claim_look(timezone.now() + timedelta(minutes=1))


def test_a_worker_that_was_taken_for_dead_sends_nothing(signed_in, by_key, flow_service, monkeypatch):
    signed_in.post(f"{by_key.get_absolute_url()}switch/", {"op": "disable"})
    change, act = Change.objects.get(), FlowService.act_on_connection

    def sleep_too_long(client, *args, **options):
        monkeypatch.setattr(FlowService, "act_on_connection", act)
        Change.objects.filter(pk=change.pk).update(stepped_at=timezone.now() - timedelta(minutes=10))
        sweeping.sweep()
        return client.act_on_connection(*args, **options)

    monkeypatch.setattr(FlowService, "act_on_connection", sleep_too_long)
    changing.change(change.pk)

    assert flow_service.requests("POST", f"/connections/{by_key.base_connection_id}/action") == []
    change.refresh_from_db()
    assert change.status == ChangeStatus.UNANSWERED


def test_the_same_form_sent_twice_makes_no_conflict_with_itself(signed_in, by_key, flow_service):
    form = edited(by_key, **{"auth.params.database": "shop2", **SECRET})
    for _ in range(2):
        signed_in.post(f"{by_key.get_absolute_url()}edit/", form)
        send(Change.objects.last())

    assert [change.status for change in Change.objects.all()] == [ChangeStatus.DONE]
    assert len(flow_service.requests("PATCH")) == 1


def test_a_practice_change_is_not_sent_to_adobe(signed_in, by_key, flow_service, settings):
    change = edit(signed_in, by_key, **SECRET)
    settings.PRACTICE = False
    OrmQ.objects.all().delete()
    Change.objects.update(stepped_at=timezone.now() - timedelta(minutes=10))
    sweeping.sweep()

    assert OrmQ.objects.count() == 0
    assert send(change).status == ChangeStatus.WAITING
    assert flow_service.requests("PATCH") == []


def test_a_deleted_connection_waits_for_nobody(signed_in, by_key, flow_service):
    elsewhere(flow_service, by_key, THEIR_PASSWORD)
    conflict = send(edit(signed_in, by_key, **SECRET))
    signed_in.post(f"{by_key.get_absolute_url()}delete/", {"name": by_key.name})
    send(Change.objects.last())

    conflict.refresh_from_db()
    assert (conflict.status, conflict.wanted) == (ChangeStatus.WITHDRAWN, None)
    assert by_key.name not in signed_in.get("/connections/?status=attention").content.decode()
