"""Mapping sets are Data Prep's: trouble there says nothing about the Flow Service."""

import pytest

from tests.dataflows.steps import MAPPINGS, dataflow_asked, fresh, later, source_asked, work
from tests.organizations.trouble import opened
from wizard.dataflows.models import ResourceStatus
from wizard.work import making


@pytest.fixture
def mapping(connected, alice):
    row = dataflow_asked(source_asked(connected(), alice), alice).mapping
    work_without(row)
    return fresh(row)


def work_without(mapping):
    """All but the mapping set is made."""
    later(mapping, status=ResourceStatus.FAILED)
    work()
    return later(mapping, status=ResourceStatus.WAITING)


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "lose_before"}])
def test_its_trouble_holds_back_nothing_that_goes_to_the_flow_service(mapping, alice, flow_service, fault):
    flow_service.set_faults([{**fault, "match": MAPPINGS}])
    for _ in range(4):
        later(mapping, due_at=None)
        making.make(mapping.pk)

    assert fresh(mapping).put_backs == 4
    other = source_asked(mapping.connection, alice, name="Another")
    making.make(other.pk)
    assert fresh(other).status == ResourceStatus.MADE


def test_one_that_probes_lets_the_next_one_probe(mapping, alice, flow_service, organization):
    opened(organization)
    type(organization).objects.update(probe_at=mapping.created_at)
    flow_service.set_faults([{"kind": "status", "status": 503, "match": MAPPINGS}])
    making.make(mapping.pk)

    other = source_asked(mapping.connection, alice, name="Another")
    making.make(other.pk)
    assert fresh(other).status == ResourceStatus.MADE
