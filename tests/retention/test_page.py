"""The page of sizes: what an administrator sees, and that it asks the same few questions however much there is."""

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from tests.retention.steps import call_of, days_ago, row, turn
from wizard.connections.statuses import Status
from wizard.retention import overview as overviews
from wizard.retention.growth import growth_of, lasts
from wizard.retention.measuring import measure
from wizard.retention.models import Chore, ChoreKind, Size
from wizard.retention.things import THINGS

MB = 1024 * 1024


def shown(client):
    text = client.get("/storage/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ")


def measured(days=0, scale=1):
    """Figures of a day, the same for every kind but for the events, which are the most."""
    moment = days_ago(days)
    for thing in THINGS:
        size = (40 if thing.kind == "events" else 1) * scale * MB
        known = {"rows": size // 500, "bytes": size, "oldest_at": days_ago(400), "measured_at": moment}
        Size.objects.create(kind=thing.kind, day=moment.date(), **known)


def test_it_says_what_there_is_the_largest_first(signed_in):
    measured()
    text = shown(signed_in)

    assert "49.0 MB in all" in text
    assert text.index("Events of the record") < text.index("Calls to Adobe")
    assert "83,900" in text, "three figures of 83,886"
    assert 'width="100" height="6"' in signed_in.get("/storage/").content.decode()
    assert f"{days_ago(400):%-d %b %Y}" in text


def test_before_the_first_measuring_it_says_what_to_look_for(signed_in):
    text = shown(signed_in)

    assert "Nothing is measured yet" in text
    assert "whether a worker is running" in text
    assert "none that is known" in text


def test_what_was_measured_really_shows(signed_in, organization, alice):
    call_of(row(organization, alice, Status.CONNECTED))
    measure()

    assert "in all" in shown(signed_in)


def test_it_draws_a_bar_for_each_day_and_says_how_much_it_grew(signed_in):
    for days, scale in ((40, 9), (29, 1), (10, 2), (0, 3)):
        measured(days, scale)
    page = signed_in.get("/storage/").content.decode()

    assert page.count('class="chart-size"') == 3
    assert "98.0 MB more than 29 days ago." in shown(signed_in)
    assert "+80.0 MB" in shown(signed_in)


def test_where_a_size_is_not_told_there_is_no_bar_and_no_growth(signed_in):
    measured(3), measured()
    Size.objects.update(bytes=None)
    text = shown(signed_in)

    assert "What there is" in text
    assert "not told" in text
    assert "Growth" not in text


def test_it_says_what_is_kept_for_how_long_and_what_went_last(signed_in, organization, alice, settings):
    settings.KEEP_CALLS_DAYS = 30
    connection = row(organization, alice, Status.CONNECTED)
    call_of(connection), call_of(connection)
    before = shown(signed_in)
    turn()
    text = shown(signed_in)

    assert "KEEP_CALLS_DAYS 30 days soon not yet" in before
    assert "KEEP_EVENTS_DAYS for ever never not yet" in text
    assert re.search(r"KEEP_CALLS_DAYS 30 days \d+ \w+ \d{4}, \d\d:\d\d 2 removed .*all from before", text)
    assert "SESSION_HOURS until they end" in text


def test_a_removal_that_has_not_ended_is_said_to_be_under_way(signed_in, settings):
    settings.KEEP_CALLS_DAYS = 30
    chore = Chore.made()[ChoreKind.CALLS]
    chore.claim(timezone.now(), days_ago(30))

    assert "30 days Under way" in shown(signed_in)


def test_a_disk_that_is_nearly_full_is_said_so_first(signed_in, monkeypatch):
    measured()
    monkeypatch.setattr(overviews.shutil, "disk_usage", lambda _path: _Usage(1000 * MB, 950 * MB, 50 * MB))
    text = shown(signed_in)

    assert "The disk is 95% full." in text
    assert "50.0 MB free of 1000.0 MB" in text


def test_without_the_directory_it_says_nothing_of_a_disk(signed_in, monkeypatch):
    def gone(_path):
        raise FileNotFoundError

    monkeypatch.setattr(overviews.shutil, "disk_usage", gone)
    assert signed_in.get("/storage/").status_code == 200


def test_nobody_but_an_administrator_sees_it(client, bob):
    client.force_login(bob)

    assert client.get("/storage/").status_code == 403
    assert "/storage/" not in client.get("/").content.decode()


def test_it_asks_the_same_few_questions_however_much_there_is(
    signed_in, organization, alice, django_assert_num_queries
):
    signed_in.get("/storage/")
    measured()
    with django_assert_num_queries(OWN + (3 if database.vendor == "sqlite" else 0)) as first:
        signed_in.get("/storage/")
    for days in range(1, 30):
        measured(days)
    for _ in range(50):
        call_of(row(organization, alice))
    with django_assert_num_queries(len(first)):
        signed_in.get("/storage/")


# The session and the person; the sizes and the chores. SQLite is asked for its file, too.
OWN = 4


def test_how_long_the_room_lasts_is_told_only_where_that_says_something():
    today = timezone.now().date()

    def of(days, grown, free):
        return lasts({today - timedelta(days=days): 100 * MB, today: (100 + grown) * MB}, free * MB)

    assert of(10, 10, 100) == "about 3 months"
    assert of(10, 10, 50) == "about 50 days"
    assert of(10, 1, 1000) == "more than 10 years"
    assert of(10, 1, 100) == "about 2 years"
    assert (of(10, 0, 100), of(10, -5, 100), of(3, 10, 100), lasts({}, 100)) == ("", "", "", "")


def test_the_words_of_growth():
    today = timezone.now().date()

    def words(*totals):
        days = {today - timedelta(days=len(totals) - 1 - number): total for number, total in enumerate(totals)}
        return growth_of(days, today).words.replace("\xa0", " ")

    assert words(MB) == "Measured for the first time today: how it grows shows from tomorrow on."
    assert words(MB, MB) == "As much as 1 day ago."
    assert words(3 * MB, 2 * MB, MB) == "2.0 MB less than 2 days ago."
    assert growth_of({today - timedelta(days=50): MB}, today) is None
    assert growth_of({today: 0}, today).bars[0].height == 2


class _Usage:
    def __init__(self, total, used, free):
        self.total, self.used, self.free = total, used, free


@pytest.fixture(autouse=True)
def _sized(db):
    """Nothing of another test."""
    Size.objects.all().delete()
