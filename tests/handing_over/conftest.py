"""A connected shop, and columns of it that were chosen."""

import pytest

from tests.handing_over.filled import COLUMNS
from wizard.dataflows.bodies import lake_spec
from wizard.dataflows.models import ObjectType, Selection


@pytest.fixture
def shop(connected):
    return connected("Shop")


@pytest.fixture
def choose(shop, alice):
    def chosen(path="sample.orders", columns=COLUMNS, object_type=ObjectType.TABLE, **options):
        values = {"path": path, "columns": columns, "object_type": object_type, "options": options}
        return Selection.objects.choose(shop, alice, **values)

    return chosen


@pytest.fixture
def address(shop):
    return f"/connections/{shop.uuid}/next-steps/"


@pytest.fixture
def lake(shop):
    shop.connection_spec_id, shop.source = lake_spec().id, lake_spec().slug
    shop.save(update_fields=["connection_spec_id", "source"])
    return shop
