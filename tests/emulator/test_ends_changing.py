"""How source connections and target connections are found, changed and deleted, and by whom."""

from typing import Any

import pytest

from tests.emulator.dataflow import NOTHING, create_ends, source_body
from tests.emulator.ends import KINDS, made, patched, read
from tests.emulator.running import Emulator, as_other
from tests.emulator.service import POSTGRES, flow_code, postgres_body


@pytest.fixture
def base(emulator: Emulator) -> str:
    return str(emulator.create(postgres_body())["id"])


@pytest.mark.parametrize("kind", KINDS)
def test_both_kinds_have_no_action_but_publish(emulator: Emulator, base: str, kind: str) -> None:
    path = f"/{kind}/{made(emulator, kind, base)['id']}/action"
    found = [flow_code(emulator.call("POST", f"{path}?op={op}")) for op in ("enable", "explode", "publish")]
    assert found == ["1312-400", "1312-400", "1409-400"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_gives_a_new_etag_and_stales_the_old_one(emulator: Emulator, base: str, kind: str) -> None:
    item = made(emulator, kind, base)
    rename = {"op": "replace", "path": "/name", "value": "Mine"}
    answer = patched(emulator, kind, item, rename, {"op": "add", "path": "/params/filters", "value": {"type": "PQL"}})
    assert (answer.status_code, set(answer.json())) == (200, {"id", "etag"})
    new = read(emulator, kind, item["id"])
    assert (new["name"], new["params"]["filters"], new["etag"]) == ("Mine", {"type": "PQL"}, answer.json()["etag"])
    assert flow_code(patched(emulator, kind, item, rename)) == "1404-412"
    assert flow_code(emulator.call("PATCH", f"/{kind}/{item['id']}", json=[rename])) == "1403-400"


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "replace", "path": "/connectionSpec/id", "value": POSTGRES}, "1414-400"),
        ({"op": "replace", "path": "/baseConnectionId", "value": NOTHING}, "1434-400"),
        ({"op": "replace", "path": "/state", "value": "disabled"}, "1434-400"),
        ({"op": "replace", "path": "name", "value": "x"}, "1434-400"),
        ({"op": "replace", "path": "", "value": {}}, "1434-400"),
        ({"op": "move", "path": "/name", "value": "x"}, "1434-400"),
        ({"op": "remove", "path": "/params/nothing"}, "1455-400"),
        ({"op": "replace", "path": "/params/columns/7", "value": {}}, "1455-400"),
        ({"op": "replace", "path": "/params/columns/x", "value": {}}, "1455-400"),
        ({"op": "replace", "path": "/params/tableName/x", "value": {}}, "1455-400"),
        ({"op": "replace", "path": "/params/a/b", "value": {}}, "1455-400"),
        ({"op": "replace", "path": "/data/format", "value": "json"}, "1327-400"),
        ({"op": "replace", "path": "/data", "value": []}, "1312-400"),
        ({"op": "remove", "path": "/data"}, "1304-400"),
        ({"op": "remove", "path": "/name"}, "1304-400"),
        ({"op": "remove", "path": "/params/tableName"}, "1323-400"),
        ({"op": "replace", "path": "/name"}, "1455-400"),
    ],
)
def test_it_refuses_a_change_that_would_break_a_rule(
    emulator: Emulator, base: str, operation: dict[str, Any], code: str
) -> None:
    item = made(emulator, "sourceConnections", base)
    before = read(emulator, "sourceConnections", item["id"])
    response = patched(emulator, "sourceConnections", item, operation)
    assert (response.status_code, flow_code(response)) == (400, code)
    assert read(emulator, "sourceConnections", item["id"]) == before


def test_columns_are_changed_one_by_one(emulator: Emulator, base: str) -> None:
    item = made(emulator, "sourceConnections", base)
    path, column = "/params/columns", {"name": "total"}
    response = patched(
        emulator,
        "sourceConnections",
        item,
        {"op": "add", "path": f"{path}/-", "value": column},
        {"op": "add", "path": f"{path}/0", "value": {"name": "first"}},
        {"op": "replace", "path": f"{path}/1", "value": {"name": "second"}},
        {"op": "remove", "path": f"{path}/2"},
    )
    assert response.status_code == 200
    columns = read(emulator, "sourceConnections", item["id"])["params"]["columns"]
    assert columns == [{"name": "first"}, {"name": "second"}]


@pytest.mark.parametrize(
    ("query", "count"),
    [("baseConnectionId=={base}", 1), (f"connectionSpec.id=={POSTGRES}", 2), ("name==Events", 1), ("id=={base}", 0)],
)
def test_source_connections_are_found_by_what_they_are_built_on(
    emulator: Emulator, base: str, query: str, count: int
) -> None:
    other = emulator.create(postgres_body("Other"))["id"]
    emulator.create(source_body(base), "/sourceConnections")
    emulator.create(source_body(other, name="Events"), "/sourceConnections")
    path = f"/sourceConnections?property={query.format(base=base)}"
    assert len(emulator.call("GET", path).json()["items"]) == count
    assert emulator.call("GET", f"{path}&count=true").json() == {"count": count}


@pytest.mark.parametrize("kind", KINDS)
def test_pages_lead_through_all_of_them(emulator: Emulator, base: str, kind: str) -> None:
    ids = [made(emulator, kind, base)["id"] for _ in range(3)]
    first = emulator.call("GET", f"/{kind}?limit=2&orderby=createdAt").json()
    href = first["_links"]["next"]["href"]
    assert href.startswith(f"/{kind}?continuationToken=")
    rest = emulator.call("GET", href).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ids
    assert "_links" not in rest


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_their_organizations_and_sandboxes_alone(emulator: Emulator, base: str, kind: str) -> None:
    path = f"/{kind}/{made(emulator, kind, base)['id']}"
    other = as_other(emulator)
    elsewhere: dict[str, str | None] = {"x-sandbox-name": "dev"}
    for answer in (other.call("GET", path), other.call("DELETE", path), emulator.call("GET", path, headers=elsewhere)):
        assert (answer.status_code, flow_code(answer)) == (404, "1439-404")
        assert answer.json()["report"]["type"] == kind
    assert other.call("GET", f"/{kind}").json() == {"items": []}
    assert flow_code(other.call("POST", "/sourceConnections", json=source_body(base))) == "1439-400"
    other.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_deleted_one_is_gone(emulator: Emulator, base: str, kind: str) -> None:
    path = f"/{kind}/{made(emulator, kind, base)['id']}"
    assert (emulator.call("DELETE", path).status_code, emulator.call("GET", path).status_code) == (204, 404)
    assert flow_code(emulator.call("DELETE", path)) == "1439-404"


def test_a_base_connection_is_in_use_as_long_as_a_source_connection_is_built_on_it(emulator: Emulator) -> None:
    ends = create_ends(emulator)
    path = f"/connections/{ends.base}"
    response = emulator.call("DELETE", path)
    assert (response.status_code, flow_code(response)) == (400, "1418-400")
    assert response.json()["report"]["id"] == ends.base
    assert emulator.call("DELETE", f"/sourceConnections/{ends.source}").status_code == 204
    assert emulator.call("DELETE", path).status_code == 204
