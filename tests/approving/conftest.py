"""A sandbox that asks for approval, and people of every role beside the cast."""

import pytest

from tests.people.steps import browser_of
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection
from wizard.people.models import User


def person(email, organization, role, sandbox_name=""):
    found = User.objects.create_user(email, "correct horse battery")
    Grant.objects.create(person=found, organization=organization, role=role, sandbox_name=sandbox_name)
    return found


@pytest.fixture
def carol(organization):
    """Another connector."""
    return person("carol@example.com", organization, Role.CONNECTOR)


@pytest.fixture
def dave(organization):
    """An admin of the organization."""
    return person("dave@example.com", organization, Role.ADMIN)


@pytest.fixture
def vera(organization):
    """Sees everything there, and may do nothing."""
    return person("vera@example.com", organization, Role.VIEWER)


@pytest.fixture
def erin(organization):
    """A connector in another sandbox alone."""
    return person("erin@example.com", organization, Role.CONNECTOR, "elsewhere")


@pytest.fixture
def strict(organization):
    """The sandbox, which asks for approval."""
    sandbox = organization.sandboxes.get(is_default=True)
    sandbox.needs_approval = True
    sandbox.save()
    return sandbox


@pytest.fixture
def asked(strict, bob, filled):
    """A create that bob has asked for; keyword arguments change the form."""

    def ask(name="Orders", **changes):
        answer = browser_of(bob).post("/connect/postgres/", filled(name, **changes))
        assert answer.status_code == 302, answer.content.decode()
        return BaseConnection.objects.get(name=name)

    return ask
