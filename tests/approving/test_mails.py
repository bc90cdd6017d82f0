"""E-mails about approvals: who gets which, where there is e-mail, and no secret in any."""

import pytest
from django.core import mail
from django.db import connection as database
from django_q.models import OrmQ

from tests.approving.steps import decide, queued
from tests.conftest import CANARY
from wizard.approving import mails
from wizard.connections.models import BaseConnection
from wizard.people.models import User

CALLS = {
    "wizard.approving.mails.tell_of_ask": mails.tell_of_ask,
    "wizard.approving.mails.tell_of_decision": mails.tell_of_decision,
}


@pytest.fixture
def posted(settings):
    """Has the worker send what is queued; the messages."""
    settings.EMAIL_IS_SET = True

    def post():
        for queued_task in OrmQ.objects.order_by("pk"):
            if call := CALLS.get(queued_task.task["func"]):
                call(*queued_task.task["args"])
        OrmQ.objects.all().delete()
        sent, mail.outbox = mail.outbox, []
        return sent

    return post


def test_those_who_may_decide_are_told(posted, asked, alice, bob, carol, vera, erin, charlie):
    asked()
    sent = posted()

    assert sorted(message.to[0] for message in sent) == ["alice@example.com", "carol@example.com"]
    assert all(len(message.recipients()) == 1 for message in sent)
    assert sent[0].subject == "Please approve: create Orders"
    assert "bob@example.com asks to create the PostgreSQL" in sent[0].body


@pytest.mark.parametrize(
    ("verb", "words"), [("approve", "has approved what you asked for"), ("reject", "Not with this user.")]
)
def test_its_asker_is_told_of_the_decision(posted, asked, carol, verb, words):
    connection = asked()
    posted()
    decide(carol, connection, verb, reason="Not with this user.")
    (sent,) = posted()

    assert sent.to == ["bob@example.com"]
    assert words in sent.body


def test_nobody_is_told_of_what_was_decided_before_the_worker_came(posted, asked, alice, bob, carol):
    connection = asked()
    decide(bob, connection, "withdraw")

    assert posted() == []


def test_a_closed_account_gets_no_mail(posted, asked, bob, carol):
    connection = asked()
    posted()
    decide(carol, connection, "reject")
    User.objects.filter(pk=bob.pk).update(is_active=False)

    assert posted() == []


def test_without_e_mail_nothing_is_queued_for_it(asked, alice, carol):
    connection = asked()
    decide(carol, connection, "reject")

    assert queued() == []


def test_no_secret_is_in_a_mail_or_a_task(posted, asked, alice, carol):
    connection = asked(description="Ordered")
    with database.cursor() as cursor:
        cursor.execute("select payload from django_q_ormq")
        payloads = str(cursor.fetchall())
    sent = posted()
    decide(carol, connection, "approve")
    sent += posted()
    assert len(sent) == 3
    for text in (payloads, *(str(message.message()) + message.body for message in sent)):
        assert CANARY not in text
        assert "c4nary" not in text


def test_a_name_breaks_no_header(posted, asked, carol):
    asked()
    BaseConnection.objects.update(name="Orders\r\nBcc: everybody@example.com")
    sent = posted()

    assert all("\n" not in message.subject and message.recipients() == [message.to[0]] for message in sent)
