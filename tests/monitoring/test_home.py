"""Home tells an administrator that nobody does the work; others could not mend it."""

import uuid
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from tests.people.steps import browser_of
from wizard.connections.models import BaseConnection
from wizard.monitoring import beating
from wizard.monitoring.models import Beat

STOPPED, LATE = "No worker is running.", "Requests wait for longer than usual."


def test_it_says_when_no_worker_is_alive(signed_in, organization):
    assert STOPPED in signed_in.get("/").text
    beating.beat(uuid.uuid4())
    assert STOPPED not in signed_in.get("/").text
    Beat.objects.update(at=Now() - timedelta(minutes=1))
    assert STOPPED in signed_in.get("/").text


def test_it_says_when_the_queue_is_late(signed_in, asked_for):
    beating.beat(uuid.uuid4())
    connection = asked_for()
    assert LATE not in signed_in.get("/").text
    BaseConnection.objects.filter(pk=connection.pk).update(stepped_at=timezone.now() - timedelta(minutes=5))
    page = signed_in.get("/").text
    assert LATE in page
    assert "waited for 5 minutes" in page


def test_it_does_not_say_so_to_who_cannot_start_one(bob, organization):
    assert STOPPED not in browser_of(bob).get("/").text
