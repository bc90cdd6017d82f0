"""A form that is half filled in, and the draft that is kept of it."""

import pytest

from tests.connecting.pages import HTMX, PART, URL
from wizard.connections.models import BaseConnection


@pytest.fixture
def half_filled(filled):
    """A form that somebody is still filling in; keyword arguments change fields."""

    def fill(name="Orders", **changes):
        return filled(name, **{"intent": "draft", "shown.specName": "connection-string", **changes})

    return fill


@pytest.fixture
def draft(signed_in, half_filled):
    """Alice's draft, without a name and a database."""
    signed_in.post(URL, half_filled("", **{PART + "DATABASE": ""}), headers=HTMX)
    return BaseConnection.objects.get()
