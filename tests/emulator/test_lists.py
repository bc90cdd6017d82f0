"""Filters, order and pages of GET /connections."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.running import Emulator, running_emulator
from tests.emulator.service import dataset_body, flow_code, postgres_body

NAMES = ["pear", "Apple", "fig", 'say "hi"', "a,b", "pear", "ünïcode %41+"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Seven connections; no test changes them."""
    with running_emulator(tmp_path_factory.mktemp("lists")) as running:
        for name in NAMES:
            running.create(postgres_body(name, description=f"about {name}"))
        yield running


def found(emulator: Emulator, *filters: str, **parameters: str) -> list[str]:
    response = emulator.call("GET", "/connections", params={"property": list(filters), **parameters})
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


def pages(emulator: Emulator, **parameters: str) -> Iterator[list[dict[str, Any]]]:
    path, options = "/connections", {"params": parameters}
    seen: set[str] = set()
    while path:
        assert path not in seen
        seen.add(path)
        body = emulator.call("GET", path, **options).json()
        yield body["items"]
        path, options = body.get("_links", {}).get("next", {}).get("href", ""), {}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (["name==fig"], ["fig"]),
        (['name=="fig"'], ["fig"]),
        (['name=="a,b"'], ["a,b"]),
        (['name=="say "hi""'], ['say "hi"']),
        (['name=="ünïcode %41+"'], ["ünïcode %41+"]),
        (["name==fig,Apple"], ["Apple", "fig"]),
        (['name=="fig","a,b"'], ["fig", "a,b"]),
        (["name==pear", "state==enabled"], ["pear", "pear"]),
        (["name==pear", "state==disabled"], []),
        (["connectionSpec.id==74a1c565-4e59-48d7-9d67-7c03b8a13137", "name==fig"], ["fig"]),
        (["auth.specName==Connection String Based Authentication", "name==fig"], ["fig"]),
        (["description==about fig"], ["fig"]),
        (["name>f", "name<=pear"], ["pear", "fig", "pear"]),
        (["createdAt>=1", "name==fig"], ["fig"]),
        (["createdAt<1"], []),
        (["createdAt==soon"], []),
        (["auth.params.nothing==x"], []),
        (["name==pear,fig", "name==fig,Apple"], ["fig"]),
        (["name>=pear", "name==pear,fig"], ["pear", "pear"]),
        (["name[]==fig"], ["fig"]),
        (["name==FIG"], []),
        (["name==fig\0"], []),
        ([f"name==fig{',x' * 600}"], ["fig"]),
    ],
)
def test_filters_select(shop: Emulator, filters: list[str], names: list[str]) -> None:
    assert found(shop, *filters) == names


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"property": "name"}, "1448-400"),
        ({"property": 'name="fig"'}, "1448-400"),
        ({"property": "colour==red"}, "1449-400"),
        ({"property": "name=="}, "1450-400"),
        ({"property": "name==a,"}, "1450-400"),
        ({"property": "name~fig"}, "1440-400"),
        ({"property": "createdAt>1,2"}, "1443-400"),
        ({"limit": "0"}, "1450-400"),
        ({"limit": "-1"}, "1450-400"),
        ({"limit": "many"}, "1450-400"),
        ({"count": "perhaps"}, "1450-400"),
        ({"orderby": "name;drop"}, "1432-400"),
        ({"orderby": "colour"}, "1433-400"),
        ({"continuationToken": "nonsense"}, "1454-400"),
        ({"continuationToken": "é"}, "1454-400"),
        ({"continuationToken": ""}, "1454-400"),
        ({"start": "1"}, "1451-400"),
    ],
)
def test_it_refuses_a_list_that_it_does_not_understand(shop: Emulator, parameters: dict[str, str], code: str) -> None:
    response = shop.call("GET", "/connections", params=parameters)
    assert (response.status_code, flow_code(response)) == (400, code)


@pytest.mark.parametrize(("orderby", "reverse"), [("name", False), ("+name", False), ("-name", True)])
@pytest.mark.parametrize("limit", ["1", "2", "3", "100"])
def test_pages_show_each_connection_once_and_in_order(shop: Emulator, orderby: str, reverse: bool, limit: str) -> None:
    shown = list(pages(shop, orderby=orderby, limit=limit))
    assert all(len(page) <= int(limit) for page in shown)
    assert [item["name"] for page in shown for item in page] == sorted(NAMES, reverse=reverse)
    assert len({item["id"] for page in shown for item in page}) == len(NAMES)


def test_pages_keep_their_filter(shop: Emulator) -> None:
    names = [item["name"] for page in pages(shop, property="name==pear,fig", limit="1") for item in page]
    assert names == ["pear", "fig", "pear"]


def test_the_link_to_the_next_page_is_relative_and_holds_the_token_alone(shop: Emulator) -> None:
    body = shop.call("GET", "/connections?limit=3").json()
    assert body["_links"]["next"]["href"].startswith("/connections?continuationToken=")
    assert "&" not in body["_links"]["next"]["href"]


def test_the_last_page_has_no_link(shop: Emulator) -> None:
    assert "_links" not in shop.call("GET", f"/connections?limit={len(NAMES)}").json()


def test_a_count_counts_what_passes_the_filter(shop: Emulator) -> None:
    assert shop.call("GET", "/connections?count=true&property=name==pear").json() == {"count": 2}
    assert len(shop.call("GET", "/connections?count=false&limit=2").json()["items"]) == 2


def test_a_page_goes_on_after_its_last_item_was_deleted(emulator: Emulator) -> None:
    ids = [emulator.create(dataset_body(name))["id"] for name in "abcd"]
    first = emulator.call("GET", "/connections?limit=2").json()
    emulator.call("DELETE", f"/connections/{ids[1]}")
    second = emulator.call("GET", first["_links"]["next"]["href"]).json()
    assert [item["name"] for item in second["items"]] == ["c", "d"]


def test_a_page_token_survives_a_restart(tmp_path: Path) -> None:
    with running_emulator(tmp_path) as emulator:
        for name in "abc":
            emulator.create(dataset_body(name))
        href = emulator.call("GET", "/connections?limit=2").json()["_links"]["next"]["href"]
    with running_emulator(tmp_path) as emulator:
        assert [item["name"] for item in emulator.call("GET", href).json()["items"]] == ["c"]
