"""Which connections are removed when their time is over, with what hangs on them; and which never are."""

import uuid

import pytest

from tests.dataflows.steps import chosen
from tests.record.attacks import findings
from tests.retention.steps import call_of, days_ago, pruned, row, turn
from wizard.connections.models import BaseConnection, Call, Change, Submission
from wizard.connections.statuses import ChangeKind, ChangeStatus, Status
from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus, Selection
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.retention import batches


@pytest.fixture(autouse=True)
def thirty_days(settings):
    settings.KEEP_DELETED_DAYS = 30


@pytest.fixture
def newest(organization, alice):
    return row(organization, alice, Status.CONNECTED, days=0, name="Newest")


def resource(connection, person, status=ResourceStatus.MADE, **values):
    known = {"connection": connection, "kind": ResourceKind.FLOW, "name": "Flow", "status": status}
    return Resource.objects.create(created_by=person, asked_by=person, **(known | values))


def with_all(connection, person):
    """Everything that can hang on one."""
    chosen(connection, person)
    call_of(connection)
    source = resource(connection, person, kind=ResourceKind.SOURCE_CONNECTION)
    resource(connection, person, source=source)
    Submission.objects.create(pk=uuid.uuid4(), connection=connection)
    change = {"kind": ChangeKind.DELETE, "status": ChangeStatus.DONE, "revision": 0, "created_by": person}
    Change.objects.create(connection=connection, **change)
    return connection


def test_a_deleted_one_goes_with_all_that_hangs_on_it_but_its_events(organization, alice, settings):
    old = with_all(row(organization, alice), alice)
    newest = with_all(row(organization, alice, Status.CONNECTED, name="Newest"), alice)
    turn()

    assert list(BaseConnection.objects.all()) == [newest]
    for model in (Call, Change, Selection, Submission, Resource):
        assert {found.connection_id for found in model.objects.all()} == {newest.pk}
    assert Event.objects.filter(connection_id=old.pk, kind=Kind.COLUMNS_CHOSEN).exists()
    assert findings() == []


def test_whatever_refers_to_a_connection_is_thought_of():
    """A new table of that kind has to be removed with it, or to forbid it."""
    names = {related.related_model.__name__ for related in BaseConnection._meta.related_objects}
    assert names == {"Event", "Call", "Change", "Selection", "Submission", "Resource"}


def test_the_record_says_which_ones_they_were(organization, alice, newest):
    old = row(organization, alice, base_connection_id="b-1")
    row(organization, alice)
    oldest = row(organization, alice, days=200)
    BaseConnection.objects.filter(pk=newest.pk).delete()
    row(organization, alice, Status.CONNECTED, name="Newest")
    turn()

    said = pruned("connections")
    assert [event["removed"] for event in said] == [3]
    assert said[0]["connections"][0]["no"] == oldest.pk
    known = {"no": old.pk, "uuid": str(old.uuid), "name": "Orders", "base_connection_id": "b-1"}
    assert known in said[0]["connections"]
    event = Event.objects.get(kind=Kind.HISTORY_PRUNED)
    assert event.message == f"3 deleted or failed connections from before {days_ago(30):%Y-%m-%d}."


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.DELETED, Status.FAILED)])
def test_none_is_removed_that_may_exist_or_become_one(organization, alice, status):
    kept = row(organization, alice, status, days=5000)
    row(organization, alice, Status.CONNECTED, name="Newest")
    turn()

    assert BaseConnection.objects.filter(pk=kept.pk).exists()


def test_a_failed_one_goes_but_not_where_it_has_an_id_at_adobe(organization, alice, settings):
    row(organization, alice, Status.FAILED, name="Nothing was made")
    row(organization, alice, Status.FAILED, name="Something may be there", base_connection_id="b-1")
    row(organization, alice, Status.CONNECTED, name="Newest")
    turn()

    assert {found.name for found in BaseConnection.objects.all()} == {"Something may be there", "Newest"}


def test_what_is_younger_stays(organization, alice):
    row(organization, alice, days=29)
    row(organization, alice, Status.CONNECTED, name="Newest")
    turn()

    assert BaseConnection.objects.count() == 2


def test_what_is_under_way_about_it_keeps_it(organization, alice):
    for status in (ChangeStatus.APPROVAL, ChangeStatus.WAITING, ChangeStatus.SENDING, ChangeStatus.UNANSWERED):
        Change.objects.create(connection=row(organization, alice), kind=ChangeKind.EDIT, status=status, revision=0)
    for status in (ResourceStatus.WAITING, ResourceStatus.SENDING, ResourceStatus.UNKNOWN):
        resource(row(organization, alice), alice, status)
    row(organization, alice, Status.FAILED, test_status="pending")
    row(organization, alice, Status.CONNECTED, name="Newest")
    turn()

    assert BaseConnection.objects.count() == 9


def test_what_another_connections_dataflow_is_made_of_stays(organization, alice):
    owner, user = row(organization, alice), row(organization, alice, Status.CONNECTED, name="User")
    target = resource(owner, alice, kind=ResourceKind.TARGET_CONNECTION)
    resource(user, alice, target=target)
    turn()

    assert BaseConnection.objects.filter(pk=owner.pk).exists()


def test_the_newest_stays_lest_its_number_is_given_to_another(organization, alice):
    row(organization, alice), row(organization, alice)
    turn()

    assert BaseConnection.objects.count() == 1


def test_nothing_is_removed_unless_it_was_asked_for(organization, alice, settings, newest):
    settings.KEEP_DELETED_DAYS = 0
    row(organization, alice, days=5000)
    turn()

    assert BaseConnection.objects.count() == 2


def test_one_with_many_calls_loses_those_first(organization, alice, monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 4)
    old = row(organization, alice)
    row(organization, alice, Status.CONNECTED, name="Newest")
    for _ in range(10):
        call_of(old)
    told = []

    assert [batches.remove_connections(days_ago(30), told.append) for _ in range(4)] == [0, 0, 1, None]
    assert told == [1]


def test_the_activity_still_shows_its_events(signed_in, organization, alice):
    old = row(organization, alice)
    old.events.create(kind=Kind.DELETED, message="Gone at Adobe")
    row(organization, alice, Status.CONNECTED, name="Newest")
    turn()

    for path in ("/activity/", "/", "/admin/record/event/", f"/admin/record/event/{Event.objects.first().pk}/"):
        assert signed_in.get(path).status_code == 200
    shown = signed_in.get("/activity/").content.decode()
    assert "Gone at Adobe" in shown
    assert f"a removed connection, no. {old.pk}" in shown
    assert str(old.uuid) in signed_in.get("/activity/export.json").getvalue().decode()
    assert signed_in.get(old.get_absolute_url()).status_code == 404
