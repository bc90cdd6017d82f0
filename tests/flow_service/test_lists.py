"""Lists: their pages, their filters, and where they end."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from wizard.flow_service import FlowService, NoAnswer, RemoteSandbox

BASE = "https://platform.adobe.io/data/foundation/flowservice"
ID = "1a444165-3439-4c6a-9d6b-1c2a5b3e0001"
SPEC = "74a1c565-4e59-48d7-9d67-7c03b8a13137"
CONNECTION = {"id": ID, "name": "Orders", "state": "enabled", "connectionSpec": {"id": SPEC, "version": "1.0"}}

Make = Callable[..., FlowService]


def queries(adobe: responses.RequestsMock) -> list[str]:
    return [urlsplit(str(call.request.url)).query for call in adobe.calls]


def test_it_follows_the_pages_of_a_list(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    href = "/connections?continuationToken=a+b%2Fc=="
    adobe.get(f"{BASE}/connections", json={"items": [CONNECTION], "_links": {"next": {"href": href}}})
    adobe.get(f"{BASE}/connections", json={"items": [CONNECTION | {"id": "b"}], "_links": {"next": {"href": ""}}})
    assert [item.id for item in flow_service.list_connections(limit=1)] == [ID, "b"]
    assert queries(adobe) == ["limit=1", "continuationToken=a+b%2Fc=="]


def test_a_link_leads_to_no_other_host_or_path(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    href = "https://evil.example/steal?continuationToken=x"
    adobe.get(f"{BASE}/connections", json={"items": [], "_links": {"next": {"href": href}}})
    adobe.get(f"{BASE}/connections", json={"items": []})
    assert list(flow_service.list_connections()) == []
    assert [str(call.request.url).partition("?")[0] for call in adobe.calls] == [f"{BASE}/connections"] * 2


@pytest.mark.parametrize("href", [7, "/connections", "/connections?a b", {"x": 1}])
def test_a_link_that_cannot_be_read_is_not_the_end_of_the_list(
    adobe: responses.RequestsMock, flow_service: FlowService, href: object
) -> None:
    adobe.get(f"{BASE}/connections", json={"items": [], "_links": {"next": {"href": href}}})
    with pytest.raises(NoAnswer):
        list(flow_service.list_connections())


def test_pages_that_lead_in_a_circle_come_to_an_end(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    adobe.get(f"{BASE}/connections", json={"items": [], "_links": {"next": {"href": "?continuationToken=x"}}})
    with pytest.raises(NoAnswer, match="no end"):
        list(flow_service.list_connections())
    assert len(adobe.calls) == 2


def test_pages_without_end_come_to_one(
    adobe: responses.RequestsMock, flow_service: FlowService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.flow_service.caller.MAX_PAGES", 3)
    numbers = iter(range(100))

    def page(_: object) -> tuple[int, dict[str, str], str]:
        return 200, {}, json.dumps({"items": [], "_links": {"next": {"href": f"?continuationToken={next(numbers)}"}}})

    adobe.add_callback(responses.GET, f"{BASE}/connections", callback=page)
    with pytest.raises(NoAnswer, match="no end"):
        list(flow_service.list_connections())
    assert len(adobe.calls) == 3


def test_it_asks_for_a_plain_name(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    adobe.get(f"{BASE}/connections", json={"items": [CONNECTION, CONNECTION | {"id": "b", "name": "Orders 2"}]})
    assert [item.id for item in flow_service.list_connections(name="Orders")] == [ID]
    assert queries(adobe) == ["property=name%3D%3D%22Orders%22&limit=100"]


def test_a_space_in_a_name_is_not_written_as_a_plus(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    adobe.get(f"{BASE}/connections", json={"items": []})
    assert list(flow_service.list_connections(name="Größe 1")) == []
    assert queries(adobe)[0].startswith("property=name%3D%3D%22Gr%C3%B6%C3%9Fe%201%22&")


@pytest.mark.parametrize("name", ['a"b', "a,b", "a\\b", "50%", "a+b", "a&b", ""])
def test_a_name_that_no_filter_can_hold_is_looked_for_here(
    adobe: responses.RequestsMock, flow_service: FlowService, name: str
) -> None:
    adobe.get(f"{BASE}/connections", json={"items": [CONNECTION, CONNECTION | {"id": "b", "name": name}]})
    assert [item.id for item in flow_service.list_connections(name=name)] == ["b"]
    assert queries(adobe) == ["limit=100"]


def test_it_looks_a_spec_up_by_filter(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    adobe.get(f"{BASE}/connectionSpecs", json={"items": [{"id": SPEC, "name": "postgres"}]})
    assert flow_service.list_connection_specs(spec_id=SPEC) == [{"id": SPEC, "name": "postgres"}]
    assert parse_qs(queries(adobe)[0]) == {"property": [f'id=="{SPEC}"']}


def test_it_lists_all_specs_without_a_query(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    adobe.get(f"{BASE}/connectionSpecs", json={"items": []})
    assert flow_service.list_connection_specs() == []
    assert str(adobe.calls[0].request.url) == f"{BASE}/connectionSpecs"


@pytest.mark.parametrize("item", [None, 7, "x", [], {}], ids=json.dumps)
def test_a_spec_that_is_none_is_listed_as_it_came(
    adobe: responses.RequestsMock, flow_service: FlowService, item: object
) -> None:
    adobe.get(f"{BASE}/connectionSpecs", json={"items": [item, {"id": SPEC}]})
    assert flow_service.list_connection_specs() == [item, {"id": SPEC}]


def test_the_list_of_specs_may_be_larger_than_other_answers(
    adobe: responses.RequestsMock, flow_service: FlowService
) -> None:
    specs = [{"id": SPEC, "text": "x" * 1024 * 1024}] * 9
    adobe.get(f"{BASE}/connectionSpecs", json={"items": specs})
    adobe.get(f"{BASE}/connectionSpecs/{SPEC}", json={"items": specs})
    assert flow_service.list_connection_specs() == specs
    with pytest.raises(NoAnswer, match="too large"):
        flow_service.get_connection_spec(SPEC)


def test_the_list_of_specs_is_bounded_too(
    adobe: responses.RequestsMock, flow_service: FlowService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.flow_service.client.CATALOG_LIMIT", 1000)
    adobe.get(f"{BASE}/connectionSpecs", json={"items": ["x" * 1000]})
    with pytest.raises(NoAnswer, match="too large"):
        flow_service.list_connection_specs()


def sandbox(name: str) -> dict[str, Any]:
    return {"name": name, "title": name.title(), "type": "development", "state": "active", "region": "VA7"}


def test_it_lists_the_sandboxes_page_by_page(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    url = "https://platform.adobe.io/data/foundation/sandbox-management/"
    adobe.get(url, json={"sandboxes": [sandbox(f"dev-{n}") for n in range(50)]})
    adobe.get(url, json={"sandboxes": [sandbox("prod") | {"isDefault": True, "eTag": 3}]})
    found = flow_service.list_sandboxes()
    assert (len(found), found[0].is_default) == (51, False)
    assert found[50] == RemoteSandbox("prod", "Prod", "development", "active", "VA7", is_default=True)
    assert queries(adobe) == ["limit=50&offset=0", "limit=50&offset=50"]


@pytest.mark.parametrize("answer", [[], {}, {"sandboxes": {}}, {"sandboxes": [{}]}, {"sandboxes": [{"name": "a b"}]}])
def test_it_does_not_guess_at_sandboxes(
    adobe: responses.RequestsMock, client: Callable[..., FlowService], answer: object
) -> None:
    adobe.get("https://elsewhere.example/sandboxes/", json=answer)
    with pytest.raises(NoAnswer):
        client("https://platform.adobe.io", sandboxes="https://elsewhere.example/sandboxes").list_sandboxes()
