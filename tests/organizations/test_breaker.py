"""The circuit breaker by itself: what opens it, who may try, how long it waits, and what closes it again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from tests.organizations.trouble import as_if_open_for, opened, pause
from wizard.organizations import breaker
from wizard.organizations.models import Organization


def test_without_trouble_nothing_waits(organization):
    assert breaker.wait_until(organization) is None


def test_two_troubles_in_a_row_hold_nothing_back_and_a_third_does(organization):
    for _ in range(breaker.TROUBLES - 1):
        breaker.note_trouble(organization, "HTTP 503")
        assert breaker.wait_until(organization) is None
    breaker.note_trouble(organization, "HTTP 503")

    assert breaker.wait_until(organization) == organization.probe_at


def test_a_success_in_between_starts_the_count_anew(organization):
    for _ in range(3):
        breaker.note_trouble(organization, "HTTP 503")
        breaker.note_trouble(organization, "HTTP 503")
        assert breaker.note_success(organization) is False

    assert breaker.wait_until(organization) is None


def test_a_single_success_closes_it_and_says_so_once(organization):
    opened(organization)

    assert breaker.note_success(organization) is True
    assert breaker.note_success(organization) is False
    assert breaker.wait_until(organization) is None


def test_the_trouble_of_one_organization_is_none_of_anothers(organization):
    other = Organization.objects.create(name="Other", ims_org_id="OTHER@AdobeOrg", client_id="other")
    opened(organization)

    assert breaker.wait_until(other) is None


def test_one_at_a_time_may_probe_and_the_others_are_told_until_when(organization):
    opened(organization)
    as_if_open_for(organization, seconds=1)
    first, second = Organization.objects.get(), Organization.objects.get()

    assert breaker.wait_until(first) is None
    assert breaker.wait_until(second) > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_of_many_that_ask_at_one_moment_one_may_probe(organization):
    opened(organization)
    as_if_open_for(organization, seconds=1)
    start, found = threading.Barrier(6), []

    def ask():
        own = Organization.objects.get()
        start.wait(timeout=20)
        found.append(breaker.wait_until(own))
        database.close()

    threads = [threading.Thread(target=ask) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == start.parties
    assert found.count(None) == 1


def test_when_the_one_that_probes_dies_another_one_may_after_a_while(organization, settings):
    opened(organization)
    as_if_open_for(organization, seconds=1)
    assert breaker.wait_until(organization) is None

    assert timedelta(seconds=2 * settings.FLOW_SERVICE_TIMEOUT) < pause(organization) < timedelta(minutes=1)
    as_if_open_for(organization, seconds=60)
    assert breaker.wait_until(organization) is None


def test_one_that_may_probe_and_does_not_leaves_it_to_the_next(organization):
    opened(organization)
    as_if_open_for(organization, seconds=1)
    assert breaker.wait_until(organization) is None
    breaker.release(organization)

    assert breaker.wait_until(organization) is None


def test_leaving_it_to_the_next_opens_nothing(organization):
    breaker.release(organization)

    assert Organization.objects.get().probe_at is None


def test_it_waits_as_long_again_as_the_trouble_has_been_going_on(organization, settings):
    settings.FLOW_SERVICE_TIMEOUT = 60
    opened(organization)
    assert timedelta(seconds=5) < pause(organization) <= breaker.SHORTEST
    for seconds in (40, 100, 200):
        as_if_open_for(organization, seconds=seconds)
        breaker.note_trouble(organization, "HTTP 503")
        assert timedelta(seconds=seconds - 5) < pause(organization) < timedelta(seconds=seconds + 5)


def test_it_never_waits_longer_than_some_minutes(organization, settings):
    settings.FLOW_SERVICE_TIMEOUT = 60
    opened(organization)
    as_if_open_for(organization, hours=5)
    breaker.note_trouble(organization, "HTTP 503")

    assert breaker.LONGEST - timedelta(seconds=5) < pause(organization) <= breaker.LONGEST


@pytest.mark.parametrize("timeout", [1, 600])
def test_where_calls_are_short_its_pauses_are_too_and_never_longer_than_usual(organization, settings, timeout):
    settings.FLOW_SERVICE_TIMEOUT = timeout
    opened(organization)
    assert pause(organization) <= min(breaker.SHORTEST, timedelta(seconds=timeout))
    as_if_open_for(organization, hours=5)
    breaker.note_trouble(organization, "HTTP 503")
    assert pause(organization) <= min(breaker.LONGEST, timedelta(seconds=5 * timeout))
