"""Every page needs as many queries with ten times the rows, and as many as the documentation says."""

import os

import pytest
from django.db import connection as database

from tests.access.queries import PAGE, WRITE, counted, multiply, page
from tests.access.world import World

FEW = 3


@pytest.fixture
def world(connected, organization):
    return World(organization, connected())


def test_a_page_needs_no_more_queries_for_ten_times_the_rows(world):
    multiply(world, FEW)
    few = counted(world)
    multiply(world, 9 * FEW)
    many = counted(world)

    more = [f"{name}: {few[name][1]}, then {many[name][1]}" for name in few if few[name] != many[name]]
    assert not more, "\n".join(more)
    if os.environ.get(WRITE):
        PAGE.write_text(page(few))
    # PostgreSQL takes several parts of a list by one query.
    assert database.vendor != "sqlite" or PAGE.read_text() == page(few)
