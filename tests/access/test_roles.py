"""What each role sees and does: in an organization, in one of its sandboxes, and nowhere else."""

import pytest

from tests.people.steps import browser_of
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.access.rules import may, role_in, sandboxes_for
from wizard.connections.models import BaseConnection
from wizard.organizations.models import Organization
from wizard.people.models import User


@pytest.fixture
def dev(organization):
    return organization.sandboxes.create(name="dev-team", title="Team")


@pytest.fixture
def give(organization, charlie):
    def give(role, sandbox_name=""):
        Grant.objects.update_or_create(
            person=charlie, organization=organization, sandbox_name=sandbox_name, defaults={"role": role}
        )
        client = browser_of(charlie)
        return client

    return give


def test_the_highest_of_several_roles_counts(organization, dev, charlie, give):
    give(Role.VIEWER)
    give(Role.CONNECTOR, "dev-team")

    assert role_in(charlie, organization, "dev-team") == Role.CONNECTOR
    assert role_in(charlie, organization, "prod") == role_in(charlie, organization) == Role.VIEWER
    assert list(sandboxes_for(charlie, Role.CONNECTOR)) == [dev]


def test_a_role_in_an_organization_says_nothing_of_another_one(organization, charlie, give):
    give(Role.ADMIN)
    other = Organization.objects.create(name="Other", ims_org_id="0E@AdobeOrg")
    other.sandboxes.create(name="prod")

    assert not may(charlie, Role.VIEWER, other, "prod")
    assert {sandbox.organization_id for sandbox in sandboxes_for(charlie)} == {organization.pk}


def test_somebody_without_a_role_sees_nothing_and_is_told_whom_to_ask(connected, client, charlie):
    connection = connected()
    client.force_login(charlie)

    home, history = client.get("/").text, client.get("/connections/").text
    assert "Ask an administrator" in home
    assert connection.name not in home + history
    assert "New connection" not in home
    assert client.get(f"/connections/{connection.uuid}/").status_code == 404
    assert client.get("/connect/").status_code == 403


def test_a_viewer_sees_connections_and_no_buttons(connected, give):
    connection = connected()
    viewer = give(Role.VIEWER)

    page = viewer.get(f"/connections/{connection.uuid}/").text
    assert connection.base_connection_id in page
    for words in ("Clone", ">Edit<", ">Test<", "Disable", "Delete"):
        assert words not in page
    assert connection.name in viewer.get("/").text
    assert connection.name in viewer.get("/connections/").text


def test_a_connector_does_all_but_delete(connected, give):
    connection = connected()
    connector = give(Role.CONNECTOR)

    page = connector.get(f"/connections/{connection.uuid}/").text
    assert ">Edit<" in page
    assert "Delete" not in page
    assert connector.post(f"/connections/{connection.uuid}/delete/", {"name": connection.name}).status_code == 403
    connection.refresh_from_db()
    assert not connection.changes.exists()


def test_a_role_in_one_sandbox_shows_and_makes_connections_there_alone(connected, filled, give, dev):
    in_prod = connected("In prod")
    in_dev = connected("In dev", target=str(dev.pk))
    connector = give(Role.CONNECTOR, "dev-team")

    listed = connector.get("/connections/").text
    assert in_dev.name in listed
    assert in_prod.name not in listed
    assert connector.get(f"/connections/{in_prod.uuid}/").status_code == 404
    assert connector.get(f"/connect/postgres/?clone={in_prod.uuid}").status_code == 404
    form = connector.get("/connect/postgres/").text
    assert f'value="{dev.pk}"' in form
    refused = connector.post("/connect/postgres/", filled("Smuggled"))
    assert refused.status_code == 422
    assert "Select a valid choice" in refused.text
    assert not BaseConnection.objects.asked_for().filter(name="Smuggled").exists()
    assert connector.post("/connect/postgres/", filled("Allowed", target=str(dev.pk))).status_code == 302


def test_a_draft_is_out_of_reach_once_the_role_is_gone(filled, give, charlie):
    connector = give(Role.CONNECTOR)
    fields = filled("Half", intent="draft")
    connector.post("/connect/postgres/", fields)
    draft = BaseConnection.objects.get(name="Half")
    give(Role.VIEWER)

    assert "Half" not in connector.get("/").text
    assert connector.get(f"/connections/{draft.uuid}/").status_code == 404
    assert connector.post("/connect/postgres/", {**fields, "intent": "create"}).status_code == 403


def test_a_search_and_a_filter_find_nothing_that_is_not_ones_own(connected, client, charlie):
    connection = connected()
    client.force_login(charlie)

    for query in (f"q={connection.name}", f"q={connection.base_connection_id}", "status=connected", "source=postgres"):
        assert f"/connections/{connection.uuid}/" not in client.get(f"/connections/?{query}").text


def test_the_rules_take_one_query_for_a_page_whatever_the_number_of_rows(
    connected, give, django_assert_max_num_queries
):
    viewer = give(Role.VIEWER)
    for number in range(5):
        connected(f"Number {number}")
    viewer.get("/connections/")
    with django_assert_max_num_queries(9):
        viewer.get("/connections/")


def test_a_former_member_keeps_the_role_of_a_connector(db):
    """What the migration gives to accounts from before there were roles."""
    from importlib import import_module

    from django.apps import apps

    organization = Organization.objects.create(name="Here", ims_org_id="AA@AdobeOrg")
    member = User.objects.create_user("old@example.com", "correct horse battery")
    admin = User.objects.create_user("boss@example.com", "correct horse battery", is_admin=True)
    import_module("wizard.access.migrations.0002_members_connect").give_roles(apps, None)

    assert role_in(member, organization) == Role.CONNECTOR
    assert not Grant.objects.filter(person=admin).exists()
