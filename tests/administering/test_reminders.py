"""Reminders 30, 7 and 1 days before credentials end, and when they have: once for each of these days."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection as database
from django_q.models import OrmQ

from tests.conftest import CANARY
from wizard import mailing
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.administering import reminding
from wizard.connections.models import BaseConnection
from wizard.organizations.expiry import today
from wizard.organizations.models import Organization
from wizard.record.kinds import Kind
from wizard.record.models import Event

ORGANIZATION, CONNECTION = "organizations.organization", "connections.baseconnection"


@pytest.fixture(autouse=True)
def _email(settings):
    settings.EMAIL_IS_SET = True


@pytest.fixture
def ends(second):
    """The second organization's secret ends in so many days, as a form has said so."""

    def end_in(days):
        second.refresh_from_db()
        second.expire_on(today() + timedelta(days=days))
        second.save()
        return second

    return end_in


def days_pass(days):
    """As if it were so many days later: the dates come nearer, and the reminder that is planned, too."""
    for row in (*Organization.objects.all(), *BaseConnection.objects.all()):
        if row.credentials_expire_on:
            row.credentials_expire_on -= timedelta(days=days)
            row.remind_at = row.remind_at and row.remind_at - timedelta(days=days)
            row.save()


def sweep_and_work():
    """What the worker does every few seconds, and with what it has queued."""
    before = set(OrmQ.objects.values_list("pk", flat=True))
    reminding.queue_due_reminders()
    for queued in OrmQ.objects.exclude(pk__in=before):
        task = queued.task
        assert task["func"] == "wizard.administering.reminding.remind"
        reminding.remind(*task["args"])


def sent():
    return [message.subject for message in mail.outbox]


def test_one_is_sent_on_each_of_the_days_and_none_between(ends, olga):
    ends(31)
    found = {}
    for left in range(31, -4, -1):
        mail.outbox.clear()
        for _ in range(3):
            sweep_and_work()
        if mail.outbox:
            found[left] = [message.to for message in mail.outbox]
        days_pass(1)

    assert list(found) == [30, 7, 1, 0]
    assert set(map(str, found.values())) == {str([[olga.email]])}


@pytest.mark.parametrize(
    ("days", "words"), [(30, "in 30 days"), (5, "in 5 days"), (1, "in 1 day"), (0, "ended on"), (-3, "ended on")]
)
def test_a_day_that_has_passed_when_the_date_is_set_is_told_at_once(ends, olga, days, words):
    ends(days)
    sweep_and_work()

    assert len(mail.outbox) == 1
    assert words in mail.outbox[0].subject
    assert "Second" in mail.outbox[0].subject


def test_nothing_is_told_of_what_ends_later(ends, olga):
    organization = ends(45)
    sweep_and_work()

    assert mail.outbox == []
    first = organization.credentials_expire_on - timedelta(days=30)
    assert organization.remind_at == datetime.combine(first, time(), tzinfo=UTC)


def test_another_date_begins_anew(ends, olga):
    ends(7)
    sweep_and_work()
    ends(1)
    sweep_and_work()
    ends(400)
    sweep_and_work()

    assert ["in 7 days" in sent()[0], "in 1 day" in sent()[1], len(sent())] == [True, True, 2]


def test_a_date_that_was_changed_after_the_task_was_queued_is_not_told(ends, olga):
    second = ends(7)
    reminding.queue_due_reminders()
    ends(90)
    reminding.remind(ORGANIZATION, second.pk)

    assert mail.outbox == []


def test_a_task_that_comes_twice_sends_once(ends, olga):
    second = ends(7)
    reminding.queue_due_reminders()
    for _ in range(3):
        reminding.remind(ORGANIZATION, second.pk)

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_come_at_once_one_queues_and_one_sends(ends, olga):
    second = ends(7)
    start = threading.Barrier(4)

    def work():
        start.wait(timeout=20)
        reminding.queue_due_reminders()
        reminding.remind(ORGANIZATION, second.pk)
        database.close()

    threads = [threading.Thread(target=work) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert OrmQ.objects.count() <= 1
    assert len(mail.outbox) == 1


def test_one_that_could_not_be_sent_is_tried_again_later(ends, olga, monkeypatch):
    second = ends(7)
    with monkeypatch.context() as patch:
        patch.setattr(mailing, "get_connection", lambda: (_ for _ in ()).throw(OSError("no route")))
        sweep_and_work()
    sweep_and_work()
    assert mail.outbox == []
    assert not Event.objects.exists()
    Organization.objects.filter(pk=second.pk).update(remind_at=datetime.now(UTC))
    sweep_and_work()

    assert len(mail.outbox) == 1


def test_without_settings_for_email_nothing_is_queued_and_nothing_is_lost(ends, olga, settings):
    settings.EMAIL_IS_SET = False
    ends(7)
    sweep_and_work()
    assert not OrmQ.objects.exists()
    settings.EMAIL_IS_SET = True
    sweep_and_work()

    assert len(mail.outbox) == 1


def test_owner_and_admins_get_one_each_and_nobody_sees_the_others(ends, olga, alice, bob):
    second = ends(7)
    Grant.objects.create(person=bob, organization=second, role=Role.VIEWER)
    Organization.objects.filter(pk=second.pk).update(owner=bob)
    sweep_and_work()

    assert sorted(message.to for message in mail.outbox) == [[alice.email], [bob.email], [olga.email]]


def test_an_owner_without_a_role_or_an_account_hears_nothing(ends, olga, bob):
    second = ends(7)
    Organization.objects.filter(pk=second.pk).update(owner=bob)
    sweep_and_work()
    assert [message.to for message in mail.outbox] == [[olga.email]]

    mail.outbox.clear()
    olga.is_active = False
    olga.save()
    days_pass(6)
    sweep_and_work()
    assert mail.outbox == []


def test_of_a_closed_organization_and_of_the_other_world_nothing_is_told(ends, olga, settings):
    second = ends(7)
    Organization.objects.filter(pk=second.pk).update(is_open=False)
    sweep_and_work()
    Organization.objects.filter(pk=second.pk).update(is_open=True)
    settings.PRACTICE = False
    sweep_and_work()

    assert mail.outbox == []


def test_a_mail_has_a_link_where_others_can_open_it_and_no_secret_ever(ends, olga, settings):
    second = ends(7)
    sweep_and_work()
    assert "http" not in mail.outbox[0].body
    settings.IS_LOCAL, settings.ALLOWED_HOSTS = False, ["wizard.example.com", "testserver"]
    ends(7)
    sweep_and_work()

    assert f"https://wizard.example.com/organizations/{second.uuid}/" in mail.outbox[1].body
    for message in mail.outbox:
        assert second.unseal("client_secret").open() not in f"{message.subject}{message.body}"
        assert second.client_id not in f"{message.subject}{message.body}"


def test_a_name_of_several_lines_makes_no_header(ends, olga):
    second = ends(7)
    Organization.objects.filter(pk=second.pk).update(name="Evil\r\nBcc: x@example.com")
    sweep_and_work()

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == [olga.email]


def test_it_is_on_record(ends, olga):
    second = ends(7)
    sweep_and_work()

    event = Event.objects.get()
    assert (event.kind, event.organization, event.actor, event.details) == (
        *(Kind.REMINDED, second, None),
        {"recipients": 1},
    )
    assert olga.email not in event.message


# --- Connections: just the same ---


def test_a_connection_is_told_in_the_same_way(signed_in, connected, alice, bob):
    made = connected("Orders")
    Grant.objects.filter(person=bob).update(role=Role.ADMIN)
    made.expire_on(today() + timedelta(days=7))
    made.save()
    sweep_and_work()

    assert sorted(message.to for message in mail.outbox) == [[alice.email], [bob.email]]
    words = mail.outbox[0].subject + mail.outbox[0].body
    assert "Orders" in words
    assert "in 7 days" in words
    assert "c4nary" not in words
    assert CANARY not in words
    event = Event.objects.get(kind=Kind.REMINDED)
    assert (event.connection, event.sandbox_name) == (made, "prod")


def test_a_deleted_connection_is_not_told(connected):
    made = connected("Orders")
    made.expire_on(today())
    made.save()
    made.mark_deleted("gone")
    sweep_and_work()

    assert mail.outbox == []
