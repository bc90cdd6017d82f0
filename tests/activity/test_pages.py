"""The activity page: what happened, for those who have a role there; found by filters, kept as views."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.organizations.models import Organization
from wizard.record.kinds import GROUPS, Kind
from wizard.record.models import Event
from wizard.work import submitting


def page(response):
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def write(kind=Kind.SIGNED_IN, **values):
    return Event.objects.create(kind=kind, **values)


def shown(client, query=""):
    """The words of the events on the page, the newest first."""
    rows = client.get(f"/activity/?{query}").context["rows"]
    return [row.event.message for row in rows]


def test_every_kind_stands_in_one_group():
    grouped = [kind for _, kinds in GROUPS.values() for kind in kinds]

    assert sorted(grouped) == sorted(Kind)


def test_an_event_is_shown_with_all_that_is_known_of_it(signed_in, asked_for, flow_service):
    connection = asked_for()
    submitting.submit(connection.pk)
    html = page(signed_in.get("/activity/"))
    asked = connection.events.get(kind=Kind.ASKED)

    assert "Requested" in html
    assert "alice@example.com" in html
    assert f'<a href="{connection.get_absolute_url()}">Orders</a>' in html
    assert "127.0.0.1" in html
    assert asked.request_id in html
    assert "Succeeded" in html
    assert f"{connection.events.get(kind=Kind.CONNECTED).duration_ms} ms" in html
    assert "the wizard itself" in html


def test_nothing_yet_is_said(client, charlie):
    client.force_login(charlie)

    assert "Nothing has happened yet" in page(client.get("/activity/"))


@pytest.fixture
def elsewhere(organization):
    return Organization.objects.create(name="Elsewhere", ims_org_id="1111@AdobeOrg")


@pytest.fixture
def all_over(organization, elsewhere, alice, bob, charlie):
    """Events in two organizations, in two sandboxes of one, and of none."""
    write(organization=organization, sandbox_name="prod", message="here")
    write(organization=organization, sandbox_name="dev", message="in dev")
    write(organization=organization, message="all of here")
    write(organization=elsewhere, sandbox_name="prod", message="elsewhere")
    write(actor=alice, message="alice signs in")
    write(actor=bob, message="bob signs in")
    write(Kind.SIGN_IN_FAILED, message="nobody signs in")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "alice",
            "nobody signs in|bob signs in|alice signs in|elsewhere|all of here|in dev|here",
        ),
        ("bob", "bob signs in|all of here|in dev|here"),
        ("charlie", ""),
    ],
)
def test_one_sees_what_happened_where_one_has_a_role_and_what_one_did(client, request, all_over, name, expected):
    client.force_login(request.getfixturevalue(name))

    assert shown(client) == (expected.split("|") if expected else [])


def test_a_role_in_one_sandbox_shows_that_sandbox_alone(client, all_over, organization, charlie):
    Grant.objects.create(person=charlie, organization=organization, sandbox_name="dev", role=Role.VIEWER)
    client.force_login(charlie)

    assert shown(client) == ["in dev"]


def test_ones_own_deeds_go_with_the_role(client, organization, bob):
    write(organization=organization, actor=bob, message="bob was here")
    Grant.objects.all().delete()
    client.force_login(bob)

    assert shown(client) == []


def test_a_connection_elsewhere_shows_nothing_of_itself(client, asked_for, charlie):
    connection = asked_for()
    client.force_login(charlie)

    html = page(client.get(f"/activity/?connection={connection.uuid}"))
    assert "Orders" not in html
    assert "No event matches" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=sign-ins", ["third", "first"]),
        ("kind=looks", ["second"]),
        ("outcome=failed", ["third"]),
        ("person=BOB", ["second"]),
        ("q=irs", ["first"]),
        ("q=bob@", ["second"]),
        ("q=192.0.2.7", ["third"]),
        ("q=the-request", ["third"]),
        ("q=adobes-request", ["second"]),
        ("since=2020-03-02", ["third", "second"]),
        ("until=2020-03-02", ["second", "first"]),
        ("since=2020-03-02&until=2020-03-02", ["second"]),
        ("kind=nonsense&outcome=x&since=never&connection=1&q=%25", []),
        ("kind=nonsense&outcome=x&since=never&connection=1", ["third", "second", "first"]),
        ("before=x&after=-1", ["third", "second", "first"]),
    ],
)
def test_filters_stand_in_the_url(signed_in, bob, query, expected):
    first = timezone.datetime(2020, 3, 1, 23, 59, tzinfo=timezone.get_default_timezone())
    write(message="first", at=first)
    details = {"adobe_request_id": "adobes-request"}
    write(Kind.EXPORTED, message="second", actor=bob, at=first + timedelta(days=1), details=details)
    other = {"address": "192.0.2.7", "request_id": "the-request"}
    write(Kind.SIGN_IN_FAILED, message="third", at=first + timedelta(days=2), **other)

    assert shown(signed_in, query) == expected


def test_pages_follow_each_other_without_a_count(signed_in, alice):
    for number in range(60):
        write(message=f"{number:02}")
    seen, query = [], ""
    with CaptureQueriesContext(database) as queries:
        while query is not None:
            context = signed_in.get(f"/activity/?{query}").context
            seen += [row.event.message for row in context["rows"]]
            query = context["older"]

    assert seen == [f"{number:02}" for number in range(59, -1, -1)]
    assert not any("COUNT(" in item["sql"] for item in queries)


def test_ten_times_the_events_need_no_more_queries(signed_in, connected, django_assert_num_queries):
    connection = connected()
    with CaptureQueriesContext(database) as few:
        signed_in.get("/activity/")
    for _ in range(40):
        write(Kind.TESTED, connection=connection, details={"steps": []})
    with django_assert_num_queries(len(few)):
        assert len(signed_in.get("/activity/").context["rows"]) == 25


def test_a_connections_page_leads_to_its_events_and_they_say_who_looked(client, connected, bob):
    connection = connected()
    connected("Another")
    client.force_login(bob)
    html = page(client.get(connection.get_absolute_url()))

    link = f"/activity/?connection={connection.uuid}"
    assert link in html
    assert "Viewed" not in html
    listed = page(client.get(link))
    assert "Only events of" in listed
    assert "Viewed" in listed
    assert "Another" not in listed
    event = connection.events.get(kind=Kind.VIEWED)
    assert (event.actor, event.sandbox_name) == (bob, connection.sandbox_name)


def test_a_view_is_on_record_once_in_ten_minutes_for_each_person(client, connected, alice, bob):
    connection = connected()
    views = connection.events.filter(kind=Kind.VIEWED)
    for person in (bob, alice, bob, alice):
        client.force_login(person)
        client.get(connection.get_absolute_url())
    assert sorted(view.actor_name for view in views) == ["alice@example.com", "bob@example.com"]
    Event._base_manager.filter(kind=Kind.VIEWED).update(at=timezone.now() - timedelta(minutes=11))
    client.get(connection.get_absolute_url())
    assert views.all().count() == 3


@pytest.mark.parametrize("path", ["{page}edit/", "/connect/postgres/?clone={uuid}", "{page}"])
def test_whoever_goes_around_the_page_leaves_a_view_as_well(client, connected, bob, path):
    """A header, and other pages, show the same values."""
    connection = connected()
    client.force_login(bob)
    address = path.format(page=connection.get_absolute_url(), uuid=connection.uuid)
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 200
    assert connection.events.filter(kind=Kind.VIEWED).count() == 1


def test_who_sees_nothing_of_a_connection_leaves_no_view(client, connected, charlie):
    connection = connected()
    client.force_login(charlie)

    assert client.get(connection.get_absolute_url()).status_code == 404
    assert not connection.events.filter(kind=Kind.VIEWED).exists()


def test_foreign_words_are_words(signed_in):
    write(message="<script>alert(1)</script>", details={"<b>": ["<i>", {"<u>": 1}], "n": {"x": "<s>"}})
    html = page(signed_in.get("/activity/"))

    for tag in ("<script>alert", "<b>:", "<i>", "<u>", "<s>"):
        assert tag not in html
    assert "&lt;script&gt;" in html
