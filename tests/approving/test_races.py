"""Two decide at once: one of them wins, the other one reads who was faster, and the work is queued once or never."""

import threading

import pytest
from django.db import connection as database

from tests.approving.steps import decide, key_of, kinds, queued
from wizard.connections.statuses import Status
from wizard.record.kinds import Kind

SUBMIT = "wizard.work.submitting.submit"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(asked):
    """Several decisions about what each has seen on the same page, all at once; the pages that follow."""
    connection = asked()
    key = key_of(connection)

    def run(*decisions):
        pages, start = [], threading.Barrier(len(decisions))

        def press(person, verb):
            start.wait()
            pages.append(decide(person, connection, verb, key).content.decode())
            database.close()

        threads = [threading.Thread(target=press, args=decision) for decision in decisions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connection.refresh_from_db()
        return connection, pages

    return run


def test_of_two_approvals_one_wins_and_the_other_is_told(at_once, alice, carol, dave):
    connection, pages = at_once((alice, "approve"), (carol, "approve"), (dave, "approve"))

    winner = connection.events.get(kind=Kind.APPROVED).actor
    assert connection.status == Status.WAITING
    assert queued() == [SUBMIT]
    assert len(pages) == 3
    assert sum(f"{winner} has approved this already." in page for page in pages) == 2


@pytest.mark.parametrize("turn", range(3))
def test_of_approve_and_reject_one_wins(at_once, alice, carol, turn):
    connection, pages = at_once((alice, "approve"), (carol, "reject"))

    approved = connection.status == Status.WAITING
    assert connection.status == (Status.WAITING if approved else Status.FAILED)
    assert queued() == ([SUBMIT] if approved else [])
    assert len({Kind.APPROVED, Kind.REJECTED} & set(kinds(connection))) == 1
    words = "alice@example.com has approved" if approved else "carol@example.com has rejected"
    assert sum(f"{words} this already." in page for page in pages) == 1


def test_of_approve_and_withdraw_one_wins(at_once, alice, bob):
    connection, _ = at_once((alice, "approve"), (bob, "withdraw"))

    approved = connection.status == Status.WAITING
    assert queued() == ([SUBMIT] if approved else [])
    assert len({Kind.APPROVED, Kind.WITHDRAWN} & set(kinds(connection))) == 1
