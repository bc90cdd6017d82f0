"""A house with one connection that is made, and one that waits."""

import pytest

from wizard.vault import canary


@pytest.fixture
def house(connected, asked_for):
    canary.ensure(is_new=True)
    connected("Orders")
    asked_for("Customers")
