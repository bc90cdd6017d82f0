"""The ladder of a test: its steps in order, where it ends and what to do then, and what is kept of it."""

import pytest
from django.utils import timezone

from tests.changing.steps import elsewhere
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Finding, Status
from wizard.record.kinds import Kind
from wizard.work import submitting, testing

ALL = ["form", "token", "sandbox", "spec", "created", "test", "explore"]


@pytest.fixture
def tested(alice):
    def test(connection):
        assert connection.ask_for_test(alice)
        testing.run_test(connection.pk)
        connection.refresh_from_db()
        return connection

    return test


def steps(connection):
    return {step["key"]: step["status"] for step in connection.test_steps}


def step(connection, key):
    return next(step for step in connection.test_steps if step["key"] == key)


def test_every_step_is_climbed_with_its_time(connected, tested):
    connection = tested(connected())

    assert list(steps(connection)) == ALL
    assert set(steps(connection).values()) == {"passed"}
    assert connection.test_status == "passed"
    assert all(isinstance(step["seconds"], float) for step in connection.test_steps)
    assert step(connection, "explore")["message"] == "4 entries at its root."


def test_the_steps_are_kept_as_an_event(connected, tested):
    connection = tested(connected())

    event = connection.events.get(kind=Kind.TESTED)
    assert [step["key"] for step in event.details["steps"]] == ALL
    assert "entries at its root" in event.message


@pytest.mark.parametrize(
    ("fault", "ends_at", "words"),
    [
        ({"path": "/ims/token/v3", "status": 500}, "token", "5"),
        ({"path": "/data/foundation/sandbox-management/", "status": 503}, "sandbox", ""),
        ({"path": "/connectionSpecs", "status": 500, "code": "1102-500"}, "spec", ""),
        ({"path": "/connections/*/explore", "status": 400, "code": "1308-400"}, "explore", "connector"),
    ],
)
def test_it_ends_at_the_step_that_fails_and_says_who_can_mend_it(
    connected, tested, flow_service, organization, fault, ends_at, words
):
    connection = connected()
    organization.token_expires_at = None
    organization.save()
    matched = {"path": fault["path"]}
    flow_service.set_faults(
        [{"kind": "status", "match": matched, "status": fault["status"], "code": fault.get("code", "")}]
    )
    tested(connection)

    place = ALL.index(ends_at)
    found = step(connection, ends_at)
    assert found["status"] == "failed"
    assert words in found["message"]
    assert ": " in found["next"]
    assert [steps(connection)[key] for key in ALL[place + 1 :]] == ["waiting"] * (len(ALL) - place - 1)
    assert connection.test_status == ("failed" if ends_at == "explore" else "error")


def test_adobes_own_no_is_a_failed_test(connected, tested, flow_service):
    connection = connected()
    flow_service.set_faults([{"kind": "test_fails"}])
    tested(connection)

    assert (connection.test_status, connection.finding) == ("failed", Finding.BROKE)
    assert step(connection, "test")["next"].startswith("Your database administrator")
    assert steps(connection)["explore"] == "waiting"


def test_a_source_that_cannot_be_listed_passes_all_the_same(asked_for, signed_in, filled, tested, flow_service):
    fields = {name: value for name, value in filled("Lake").items() if not name.startswith("auth")}
    signed_in.post("/connect/dataset/", fields)
    connection = BaseConnection.objects.get()
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    tested(connection)

    assert steps(connection)["explore"] == "skipped"
    assert connection.test_status == "passed"


def test_a_disabled_one_is_not_called_broken(connected, tested, flow_service):
    connection = connected()
    flow_service.act(connection.base_connection_id, "disable")
    tested(connection)

    assert steps(connection)["test"] == "skipped"
    assert (connection.test_status, connection.remote_state) == ("passed", "disabled")


def test_a_sandbox_that_is_not_ours_is_told_so(connected, tested):
    connection = connected()
    BaseConnection.objects.filter(pk=connection.pk).update(sandbox_name="elsewhere")
    connection.refresh_from_db()
    connection.seal("auth_params", {})
    connection.save(update_fields=["auth_params"])
    tested(connection)

    assert steps(connection)["sandbox"] == "failed"
    assert "elsewhere" in step(connection, "sandbox")["message"]


def test_an_authentication_type_that_adobe_does_not_know_is_told_before_anything_is_sent(
    asked_for, tested, flow_service
):
    connection = asked_for()
    BaseConnection.objects.update(auth_spec_name="Kerberos", status=Status.FAILED)
    connection.refresh_from_db()
    flow_service.clear_requests()
    tested(connection)

    assert list(steps(connection)) == ["form", "token", "sandbox", "spec"]
    assert "Basic Authentication" in step(connection, "spec")["next"]
    assert flow_service.requests("POST", "/connections") == []


def test_what_does_not_exist_any_more_has_vanished(connected, tested, flow_service):
    connection = connected()
    flow_service.call("DELETE", f"/connections/{connection.base_connection_id}")
    tested(connection)

    assert (connection.finding, connection.status) == (Finding.VANISHED, Status.CONNECTED)
    assert steps(connection)["created"] == "failed"


def test_what_was_changed_at_adobe_is_found_and_taken_over(by_key, tested, flow_service):
    etag = elsewhere(flow_service, by_key, [{"op": "replace", "path": "/auth/params/database", "value": "theirs"}])
    tested(by_key)

    assert (by_key.finding, by_key.etag) == (Finding.CHANGED, etag)
    assert by_key.unseal("form_values").open()["auth.params.database"] == "theirs"
    assert "Database" in by_key.events.get(kind=Kind.THEIRS).message


def test_a_persons_test_that_passes_clears_what_was_found(by_key, tested, flow_service):
    flow_service.set_faults([{"kind": "test_fails", "match": {"path": "*/test"}, "times": 1}])
    tested(by_key)
    assert by_key.finding == Finding.BROKE
    tested(by_key)

    assert (by_key.finding, by_key.found_at) == (Finding.NONE, None)


def test_an_answer_that_quotes_a_secret_is_blanked(by_key, tested, flow_service):
    refusal = {"kind": "status", "match": {"path": "*/explore"}, "status": 400, "code": "1308-400"}
    flow_service.set_faults([refusal | {"message": "no login for reader with first-pw"}])
    tested(by_key)

    assert "[hidden]" in by_key.test_message
    assert "first-pw" not in str(by_key.test_steps)


def test_a_test_that_was_given_up_keeps_how_far_it_came(by_key, alice):
    by_key.ask_for_test(alice)
    BaseConnection.objects.update(test_steps=[{"key": "form", "status": "running"}])
    testing.give_up_silent_tests(timezone.now())

    by_key.refresh_from_db()
    assert by_key.test_status == "error"
    assert by_key.test_steps == [{"key": "form", "status": "running"}]


def test_a_result_that_comes_after_it_was_given_up_and_asked_again_is_dropped(by_key, alice, monkeypatch):
    by_key.ask_for_test(alice)
    old = BaseConnection.objects.get(pk=by_key.pk)
    testing.give_up_silent_tests(timezone.now())
    by_key.ask_for_test(alice)

    assert not old.keep_test("passed", "late", [])
    assert not old.keep_test_steps([])
