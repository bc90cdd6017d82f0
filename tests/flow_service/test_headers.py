"""The headers of every call, exactly as they reach a server."""

import json
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest

from wizard.flow_service import FlowService, fetch_token

ID = "1a444165-3439-4c6a-9d6b-1c2a5b3e0001"
ANSWER = json.dumps(
    {
        **{"id": ID, "version": 0, "items": [{"id": ID}], "result": True, "sandboxes": []},
        **{"access_token": "t", "expires_in": 86399, "schema": {"columns": []}},
    }
).encode()
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def reply(connection: socket.socket, _: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nSet-Cookie: gateway=1\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
    connection.sendall(head + ANSWER)


def headers(request: bytes) -> dict[str, str]:
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    found = dict(line.split(": ", 1) for line in lines)
    assert len(found) == len(lines)
    assert UUID.fullmatch(found.pop("x-request-id"))
    return found


WRITES: dict[str, Callable[[FlowService], object]] = {
    "update_connection": lambda service: service.update_connection(ID, [{"op": "remove", "path": "/x"}], '"etag-1"'),
    "act_on_connection": lambda service: service.act_on_connection(ID, "disable"),
    "delete_connection": lambda service: service.delete_connection(ID),
}
CALLS: dict[str, Callable[[FlowService], object]] = {
    "explore_root": lambda service: service.explore_root(ID),
    "explore_folder": lambda service: service.explore_folder(ID, "/a"),
    "explore_table": lambda service: service.explore_table(ID, "a.b"),
    "explore_file": lambda service: service.explore_file(ID, "/a/b.csv", {}),
    "explore_records": lambda service: service.explore_records(ID, {}),
    "get_connection": lambda service: service.get_connection(ID),
    "list_connections": lambda service: list(service.list_connections()),
    "test_connection": lambda service: service.test_connection(ID),
    "list_connection_specs": lambda service: service.list_connection_specs(),
    "get_connection_spec": lambda service: service.get_connection_spec(ID),
    "list_sandboxes": lambda service: service.list_sandboxes(),
    "list_source_connections": lambda service: list(service.list_source_connections(base_connection_id=ID)),
    "list_target_connections": lambda service: list(service.list_target_connections()),
    "list_flows": lambda service: list(service.list_flows()),
    "find_flow_spec": lambda service: service.find_flow_spec("CRMToAEP"),
}
CREATES: dict[str, Callable[[FlowService], object]] = {
    "create_connection": lambda service: service.create_connection({"name": "Orders"}),
    "create_source_connection": lambda service: service.create_source_connection({"name": "Orders"}),
    "create_target_connection": lambda service: service.create_target_connection({"name": "Orders"}),
    "create_mapping_set": lambda service: service.create_mapping_set({"name": "Orders"}),
    "create_flow": lambda service: service.create_flow({"name": "Orders"}),
}


def expected(host: str) -> dict[str, str]:
    return {
        "Host": host,
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "User-Agent": "connection-wizard",
        "Authorization": "Bearer canary-token-1",
        "x-api-key": "practice-client",
        "x-gw-ims-org-id": "0123456789ABCDEF@AdobeOrg",
        "x-sandbox-name": "prod",
    }


@pytest.mark.parametrize("name", CALLS)
def test_every_read_carries_the_same_headers_and_no_cookie(
    serve: Callable[..., Any], client: Callable[..., FlowService], name: str
) -> None:
    served = serve(reply)
    flow_service = client(served.url)
    CALLS[name](flow_service)
    CALLS[name](flow_service)
    assert [headers(request) for _, request in served.requests] == [expected(served.host)] * 2


@pytest.mark.parametrize("name", CREATES)
def test_a_create_says_that_it_is_json(
    serve: Callable[..., Any], client: Callable[..., FlowService], name: str
) -> None:
    served = serve(reply)
    CREATES[name](client(served.url))
    more = {"Content-Type": "application/json", "Content-Length": "18", "Connection": "close"}
    assert headers(served.requests[0][1]) == expected(served.host) | more


def test_a_token_is_asked_for_by_a_form(serve: Callable[..., Any]) -> None:
    served = serve(reply)
    fetch_token(served.url, client_id="practice client", client_secret="a&b=c", scopes="openid,session", timeout=1)
    head, _, body = served.requests[0][1].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /ims/token/v3 HTTP/1.1\r\n")
    assert body == (
        b"grant_type=client_credentials&client_id=practice+client&client_secret=a%26b%3Dc&scope=openid%2Csession"
    )
    sent = headers(served.requests[0][1])
    assert sent["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in sent


@pytest.mark.parametrize("name", WRITES)
def test_a_change_says_that_it_is_json_and_a_patch_under_which_etag(
    serve: Callable[..., Any], client: Callable[..., FlowService], name: str
) -> None:
    served = serve(reply)
    WRITES[name](client(served.url))
    sent = headers(served.requests[0][1])
    assert sent["Content-Type"] == "application/json"
    assert sent.get("If-Match") == ('"etag-1"' if name == "update_connection" else None)
    assert sent["x-sandbox-name"] == "prod"


def test_every_method_is_among_these_calls() -> None:
    public = {name for name in dir(FlowService) if not name.startswith("_")}
    assert public == {*CALLS, *WRITES, *CREATES, "close"}
