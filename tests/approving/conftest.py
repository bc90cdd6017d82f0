"""A sandbox that asks for approval, and people of every role beside the cast."""

import pytest

from tests.people.steps import browser_of, person_with
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection


@pytest.fixture
def carol(organization):
    """Another connector."""
    return person_with(Role.CONNECTOR, organization, "carol@example.com")


@pytest.fixture
def dave(organization):
    """An admin of the organization."""
    return person_with(Role.ADMIN, organization, "dave@example.com")


@pytest.fixture
def vera(organization):
    """Sees everything there, and may do nothing."""
    return person_with(Role.VIEWER, organization, "vera@example.com")


@pytest.fixture
def erin(organization):
    """A connector in another sandbox alone."""
    return person_with(Role.CONNECTOR, organization, "erin@example.com", "elsewhere")


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
