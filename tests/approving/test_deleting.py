"""A delete in a sandbox that asks for approval: an admin asks, another admin agrees, and only then Adobe is asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.approving.steps import decide, key_of, kinds, page_of, queued
from tests.changing.steps import edited, elsewhere, send
from tests.people.steps import browser_of
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import Change
from wizard.connections.statuses import ChangeStatus, Status
from wizard.record.kinds import Kind
from wizard.work import sweeping, testing

CHANGE = "wizard.work.changing.change"


@pytest.fixture
def asked(connected, strict, dave):
    """A connected connection that dave wants to be deleted."""
    strict.needs_approval = False
    strict.save()
    connection = connected()
    strict.needs_approval = True
    strict.save()
    browser_of(dave).post(f"{connection.get_absolute_url()}delete/", {"name": "Orders"})
    return connection


def change_of(connection):
    return connection.changes.get(kind="delete")


def deletes(flow_service):
    return len(flow_service.requests("DELETE"))


def test_nothing_is_sent_before_it_is_approved(asked, flow_service):
    before = queued()
    change = send(change_of(asked))
    Change.objects.update(stepped_at=timezone.now() - timedelta(days=13))
    sweeping.sweep()

    assert (change.status, change_of(asked).status) == (ChangeStatus.APPROVAL, ChangeStatus.APPROVAL)
    assert deletes(flow_service) == 0
    assert CHANGE not in [*before, *queued()]
    assert kinds(asked)[-2:] == [Kind.CHANGE_ASKED, Kind.APPROVAL_ASKED]


def test_after_the_approval_it_is_deleted_once(asked, alice, flow_service):
    decide(alice, asked, "approve")
    assert queued()[-1] == CHANGE
    change = send(change_of(asked))
    send(change)

    asked.refresh_from_db()
    assert (change.status, asked.status) == (ChangeStatus.DONE, Status.DELETED)
    assert deletes(flow_service) == 1
    assert asked.events.get(kind=Kind.APPROVED).actor == alice


@pytest.mark.parametrize("verb", ["approve", "reject", "withdraw"])
@pytest.mark.parametrize(("name", "code"), [("bob", 403), ("vera", 403), ("erin", 404), ("charlie", 404)])
def test_only_an_admin_decides_about_it(asked, request, verb, name, code):
    assert decide(request.getfixturevalue(name), asked, verb).status_code == code

    assert change_of(asked).status == ChangeStatus.APPROVAL


def test_its_asker_cannot_approve_it(asked, dave):
    assert "You asked for this yourself" in decide(dave, asked, "approve").content.decode()

    assert change_of(asked).status == ChangeStatus.APPROVAL


def test_an_asker_who_is_no_admin_any_more_is_not_enough(asked, alice, dave):
    Grant.objects.filter(person=dave).update(role=Role.CONNECTOR)
    assert "may not ask for this here any more" in decide(alice, asked, "approve").content.decode()

    assert change_of(asked).status == ChangeStatus.APPROVAL


@pytest.mark.parametrize(("name", "verb", "kind"), [("alice", "reject", "rejected"), ("dave", "withdraw", "withdrawn")])
def test_what_is_turned_down_leaves_the_connection_as_it_is(asked, request, flow_service, name, verb, kind):
    person, change = request.getfixturevalue(name), change_of(asked)
    decide(person, asked, verb, reason="It is still in use.")
    send(change)

    asked.refresh_from_db()
    assert (change.status, asked.status) == (ChangeStatus.WITHDRAWN, Status.CONNECTED)
    assert deletes(flow_service) == 0
    event = asked.events.exclude(kind=Kind.VIEWED).last()
    assert (event.kind, event.actor) == (kind, person)
    assert ("still in use" in event.message) is (verb == "reject")
    assert asked.unseal("auth_params")
    assert 'id="delete"' in page_of(person, asked)


def test_meanwhile_nothing_else_of_it_is_changed(asked, alice, flow_service):
    browser, path = browser_of(alice), asked.get_absolute_url()
    browser.post(f"{path}switch/", {"op": "disable"})
    again = browser.post(f"{path}delete/", {"name": "Orders"})
    edit = browser.post(f"{path}edit/", edited(asked, description="Another"))

    assert (again.status_code, edit.status_code) == (422, 422)
    assert Change.objects.count() == 1
    assert 'id="edit"' not in page_of(alice, asked)


def test_a_test_still_finds_what_somebody_else_has_changed(asked, alice, flow_service):
    elsewhere(flow_service, asked, [{"op": "replace", "path": "/description", "value": "Changed there"}])
    browser_of(alice).post(f"{asked.get_absolute_url()}test/")
    testing.run_test(asked.pk)

    asked.refresh_from_db()
    assert (asked.finding, asked.description) == ("changed", "Changed there")
    assert change_of(asked).status == ChangeStatus.APPROVAL


def test_a_delete_that_was_asked_for_before_the_rule_goes_through(connected, dave, strict):
    strict.needs_approval = False
    strict.save()
    connection = connected()
    browser_of(dave).post(f"{connection.get_absolute_url()}delete/", {"name": "Orders"})
    strict.needs_approval = True
    strict.save()

    assert send(change_of(connection)).status == ChangeStatus.DONE


def test_the_rule_that_is_lifted_leaves_a_decision(asked, alice, dave, strict):
    strict.needs_approval = False
    strict.save()
    assert "withdraw it and ask again" in page_of(dave, asked)
    decide(alice, asked, "approve")

    assert change_of(asked).status == ChangeStatus.WAITING


def test_the_key_of_an_earlier_delete_does_not_approve_a_later_one(asked, alice, dave):
    seen = key_of(asked)
    decide(dave, asked, "withdraw")
    browser_of(dave).post(f"{asked.get_absolute_url()}delete/", {"name": "Orders"})
    html = decide(alice, asked, "approve", seen).content.decode()

    assert "asked for anew" in html
    assert asked.changes.last().status == ChangeStatus.APPROVAL


def test_an_edit_needs_no_approval(asked, alice, dave, strict):
    decide(dave, asked, "withdraw")
    browser_of(alice).post(f"{asked.get_absolute_url()}edit/", edited(asked, description="Another"))

    assert asked.changes.last().status == ChangeStatus.WAITING
