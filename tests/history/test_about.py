"""Who looks after a connection, and when what happened to it; and what its page offers in each state."""

import pytest
from django.utils import timezone

from tests.history.steps import in_words, shown
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import ChangeKind, ChangeStatus


def test_about_says_who_and_when(signed_in, connected, bob):
    connection = connected()
    connection.changes.create(kind=ChangeKind.EDIT, status=ChangeStatus.DONE, revision=0, created_by=bob)
    values = {"owner": bob, "tested_at": timezone.now(), "credentials_expire_on": timezone.now().date()}
    BaseConnection.objects.filter(pk=connection.pk).update(**values)
    words = in_words(shown(signed_in.get(connection.get_absolute_url()).content.decode(), "about"))

    for label in ("Owner bob@example.com", "Created", "Connected", "Last tested", "Last changed", "Credentials end on"):
        assert label in words
    assert "by alice@example.com" in words
    assert "by bob@example.com" in words
    assert connection.connection_spec_id in words


@pytest.mark.parametrize("status", ["waiting", "connecting", "failed", "unknown", "deleted", "connected"])
def test_what_is_next_is_offered_where_it_is_connected(signed_in, connected, status):
    connection = connected()
    BaseConnection.objects.filter(pk=connection.pk).update(status=status)
    html = signed_in.get(connection.get_absolute_url()).content.decode()

    assert ('id="next"' in html) is (status == "connected")
    assert ('href="#next"' in html) is (status == "connected")
    for part in ("tests", "requests", "happened", "about"):
        assert shown(html, part)
