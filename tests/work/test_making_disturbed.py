"""A whole dataflow among faults that a seed decides: in the end all is made, and nothing but a mapping set twice."""

from random import Random

import pytest
from django.utils import timezone

from tests.dataflows.steps import FLOWS, MAPPINGS, SOURCES, TARGETS, dataflow_asked, fresh, source_asked, work
from wizard.dataflows import services
from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus
from wizard.organizations import breaker
from wizard.work import sweeping

FAULTS = (
    *({"kind": "lose_before"}, {"kind": "lose_after"}, {"kind": "garbage"}, {"kind": "drip", "interval": 0.05}),
    *({"kind": "status", "status": 503}, {"kind": "status", "status": 500}, {"kind": "throttle", "retry_after": 1}),
    {"kind": "status", "status": 400, "code": "1308-400"},
)
MATCHES = (SOURCES, TARGETS, MAPPINGS, FLOWS, {"method": "GET"}, {"path": "/ims/*"})


@pytest.mark.parametrize("seed", range(6))
def test_all_is_made_in_the_end_and_nothing_twice(connected, alice, flow_service, settings, seed):
    settings.FLOW_SERVICE_TIMEOUT = 1
    dice = Random(f"dataflow {seed}")  # noqa: S311 - no secret
    source = source_asked(connected(), alice)
    flow = dataflow_asked(source, alice)
    for turn in range(40):
        faults = [
            {**dice.choice(FAULTS), "match": dice.choice(MATCHES), "times": 1} for _ in range(2 if turn < 12 else 0)
        ]
        flow_service.set_faults(faults)
        work()
        _time_goes_by(alice, flow, source)
        if fresh(flow).status == ResourceStatus.MADE:
            break

    assert set(Resource.objects.values_list("status", flat=True)) == {"made"}
    flow_service.set_faults([])
    for match in (SOURCES, TARGETS, FLOWS):
        made = flow_service.call("GET", match["path"]).json()["items"]
        assert [item["id"] for item in made] == [_row_of(match).remote_id]


def _time_goes_by(person, *rows):
    """Every pause is over, the sweep comes by, and what failed is asked for once more."""
    Resource.objects.exclude(due_at=None).update(due_at=timezone.now())
    breaker.note_success(rows[0].organization)
    sweeping.sweep()
    for row in rows:
        if fresh(row).can_be_tried_again:
            services.try_again(person, fresh(row))


def _row_of(match):
    kinds = {SOURCES["path"]: ResourceKind.SOURCE_CONNECTION, TARGETS["path"]: ResourceKind.TARGET_CONNECTION}
    return Resource.objects.get(kind=kinds.get(match["path"], ResourceKind.FLOW))
