"""A create in a sandbox that asks for approval: nothing is sent before another person agrees, and then it is once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.approving.steps import creates, decide, key_of, kinds, page_of, queued
from tests.conftest import CANARY
from tests.people.steps import browser_of
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.approving import services
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.work import submitting, sweeping

SUBMIT = "wizard.work.submitting.submit"


def read(connection):
    connection.refresh_from_db()
    return connection


def test_nothing_is_queued_or_sent_before_it_is_approved(asked, flow_service):
    connection = asked()
    submitting.submit(connection.pk)
    BaseConnection.objects.update(stepped_at=timezone.now() - timedelta(days=2))
    sweeping.sweep()

    assert read(connection).status == Status.APPROVAL
    assert queued() == []
    assert creates(flow_service) == 0
    assert kinds(connection) == [Kind.ASKED, Kind.APPROVAL_ASKED]


def test_after_the_approval_it_is_sent_exactly_once(asked, carol, flow_service):
    connection = asked()
    decide(carol, connection, "approve")
    assert read(connection).status == Status.WAITING
    assert queued() == [SUBMIT]
    for _ in range(2):
        submitting.submit(connection.pk)

    assert read(connection).status == Status.CONNECTED
    assert creates(flow_service) == 1
    approved = connection.events.get(kind=Kind.APPROVED)
    assert approved.actor == carol
    assert connection.asked_by.email == "bob@example.com"


def test_without_the_rule_it_is_sent_at_once(bob, filled, organization):
    browser_of(bob).post("/connect/postgres/", filled())

    assert BaseConnection.objects.get().status == Status.WAITING
    assert queued() == [SUBMIT]


def test_the_rule_counts_as_it_is_when_the_form_arrives(bob, filled, organization):
    fields = filled()
    organization.sandboxes.update(needs_approval=True)
    browser_of(bob).post("/connect/postgres/", fields)

    assert BaseConnection.objects.get().status == Status.APPROVAL


def test_another_sandbox_of_the_organization_goes_on_as_before(strict, bob, filled, organization):
    free = organization.sandboxes.create(name="free", needs_approval=False)
    browser_of(bob).post("/connect/postgres/", filled(target=str(free.pk)))

    assert BaseConnection.objects.get().status == Status.WAITING


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_the_asker_cannot_decide(asked, bob, verb):
    connection = asked()
    html = decide(bob, connection, verb).content.decode()

    assert "You asked for this yourself" in html
    assert read(connection).status == Status.APPROVAL
    assert f'id="{verb}"' not in html


def test_an_administrator_who_asked_cannot_decide_either(strict, alice, filled):
    browser_of(alice).post("/connect/postgres/", filled())
    connection = BaseConnection.objects.get()
    decide(alice, connection, "approve")

    assert read(connection).status == Status.APPROVAL


@pytest.mark.parametrize("name", ["alice", "carol", "dave"])
def test_whoever_could_have_asked_can_approve(asked, request, name):
    connection = asked()
    assert decide(request.getfixturevalue(name), connection, "approve").status_code == 200

    assert read(connection).status == Status.WAITING


@pytest.mark.parametrize("verb", ["approve", "reject", "withdraw"])
@pytest.mark.parametrize(("name", "code"), [("vera", 403), ("erin", 404), ("charlie", 404)])
def test_whoever_may_less_is_refused(asked, request, verb, name, code):
    connection = asked()
    assert decide(request.getfixturevalue(name), connection, verb).status_code == code

    assert read(connection).status == Status.APPROVAL


def test_only_its_asker_withdraws_it(asked, carol):
    connection = asked()

    assert decide(carol, connection, "withdraw").status_code == 403
    assert read(connection).status == Status.APPROVAL


def test_nobody_decides_by_opening_an_address(asked, carol):
    connection = asked()
    browser = browser_of(carol)
    assert browser.get(f"{connection.get_absolute_url()}approve/").status_code == 405
    assert browser.get(f"{connection.get_absolute_url()}withdraw/").status_code == 405
    assert browser.get(f"{connection.get_absolute_url()}reject/").status_code == 200

    assert read(connection).status == Status.APPROVAL


def test_a_rejection_is_a_failure_with_its_reason_and_can_be_asked_for_again(asked, bob, carol, filled, flow_service):
    connection = asked()
    decide(carol, connection, "reject", reason="Use the read-only user.")

    assert read(connection).status == Status.FAILED
    assert (connection.error_kind, connection.error_code) == ("", "")
    assert "Rejected by carol@example.com: Use the read-only user." in page_of(bob, connection)
    assert "Nothing was sent to Adobe" in page_of(bob, connection)
    form = browser_of(bob).get(f"/connect/postgres/?again={connection.uuid}").content.decode()
    assert "Use the read-only user." in form
    browser_of(bob).post(f"/connect/postgres/?again={connection.uuid}", filled("Orders anew"))
    assert read(connection).status == Status.APPROVAL
    assert kinds(connection)[-2:] == [Kind.ASKED_AGAIN, Kind.APPROVAL_ASKED]
    assert (queued(), creates(flow_service)) == ([], 0)


@pytest.mark.parametrize(("reason", "words"), [("x" * 301, "at most 300"), ("a\x07b", "control")])
def test_a_reason_that_cannot_be_kept_is_refused_at_its_field(asked, carol, reason, words):
    connection = asked()
    answer = decide(carol, connection, "reject", reason=reason)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert key_of(connection) in answer.content.decode()
    assert read(connection).status == Status.APPROVAL


def test_a_reason_is_text_and_nothing_else(asked, bob, carol):
    connection = asked()
    decide(carol, connection, "reject", reason="<script>alert(1)</script>")

    assert "<script>alert" not in page_of(bob, connection)


def test_what_is_withdrawn_is_kept_and_not_sent(asked, bob, carol):
    connection = asked()
    key = key_of(connection)
    decide(bob, connection, "withdraw")

    assert read(connection).status == Status.FAILED
    assert "Withdrawn by bob@example.com." in page_of(bob, connection)
    answer = decide(carol, connection, "approve", key)
    assert "bob@example.com has withdrawn this already." in answer.content.decode()
    assert queued() == []


def test_what_was_asked_for_anew_is_not_approved_unseen(asked, bob, carol, filled):
    connection = asked()
    seen = key_of(connection)
    decide(bob, connection, "withdraw")
    other = filled("Orders", **{"auth.params.connectionString.SERVER": "evil.example.com"})
    browser_of(bob).post(f"/connect/postgres/?again={connection.uuid}", other)
    html = decide(carol, connection, "approve", seen).content.decode()

    assert "asked for anew" in html
    assert read(connection).status == Status.APPROVAL


def test_a_process_that_has_read_the_former_ask_cannot_approve_the_new_one(asked, bob, carol, filled):
    connection = asked()
    former = BaseConnection.objects.get()
    decide(bob, connection, "withdraw")
    browser_of(bob).post(f"/connect/postgres/?again={connection.uuid}", filled())

    assert not former.approve(carol, "Create.")
    assert read(connection).status == Status.APPROVAL


@pytest.mark.parametrize("key", ["", "x", "2026-01-01T00:00:00+00:00"])
def test_a_decision_about_nothing_in_particular_is_refused(asked, carol, key):
    connection = asked()
    decide(carol, connection, "approve", key)

    assert read(connection).status == Status.APPROVAL


def test_whoever_asked_last_is_the_asker(asked, bob, carol, filled):
    connection = asked()
    decide(carol, connection, "reject")
    browser_of(carol).post(f"/connect/postgres/?again={connection.uuid}", filled())
    decide(carol, connection, "approve")
    assert read(connection).status == Status.APPROVAL
    decide(bob, connection, "approve")

    assert read(connection).status == Status.WAITING


def test_a_draft_that_is_submitted_waits_as_well(strict, bob, filled):
    fields = filled()
    browser_of(bob).post("/connect/postgres/", {**fields, "intent": "draft"})
    draft = BaseConnection.objects.get()
    assert draft.status == Status.DRAFT
    browser_of(bob).post(f"/connect/postgres/?again={draft.uuid}", fields)

    assert read(draft).status == Status.APPROVAL
    assert (draft.asked_by, queued()) == (bob, [])


def test_a_role_that_was_lost_meanwhile_decides_nothing(asked, carol):
    connection = asked()
    key = key_of(connection)
    Grant.objects.filter(person=carol).update(role=Role.VIEWER)
    assert decide(carol, connection, "approve", key).status_code == 403
    Grant.objects.filter(person=carol).delete()
    assert decide(carol, connection, "approve", key).status_code == 404

    assert read(connection).status == Status.APPROVAL


@pytest.mark.parametrize("lost", [{"is_admin": False}, {"is_active": False}])
def test_what_a_person_may_is_looked_up_at_the_moment_of_the_decision(asked, alice, lost):
    connection = asked()
    User.objects.filter(pk=alice.pk).update(**lost)
    with pytest.raises(PermissionDenied):
        services.approve(connection, key_of(connection), alice)

    assert read(connection).status == Status.APPROVAL


@pytest.mark.parametrize("lost", ["role", "account"])
def test_what_its_asker_may_not_ask_for_any_more_can_only_be_rejected(asked, bob, carol, lost):
    connection = asked()
    if lost == "role":
        Grant.objects.filter(person=bob).delete()
    else:
        User.objects.filter(pk=bob.pk).update(is_active=False)
    html = decide(carol, connection, "approve").content.decode()
    assert "may not ask for this here any more" in html
    assert read(connection).status == Status.APPROVAL
    decide(carol, connection, "reject")

    assert read(connection).status == Status.FAILED


def test_the_rule_that_is_set_later_holds_nothing_back(bob, filled, organization):
    browser_of(bob).post("/connect/postgres/", filled())
    organization.sandboxes.update(needs_approval=True)
    connection = BaseConnection.objects.get()
    submitting.submit(connection.pk)

    assert read(connection).status == Status.CONNECTED


def test_the_rule_that_is_lifted_leaves_a_decision_and_says_so(asked, bob, carol, strict):
    connection = asked()
    type(strict).objects.update(needs_approval=False)
    assert "withdraw it and ask again" in page_of(bob, connection)
    decide(bob, connection, "approve")
    assert read(connection).status == Status.APPROVAL
    decide(carol, connection, "approve")

    assert read(connection).status == Status.WAITING


def test_a_sandbox_that_was_closed_meanwhile_gets_nothing_new(asked, carol, strict):
    connection = asked()
    type(strict).objects.update(is_open=False)
    html = decide(carol, connection, "approve").content.decode()

    assert "takes no new connections" in html
    assert read(connection).status == Status.APPROVAL


def test_what_belongs_to_another_flow_service_waits_on(asked, carol, organization):
    connection = asked()
    key = key_of(connection)
    type(organization).objects.update(is_practice=not organization.is_practice)
    assert 'id="approve"' not in page_of(carol, connection)
    decide(carol, connection, "approve", key)

    assert read(connection).status == Status.APPROVAL


def test_the_same_form_twice_asks_once(strict, bob, filled):
    fields = filled()
    answers = {browser_of(bob).post("/connect/postgres/", fields)["Location"] for _ in range(2)}

    assert len(answers) == 1
    assert BaseConnection.objects.get().events.count() == 2


def test_it_holds_its_name_and_its_destination_until_it_is_decided(asked, carol, filled):
    connection = asked()
    taken = browser_of(carol).post("/connect/postgres/", filled())
    assert taken.status_code == 422
    assert "exists in the sandbox" in taken.content.decode()
    assert "A connection to this destination exists" in taken.content.decode()
    decide(carol, connection, "reject")

    assert browser_of(carol).post("/connect/postgres/", filled()).status_code == 302


@pytest.mark.parametrize("path", ["edit/", "delete/"])
def test_nothing_of_it_can_be_changed_while_it_waits(asked, alice, path):
    connection = asked()
    before = BaseConnection.objects.values().get()
    answer = browser_of(alice).get(connection.get_absolute_url() + path)
    assert answer.status_code == 302
    browser_of(alice).post(connection.get_absolute_url() + path, {"name": "Orders", "intent": "save"})
    browser_of(alice).post(f"{connection.get_absolute_url()}switch/", {"op": "disable"})
    browser_of(alice).post(f"{connection.get_absolute_url()}test/")
    browser_of(alice).get(f"/connect/postgres/?again={connection.uuid}")

    assert BaseConnection.objects.values().get() == before


def test_trying_again_what_waits_leaves_it_as_it_is(asked, bob, filled):
    connection = asked()
    before = BaseConnection.objects.values().get()
    other = filled("Other", **{"auth.params.connectionString.SERVER": "evil.example.com"})
    browser_of(bob).post(f"/connect/postgres/?again={connection.uuid}", other)

    assert BaseConnection.objects.filter(pk=connection.pk).values().get() == before


def test_no_page_about_it_shows_the_secret(asked, alice, bob, carol, vera):
    connection = asked()
    decide(carol, connection, "reject", reason="No.")
    for person in (alice, bob, carol, vera):
        assert CANARY not in page_of(person, connection)
        assert "c4nary" not in page_of(person, connection)
