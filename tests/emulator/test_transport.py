"""The socket: strange requests get an answer in JSON, and the service goes on."""

import json
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulator.running import TENANT, Emulator, running_emulator
from tests.emulator.service import POSTGRES, basic_auth, postgres_body
from wizard.catalog.loader import load_catalog
from wizard.emulator.app import App
from wizard.emulator.messages import Request, parse_json
from wizard.emulator.store import Store

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["name", "description", "auth", "connectionSpec", "specName", "params", "id", "version", "op", "path", "value"]
NAMED = st.dictionaries(
    st.sampled_from(FIELDS), JSON | st.just(POSTGRES) | st.dictionaries(st.sampled_from(FIELDS), JSON)
)
BODIES = (NAMED | JSON | st.lists(NAMED, max_size=3)).map(lambda value: json.dumps(value).encode()) | st.binary()
OPERATION = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "move"])},
    optional={
        "path": st.sampled_from(["/name", "/description", "/auth/params", "/auth/params/server", "/auth"]) | st.text(),
        "value": JSON | st.text() | st.just(basic_auth()["params"]),
    },
)
OPERATIONS = st.lists(OPERATION, max_size=4).map(lambda value: json.dumps(value).encode())
PATHS = st.sampled_from(
    [
        *("/connections", "/connections/x", "/connections/x/action", "/connectionSpecs", "/connections//"),
        *("/sourceConnections", "/targetConnections/x", "/flows", "/flows/x/action", "/flowSpecs", "/runs"),
    ]
)
QUERIES = st.text() | st.lists(
    st.tuples(st.sampled_from(["property", "limit", "orderby", "count", "continuationToken", "mode", "op"]), st.text())
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
LIFE = st.sampled_from(["", "/test", "/explore?objectType=", "/explore?", "/action?op=", "/action?op=enable&x="])
METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD"])


def raw(emulator: Emulator, data: bytes) -> bytes:
    """What comes back when these bytes are sent and nothing more follows."""
    port = int(emulator.ims_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def test_unknown_paths_and_methods_are_answered_in_json(emulator: Emulator) -> None:
    for method, path, status in [
        ("GET", "/nothing", 404),
        ("PUT", "/connections", 405),
        ("OPTIONS", "/connections", 405),
    ]:
        response = emulator.call(method, path, json={})
        assert (response.status_code, response.json()["status"]) == (status, status)
    assert emulator.session.get(f"{emulator.ims_url}/", timeout=10).json()["status"] == 404


def test_a_strange_method_is_405_in_json(emulator: Emulator) -> None:
    answer = raw(emulator, b"BREW /connections HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 405


def test_a_body_that_is_too_long_is_413(emulator: Emulator) -> None:
    head = b"POST /data/foundation/flowservice/connections HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"
    assert raw(emulator, head).startswith(b"HTTP/1.1 413 ")
    response = emulator.call("POST", "/connections", json=postgres_body("x" * 1_000_000))
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: many", b"400"),
        (b"Content-Length: 99", b"400"),
        (b"Content-Length: " + b"9" * 5000, b"413"),
        (b"\r\n".join(b"X-%d: 1" % number for number in range(200)), b"431"),
    ],
)
def test_it_refuses_a_body_of_unknown_length_and_too_many_headers(
    emulator: Emulator, header: bytes, status: bytes
) -> None:
    answer = raw(emulator, b"POST /ims/token/v3 HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\nabc")
    assert answer.split(b" ")[1] == status
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == int(status)


def test_one_connection_serves_many_requests(emulator: Emulator) -> None:
    request = b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    assert raw(emulator, request * 3).count(b"HTTP/1.1 404 ") == 3


def test_a_request_id_that_is_well_formed_comes_back(emulator: Emulator) -> None:
    response = emulator.call("GET", "/connections/none", headers={"x-request-id": "my-own-id"})
    assert response.headers["x-request-id"] == response.json()["report"]["request-id"] == "my-own-id"
    response = emulator.call("GET", "/connections/none", headers={"x-request-id": "not an id!"})
    assert response.headers["x-request-id"] != "not an id!"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_no_bytes_stop_it(emulator: Emulator, data: bytes) -> None:
    raw(emulator, data + b"\r\n\r\n")
    assert emulator.session.get(f"{emulator.ims_url}/", timeout=10).status_code == 404


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    store = Store(tmp_path_factory.mktemp("fuzz") / "flow_service.sqlite3")
    return App([TENANT], [spec.wire for spec in load_catalog().specs], store)


@pytest.fixture(scope="module")
def token(app: App) -> str:
    credentials = f"client_id={TENANT.client_id}&client_secret={TENANT.client_secret}"
    form = f"grant_type=client_credentials&scope=a&{credentials}".encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return str(app.ims.issue(Request("POST", "/ims/token/v3", headers=headers, body=form)).body["access_token"])


@settings(max_examples=200, deadline=None)
@given(method=METHODS, path=PATHS, query=QUERIES, body=BODIES, if_match=st.text())
def test_whatever_is_sent_is_no_internal_error(
    app: App, token: str, method: str, path: str, query: str, body: bytes, if_match: str
) -> None:
    headers = {
        "authorization": f"Bearer {token}",
        "x-api-key": TENANT.client_id,
        "x-gw-ims-org-id": TENANT.ims_org_id,
        "x-sandbox-name": TENANT.sandbox_name,
        "content-type": "application/json",
        "if-match": if_match,
    }
    response = app.handle(Request.read(method, f"/data/foundation/flowservice{path}?{query}", headers, body))
    assert response.status in (200, 201, 204, 400, 404, 405, 412)
    assert json.loads(response.content() or b"{}") is not None


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"name": ' * 900 + b"1" + b"}" * 900, b"1" * 10_000, b'{"name": "\\ud800"}'],
)
def test_json_that_is_hard_to_digest_is_refused(tmp_path: Path, body: bytes) -> None:
    with running_emulator(tmp_path) as emulator:
        response = emulator.call("POST", "/connections", data=body, headers={"Content-Type": "application/json"})
        assert response.status_code == 400
        assert len(emulator.requests("POST", "/connections")) == 1


@pytest.mark.parametrize("body", [b"1e999", b'{"port": [-1e400]}', b"NaN", b"-Infinity"])
def test_no_number_comes_in_that_could_not_go_out_again(body: bytes) -> None:
    with pytest.raises(ValueError, match="JSON"):
        parse_json(body)


@settings(max_examples=200, deadline=None)
@given(method=METHODS, rest=LIFE, query=st.text() | st.sampled_from(["root", "publish"]), body=OPERATIONS | BODIES)
def test_whatever_is_done_to_a_connection_is_no_internal_error(
    app: App, token: str, method: str, rest: str, query: str, body: bytes
) -> None:
    root = "/data/foundation/flowservice/connections"
    headers = {
        "authorization": f"Bearer {token}",
        "x-api-key": TENANT.client_id,
        "x-gw-ims-org-id": TENANT.ims_org_id,
        "x-sandbox-name": TENANT.sandbox_name,
        "content-type": "application/json",
    }
    create = json.dumps(postgres_body(auth=basic_auth())).encode()
    made = app.handle(Request.read("POST", root, headers, create)).body
    target = f"{root}/{made['id']}{rest}{query if rest.endswith('=') else ''}"
    response = app.handle(Request.read(method, target, headers | {"if-match": made["etag"]}, body))
    assert response.status in (200, 204, 400, 404, 405, 412)
    read = app.handle(Request.read("GET", f"{root}/{made['id']}", headers, b""))
    assert read.status == (404 if response.status == 204 else 200)
    assert "canary-secret" not in read.content().decode()
