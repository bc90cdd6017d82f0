"""From a base connection to a dataflow, by the client: against the local Flow Service, and against odd answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from tests.emulator.dataflow import COPY, SCHEMA, TABLES, create_ends, mapping_body, schedule, source_body, target_body
from tests.emulator.running import Emulator, running_emulator
from tests.emulator.service import POSTGRES, postgres_body
from wizard.flow_service import FlowService, NoAnswer, Refused
from wizard.flow_service.dataflow_items import FlowSpec, MappingSet
from wizard.flow_service.datatypes import Created

BASE = "https://platform.adobe.io/data/foundation/flowservice"
CREATES = {
    "create_source_connection": "/sourceConnections",
    "create_target_connection": "/targetConnections",
    "create_mapping_set": "/data/foundation/conversion/mappingSets",
    "create_flow": "/flows",
}
CONVERSION = "https://platform.adobe.io/data/foundation/conversion"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture
def there(emulator: Emulator) -> Iterator[FlowService]:
    emulator.set_faults([])
    emulator.clear_requests()
    with FlowService(
        emulator.flow_service_url,
        ims_org_id=emulator.org,
        client_id=emulator.client_id,
        sandbox_name=emulator.sandbox,
        token=lambda _: emulator.token,
        timeout=5,
    ) as client:
        yield client


@pytest.fixture
def base(emulator: Emulator) -> str:
    return str(emulator.create(postgres_body())["id"])


def made_flow(there: FlowService, base: str, name: str) -> tuple[str, str, Created]:
    source = there.create_source_connection(source_body(base)).id
    target = there.create_target_connection(target_body()).id
    mapping, spec = there.create_mapping_set(mapping_body()), there.find_flow_spec("CRMToAEP")
    assert spec
    params = {"mappingId": mapping.id, "mappingVersion": mapping.version}
    flow = there.create_flow(
        {
            "name": name,
            "flowSpec": {"id": spec.id, "version": spec.version},
            "sourceConnectionIds": [source],
            "targetConnectionIds": [target],
            "transformations": [COPY, {"name": "Mapping", "params": params}],
            "scheduleParams": schedule(),
        }
    )
    return source, target, flow


def test_it_makes_all_that_a_dataflow_needs_and_finds_it_again(there: FlowService, base: str) -> None:
    source, target, flow = made_flow(there, base, "Every quarter")

    (found_source,) = there.list_source_connections(base_connection_id=base)
    assert (found_source.id, found_source.connection_spec_id) == (source, POSTGRES)
    (found_target,) = [found for found in there.list_target_connections() if found.id == target]
    assert found_target.dataset_id == "6019e0e7c5dcf718db5ebc71"
    (found,) = there.list_flows(source_connection_ids=[source])
    assert (found.id, found.etag, found.name, found.state) == (flow.id, flow.etag, "Every quarter", "enabled")
    assert (found.source_connection_ids, found.target_connection_ids) == ((source,), (target,))
    assert found.created_at
    assert found.created_by


def test_a_create_is_noted_before_it_is_sent(there: FlowService, emulator: Emulator, base: str) -> None:
    noted: list[int] = []
    there.create_source_connection(
        source_body(base), before_send=lambda: noted.append(len(emulator.requests("POST", "/sourceConnections")))
    )
    assert noted == [0]
    (request,) = emulator.requests("POST", "/sourceConnections")
    assert (request["body"]["name"], request["body"]["baseConnectionId"]) == ("Orders", base)


@pytest.mark.parametrize(("method", "path"), CREATES.items())
@pytest.mark.parametrize("kind", ["lose_before", "lose_after", "garbage"])
def test_a_create_without_an_answer_is_not_sent_again(
    there: FlowService, emulator: Emulator, method: str, path: str, kind: str
) -> None:
    ends = create_ends(emulator)
    bodies = (source_body(ends.base), target_body(), mapping_body(), ends.body())
    body = next(body for body, name in zip(bodies, CREATES, strict=True) if name == method)
    emulator.clear_requests()
    emulator.set_faults([{"kind": kind, "match": {"method": "POST", "path": path}}])
    with pytest.raises(NoAnswer):
        getattr(there, method)(body)
    assert len(emulator.requests("POST", path)) == 1


def test_what_the_flow_service_refuses_keeps_its_code(there: FlowService) -> None:
    with pytest.raises(Refused) as caught:
        there.create_source_connection(source_body("00000000-0000-0000-0000-000000000000"))
    assert caught.value.code == "1439-400"


def test_those_of_another_base_connection_or_name_are_not_listed(
    there: FlowService, emulator: Emulator, base: str
) -> None:
    other = emulator.create(postgres_body("Other"))["id"]
    for parent, name in ((base, "A"), (base, 'B "quoted", by comma'), (other, "A")):
        there.create_source_connection(source_body(parent, name=name))
    assert [found.name for found in there.list_source_connections(base_connection_id=base)] == [
        "A",
        'B "quoted", by comma',
    ]
    assert len(list(there.list_source_connections(base_connection_id=base, name='B "quoted", by comma'))) == 1
    with pytest.raises(ValueError, match="id"):
        list(there.list_source_connections(base_connection_id='x"'))


def test_dataflows_are_found_by_name_and_by_many_sources(there: FlowService, emulator: Emulator, base: str) -> None:
    source, _, first = made_flow(there, base, "One, of two")
    other, _, second = made_flow(there, base, "Two")
    assert [flow.id for flow in there.list_flows(name="One, of two")] == [first.id]
    emulator.clear_requests()
    many = [f"source-{number}" for number in range(60)]
    found = list(there.list_flows(source_connection_ids=[source, *many, other]))
    assert [flow.id for flow in found] == [first.id, second.id]
    assert len(emulator.requests("GET", "/flows")) == 2
    assert list(there.list_flows(source_connection_ids=[])) == []


def test_a_flow_spec_is_found_by_its_whole_name_or_not_at_all(there: FlowService) -> None:
    assert there.find_flow_spec("CRMToAEP") == FlowSpec(TABLES, "1.0", "CRMToAEP")
    assert there.find_flow_spec("CRMTo") is None


def test_a_mapping_set_is_made_beside_the_flow_service(
    adobe: responses.RequestsMock, flow_service: FlowService
) -> None:
    adobe.post(f"{CONVERSION}/mappingSets", json={"id": "abc", "version": 3})
    assert flow_service.create_mapping_set(mapping_body()) == MappingSet("abc", 3)
    assert json.loads(adobe.calls[0].request.body or b"")["xdmSchema"] == SCHEMA


@pytest.mark.parametrize("answer", [{}, {"id": "a"}, {"id": "a", "version": "0"}, {"id": "a", "version": True}, []])
def test_a_mapping_set_without_a_version_is_none(
    adobe: responses.RequestsMock, flow_service: FlowService, answer: object
) -> None:
    adobe.post(f"{CONVERSION}/mappingSets", json=answer)
    with pytest.raises(NoAnswer):
        flow_service.create_mapping_set(mapping_body())


def test_only_documented_filters_are_sent(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    for kind in ("sourceConnections", "targetConnections", "flows", "flowSpecs"):
        adobe.get(f"{BASE}/{kind}", json={"items": []})
    list(flow_service.list_source_connections(base_connection_id="a", name="x"))
    list(flow_service.list_target_connections(name="x"))
    list(flow_service.list_flows(source_connection_ids=["a", "b"], name="x"))
    flow_service.find_flow_spec("CRMToAEP")
    asked = [parse_qs(urlsplit(str(call.request.url)).query).get("property", []) for call in adobe.calls]
    assert asked == [
        ["baseConnectionId==a"],
        [],
        ["sourceConnectionIds[]==a,b", 'name=="x"'],
        ['name=="CRMToAEP"'],
    ]


def test_what_is_listed_may_lack_all_but_its_id(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    adobe.get(f"{BASE}/flows", json={"items": [{"id": "a", "sourceConnectionIds": [1, None, "s"]}]})
    (flow,) = flow_service.list_flows()
    assert replace(flow, source_connection_ids=()) == replace(flow, source_connection_ids=(), name="", etag="")
    assert (flow.source_connection_ids, flow.target_connection_ids, flow.created_at) == (("s",), (), None)
