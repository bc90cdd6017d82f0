"""An event says who, when, from where and how it ended, and is never changed again."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.record.attacks import findings
from wizard.record.context import answering
from wizard.record.kinds import Kind, Outcome
from wizard.record.models import Event
from wizard.record.sealing import COLUMNS
from wizard.work import submitting

REFUSED = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 400, "code": "1312-400"}


def test_every_column_but_its_place_is_under_its_hash():
    columns = {field.attname for field in Event._meta.concrete_fields}

    assert columns - set(COLUMNS) == {"id", "mac", "position", "link"}


def test_an_event_cannot_be_changed_nor_removed(db):
    event = Event.objects.create(kind=Kind.SIGNED_IN)
    event.message = "something else"
    for attempt in (
        *(event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(message="x")),
        *(lambda: Event.objects.bulk_create([event]), lambda: Event.objects.bulk_update([event], ["message"])),
    ):
        with pytest.raises(TypeError):
            attempt()

    assert Event.objects.get().message == ""


def test_an_event_of_a_connection_says_where_that_is_and_who_did_it(asked_for, alice):
    connection = asked_for()
    event = connection.events.get(kind=Kind.ASKED)

    assert (event.organization, event.sandbox_name) == (connection.organization, connection.sandbox_name)
    assert (event.actor, event.actor_name) == (alice, "alice@example.com")
    assert event.address == "127.0.0.1"
    assert len(event.request_id) == 32


def test_the_id_of_the_request_is_ours_and_stands_on_its_answer(signed_in, filled):
    answer = signed_in.post("/connect/postgres/", filled(), headers={"X-Request-Id": "theirs"})

    assert answer["X-Request-Id"] == Event.objects.get(kind=Kind.ASKED).request_id
    assert "theirs" not in str(answer.headers)


def test_the_proxys_word_on_the_address_counts_only_behind_a_proxy(signed_in, filled, settings):
    forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    signed_in.post("/connect/postgres/", filled("On loopback"), headers=forwarded)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    signed_in.post("/connect/postgres/", filled("Behind a proxy"), headers=forwarded)

    found = dict(Event.objects.filter(kind=Kind.ASKED).values_list("connection__name", "address"))
    assert found == {"On loopback": "127.0.0.1", "Behind a proxy": "198.51.100.7"}


def test_what_a_worker_does_comes_from_no_request(asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    event = connection.events.get(kind=Kind.CONNECTED)

    assert (event.address, event.request_id, event.actor_name) == (None, "", "")


@pytest.mark.parametrize(
    ("faults", "kind", "outcome"),
    [
        ([], Kind.CONNECTED, Outcome.SUCCEEDED),
        ([REFUSED], Kind.FAILED, Outcome.FAILED),
        ([{"kind": "lose_before"}], Kind.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_an_attempt_says_how_it_ended_how_long_it_took_and_adobes_request_id(
    asked_for, flow_service, faults, kind, outcome
):
    connection = asked_for()
    flow_service.set_faults([fault | {"match": REFUSED["match"]} for fault in faults])
    submitting.submit(connection.pk)
    event = connection.events.get(kind=kind)

    assert event.outcome == outcome
    assert 0 < event.duration_ms < 60_000
    if kind == Kind.FAILED:
        connection.refresh_from_db()
        assert event.details["adobe_request_id"] == connection.error_request_id != ""


def test_an_event_is_read_back_as_it_was_hashed(db):
    details = {
        "half": 0.5,
        "whole": 2.0,
        "large": 1e20,
        "small": 1e-7,
        "words": "ü \u2028 😀",
        "list": [1.0, None, True],
    }
    with answering("::ffff:192.0.2.1"):
        Event.objects.create(kind=Kind.EXPORTED, details=details, message="m" * 3000, duration_ms=7)
    Event.objects.create(kind=Kind.EXPORTED, address="2001:DB8::0:1", at=timezone.now() - timedelta(days=1, hours=3))

    assert findings() == []
    first, second = Event.objects.all()
    assert (first.address, second.address) == ("192.0.2.1", "2001:db8::1")
    assert len(first.message) == 2100
    assert json.dumps(first.details)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_no_event_and_takes_no_place():
    with transaction.atomic():
        Event.objects.create(kind=Kind.SIGNED_IN)
        transaction.set_rollback(True)
    kept = Event.objects.create(kind=Kind.SIGNED_IN)

    assert [event.position for event in Event.objects.all()] == [1]
    assert Event.objects.get().pk == kept.pk
    assert findings() == []
