"""Two organizations at one Flow Service: each with its own credentials, and neither sees what the other has."""

import pytest

from tests.emulator.running import as_other
from tests.people.steps import browser_of
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.flow_service.errors import Refused
from wizard.organizations.services import flow_service as client_for
from wizard.work import submitting


@pytest.fixture
def made(signed_in, organization, second, filled):
    """A connection of the same name in each, as Adobe has accepted it."""
    found = []
    for where in (organization, second):
        target = str(where.sandboxes.get(name="prod").pk)
        assert signed_in.post("/connect/postgres/", filled("Orders", target=target)).status_code == 302
        connection = BaseConnection.objects.get(organization=where)
        submitting.submit(connection.pk)
        connection.refresh_from_db()
        assert connection.status == Status.CONNECTED
        found.append(connection)
    return found


def test_each_is_made_in_its_own_organization(made, flow_service, second):
    other = as_other(flow_service)
    for service, connection in zip((flow_service, other), made, strict=True):
        items = service.call("GET", "/connections").json()["items"]
        assert [item["id"] for item in items] == [connection.base_connection_id]
        assert items[0]["imsOrgId"] == connection.organization.ims_org_id
    other.close()


def test_neither_finds_the_others(made, organization, second):
    for where, foreign in ((second, made[0]), (organization, made[1])):
        with client_for(where, "prod") as client, pytest.raises(Refused) as caught:
            client.get_connection(foreign.base_connection_id)
        assert caught.value.says_gone


def test_who_is_an_admin_of_one_sees_nothing_of_the_other(made, olga):
    browser = browser_of(olga)
    foreign, own = (connection.get_absolute_url() for connection in made)

    assert browser.get(own).status_code == 200
    assert browser.get(foreign).status_code == 404
    assert foreign not in browser.get("/connections/").content.decode()
