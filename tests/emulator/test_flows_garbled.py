"""Bodies and queries that are almost right: each is answered, and none is an internal error."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emulator.dataflow import Ends, mapping_body, source_body, target_body
from tests.emulator.running import TENANT
from tests.emulator.service import postgres_body
from wizard.catalog.loader import load_catalog
from wizard.emulator.app import App
from wizard.emulator.messages import Request, Response
from wizard.emulator.store import Store

SERVICE, PREP = "/data/foundation/flowservice", "/data/foundation/conversion"
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


class Caller:
    """One who calls the app itself, without sockets."""

    def __init__(self, app: App) -> None:
        self._app = app
        form = (
            f"grant_type=client_credentials&scope=a&client_id={TENANT.client_id}&client_secret={TENANT.client_secret}"
        )
        form_type = {"content-type": "application/x-www-form-urlencoded"}
        issued = app.ims.issue(Request("POST", "/ims/token/v3", headers=form_type, body=form.encode()))
        self._headers = {
            "authorization": f"Bearer {issued.body['access_token']}",
            "x-api-key": TENANT.client_id,
            "x-gw-ims-org-id": TENANT.ims_org_id,
            "x-sandbox-name": TENANT.sandbox_name,
            "content-type": "application/json",
        }

    def call(self, method: str, target: str, body: object = None, etag: str = "") -> Response:
        headers = self._headers | {"if-match": etag}
        return self._app.handle(Request.read(method, target, headers, json.dumps(body).encode()))

    def create(self, path: str, body: object) -> str:
        return str(self.call("POST", path, body).body["id"])


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Caller:
    store = Store(tmp_path_factory.mktemp("garbled") / "flow_service.sqlite3")
    return Caller(App([TENANT], [spec.wire for spec in load_catalog().specs], store))


@pytest.fixture(scope="module")
def ends(caller: Caller) -> Ends:
    base = caller.create(f"{SERVICE}/connections", postgres_body())
    source = caller.create(f"{SERVICE}/sourceConnections", source_body(base))
    target = caller.create(f"{SERVICE}/targetConnections", target_body())
    return Ends(base, source, target, caller.create(f"{PREP}/mappingSets", mapping_body()))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in it, with each key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from places(inner)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), which=st.integers(0, 3), value=VALUES)
def test_with_any_value_in_any_place_a_body_is_taken_or_refused(
    caller: Caller, ends: Ends, data: st.DataObject, which: int, value: Any
) -> None:
    path, whole = [
        (f"{SERVICE}/sourceConnections", source_body(ends.base)),
        (f"{SERVICE}/targetConnections", target_body()),
        (f"{SERVICE}/flows", ends.body()),
        (f"{PREP}/mappingSets", mapping_body()),
    ][which]
    body = copy.deepcopy(whole)
    container, key = data.draw(st.sampled_from(list(places(body))))
    container[key] = value
    assert caller.call("POST", path, body).status in (200, 201, 400)
    assert caller.call("GET", f"{SERVICE}/flows?limit=1&orderby=name").status == 200


STEPS = [
    "name",
    "data",
    "format",
    "params",
    "columns",
    "0",
    "-",
    "transformations",
    "scheduleParams",
    "startTime",
    "~1",
]


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(["sourceConnections", "targetConnections", "flows"]),
    op=st.sampled_from(["add", "replace", "remove"]),
    steps=st.lists(st.sampled_from(STEPS) | st.text(max_size=4), min_size=1, max_size=4),
    value=VALUES,
)
def test_with_any_value_at_any_path_a_change_is_made_or_refused(
    caller: Caller, ends: Ends, kind: str, op: str, steps: list[str], value: Any
) -> None:
    body = {"sourceConnections": source_body(ends.base), "targetConnections": target_body()}.get(kind, ends.body())
    made = caller.call("POST", f"{SERVICE}/{kind}", body).body
    operation = {"op": op, "path": f"/{'/'.join(steps)}", "value": value}
    response = caller.call("PATCH", f"{SERVICE}/{kind}/{made['id']}", [operation], made["etag"])
    assert response.status in (200, 400)
    assert caller.call("GET", f"{SERVICE}/{kind}/{made['id']}").status == 200
    assert caller.call("DELETE", f"{SERVICE}/{kind}/{made['id']}").status == 204


NAMES = ["object", "preview", "previewCount", "sourceParams", "determineProperties", "fileType", "columnDelimiter"]
TEXTS = [
    "true",
    "sample.orders",
    "%2Fsample%20orders.csv",
    "delimited",
    "json",
    "gzip",
    "e30",
    "5",
    "%00",
    "%FF",
    "%22",
]


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(["root", "table", "folder", "file", "rest"]),
    query=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TEXTS) | st.text(max_size=5)), max_size=5),
    spec=st.sampled_from(["26f526f2-58f4-4712-961d-e41bf1ccc0e8", ""]),
)
def test_whatever_is_explored_is_shown_or_refused(
    caller: Caller, ends: Ends, kind: str, query: list[tuple[str, str]], spec: str
) -> None:
    path = f"/connectionSpecs/{spec}" if spec else f"/connections/{ends.base}"
    text = "&".join(f"{name}={value}" for name, value in query)
    assert caller.call("GET", f"{SERVICE}{path}/explore?objectType={kind}&{text}").status in (200, 400)
