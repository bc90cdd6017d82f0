"""Who asked for something has lost the role, or the account, before it was sent: it is not sent any more."""

import pytest

from tests.approving.steps import browser_of, creates
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeStatus, Status
from wizard.people.models import User
from wizard.work import changing, submitting


@pytest.fixture(params=["closed", "taken", "lowered"])
def lose(request, organization):
    def act(person):
        if request.param == "closed":
            User.objects.filter(pk=person.pk).update(is_active=False)
        elif request.param == "taken":
            person.grants.all().delete()
        else:
            person.grants.update(role=Role.VIEWER)

    return act


def test_a_create_of_somebody_who_may_not_connect_any_more_is_not_sent(bob, filled, lose, flow_service):
    browser_of(bob).post("/connect/postgres/", filled())
    connection = BaseConnection.objects.get()
    lose(bob)
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert connection.status == Status.FAILED
    assert "bob@example.com asked for this, and may not do so here any more" in connection.error_message
    assert creates(flow_service) == 0


def test_another_person_can_send_it_in_their_own_name(bob, filled, signed_in, lose, flow_service):
    browser_of(bob).post("/connect/postgres/", filled())
    connection = BaseConnection.objects.get()
    lose(bob)
    submitting.submit(connection.pk)
    signed_in.post(f"/connect/postgres/?again={connection.uuid}", filled())
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    assert connection.status == Status.CONNECTED


def test_a_change_of_somebody_who_may_not_make_it_any_more_is_not_sent(bob, connected, lose, flow_service):
    connection = connected()
    before = len(flow_service.requests("POST"))
    browser_of(bob).post(f"{connection.get_absolute_url()}switch/", {"op": "disable"})
    lose(bob)
    changing.change(Change.objects.get().pk)
    assert Change.objects.get().status == ChangeStatus.FAILED
    assert len(flow_service.requests("POST")) == before


def test_a_delete_of_somebody_who_is_no_admin_any_more_is_not_sent(bob, connected, organization, flow_service):
    connection = connected()
    Grant.objects.filter(person=bob).update(role=Role.ADMIN)
    browser_of(bob).post(f"{connection.get_absolute_url()}delete/", {"name": connection.name})
    Grant.objects.filter(person=bob).update(role=Role.CONNECTOR)
    changing.change(Change.objects.get().pk)
    assert Change.objects.get().status == ChangeStatus.FAILED
    assert flow_service.requests("DELETE") == []
