"""Nothing can be saved: pages say so in plain words, nothing typed is lost but secrets, nothing is sent unrecorded."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from tests.changing.steps import edited
from tests.conftest import CANARY
from tests.emulator.running import Emulator
from tests.operation.conftest import full, held_by_somebody, read_only
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.people import middleware
from wizard.record.models import Event
from wizard.vault import canary
from wizard.work import following, reconciling, submitting
from wizard.work.sweeping import sweep

pytestmark = pytest.mark.django_db(transaction=True)

Broken = Callable[[], AbstractContextManager[None]]
WORDS = {
    full: (507, "The server’s disk is full."),
    read_only: (503, "The server’s database cannot be written to."),
    held_by_somebody: (503, "The database is busy."),
}
# So long that it needs a page of its own.
LONG = "long" * 2000


@pytest.fixture(autouse=True)
def _prepared(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    canary.ensure(is_new=True)
    monkeypatch.setattr(middleware, "_try_again_at", 0.0)


def test_a_create_says_that_nothing_was_saved_and_keeps_what_was_typed(
    signed_in: Client,
    filled: Callable[..., dict[str, str]],
    flow_service: Emulator,
    unstorable: Broken,
    caplog: pytest.LogCaptureFixture,
) -> None:
    signed_in.get("/")
    form = filled("Orders", description="Of the shop", **{"auth.params.connectionString.PASSWORD": CANARY + LONG})
    with unstorable():
        answer = signed_in.post("/connect/postgres/", form)
    status, words = WORDS[unstorable]
    assert answer.status_code == status
    assert words in answer.text
    assert "Nothing was saved, and nothing was sent to Adobe." in answer.text
    assert all(f'value="{text}"' in answer.text for text in ("Orders", "db.example.com", "shop", "reader"))
    assert "Of the shop" in answer.text
    assert CANARY not in answer.text
    assert (BaseConnection.objects.count(), OrmQ.objects.count(), Event.objects.count()) == (0, 0, 0)
    assert flow_service.requests("POST", "/connections") == []
    assert [record for record in caplog.records if record.exc_info] == []


def test_the_same_form_can_be_sent_again_when_there_is_room(
    signed_in: Client, filled: Callable[..., dict[str, str]], unstorable: Broken
) -> None:
    form = filled("Orders", **{"auth.params.connectionString.PASSWORD": LONG})
    with unstorable():
        answer = signed_in.post("/connect/postgres/", form)
    assert f'name="submission_id" value="{form["submission_id"]}"' in answer.text
    assert signed_in.post("/connect/postgres/", form).status_code == 302
    assert signed_in.post("/connect/postgres/", form).status_code == 302
    assert BaseConnection.objects.get().status == Status.WAITING


def test_an_edit_says_so_too_and_keeps_what_was_typed(
    signed_in: Client, by_key: BaseConnection, flow_service: Emulator, unstorable: Broken
) -> None:
    typed = {"auth.params.database": "shop2", "choice.auth.params.password": "replace", "auth.params.password": LONG}
    fields = edited(by_key, **typed)
    with unstorable():
        answer = signed_in.post(f"{by_key.get_absolute_url()}edit/", fields)
    status, words = WORDS[unstorable]
    assert answer.status_code == status
    assert f"{words} Nothing was saved, and nothing was sent to Adobe." in answer.text
    assert 'value="shop2"' in answer.text
    assert by_key.changes.count() == 0
    assert flow_service.requests("PATCH") == []


def test_pages_that_only_read_are_shown(
    signed_in: Client, connected: Callable[..., BaseConnection], unstorable: Broken
) -> None:
    """When somebody was seen last is not noted then; the session ends a little earlier."""
    connected("Orders")
    session = signed_in.session
    session[middleware.SEEN] = 1.0
    session.save()
    with unstorable():
        pages = {path: signed_in.get(path) for path in ("/", "/connections/", "/connect/", "/connect/postgres/")}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    assert "Orders" in pages["/connections/"].text


@pytest.mark.parametrize("broken", [read_only, held_by_somebody])
def test_a_page_whose_opening_goes_on_record_is_not_shown_without(
    client: Client, alice, connected: Callable[..., BaseConnection], signed_in: Client, broken: Broken
) -> None:
    connection = connected("Orders")
    signed_in.raise_request_exception = False
    with broken():
        answer = signed_in.get(connection.get_absolute_url())
    status, words = WORDS[broken]
    assert answer.status_code == status
    assert words.rstrip(".") in answer.text
    assert "Orders" not in answer.text
    assert "is not shown meanwhile" in answer.text or "tries again every 10 seconds" in answer.text
    assert signed_in.get(connection.get_absolute_url()).status_code == 200


def test_an_autosave_says_that_it_was_not_saved(
    signed_in: Client, filled: Callable[..., dict[str, str]], unstorable: Broken
) -> None:
    """The page tells it from the status, and keeps all that is typed."""
    signed_in.raise_request_exception = False
    form = filled("Orders", intent="draft", **{"auth.params.connectionString.PASSWORD": LONG})
    with unstorable():
        answer = signed_in.post("/connect/postgres/", form, headers={"HX-Request": "true"})
    status, words = WORDS[unstorable]
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert answer.text.startswith(words)
    assert BaseConnection.objects.count() == 0


def test_a_worker_that_cannot_write_its_claim_sends_nothing(
    asked_for: Callable[..., BaseConnection], flow_service: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = asked_for("Orders")
    with read_only(), pytest.raises(OperationalError):
        submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, connection.attempts) == (Status.WAITING, 0)
    assert flow_service.requests("POST", "/connections") == []
    submitting.submit(connection.pk)
    assert flow_service.names() == ["Orders"]


def test_a_worker_that_cannot_note_the_send_sends_nothing(
    asked_for: Callable[..., BaseConnection], flow_service: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = asked_for("Orders")
    before = BaseConnection.mark_sent

    def mark_sent(row: BaseConnection) -> bool:
        with read_only():
            return before(row)

    with monkeypatch.context() as patched:
        patched.setattr(BaseConnection, "mark_sent", mark_sent)
        with pytest.raises(OperationalError):
            submitting.submit(connection.pk)
    assert flow_service.requests("POST", "/connections") == []
    _an_hour_later(connection)
    connection.refresh_from_db()
    assert connection.status == Status.WAITING
    submitting.submit(connection.pk)
    assert flow_service.names() == ["Orders"]


def test_an_outcome_that_could_not_be_written_is_looked_up_and_never_sent_again(
    asked_for: Callable[..., BaseConnection], flow_service: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = asked_for("Orders")
    before = BaseConnection.mark_connected

    def mark_connected(row: BaseConnection, *texts: str, **values: object) -> bool:
        with read_only():
            return before(row, *texts, **values)

    with monkeypatch.context() as patched:
        patched.setattr(BaseConnection, "mark_connected", mark_connected)
        with pytest.raises(OperationalError):
            submitting.submit(connection.pk)
    made = re.findall(r"[0-9a-f-]{36}", str(flow_service.call("GET", "/connections").json()["items"][0]["id"]))
    _an_hour_later(connection)
    reconciling.reconcile(connection.pk)
    following.follow(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, [connection.base_connection_id]) == (Status.CONNECTED, made)
    assert len(flow_service.requests("POST", "/connections")) == 1


def _an_hour_later(connection: BaseConnection) -> None:
    past = timezone.now() - timedelta(hours=1)
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=past)
    sweep()


def test_a_sweep_in_such_a_time_is_done_by_the_next_one(
    asked_for: Callable[..., BaseConnection], unstorable: Broken
) -> None:
    connection = asked_for("Orders")
    OrmQ.objects.all().delete()
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=timezone.now() - timedelta(hours=1))
    if unstorable is not full:
        with unstorable(), pytest.raises(OperationalError):
            sweep()
    assert OrmQ.objects.count() == 0
    sweep()
    assert OrmQ.objects.count() == 1
