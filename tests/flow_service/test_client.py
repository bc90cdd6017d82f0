"""What goes over the wire for each method, and what is made of the answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import responses

from wizard.flow_service import Created, FlowService, NoAnswer, NotSent, Refused, RemoteConnection

BASE = "https://platform.adobe.io/data/foundation/flowservice"
ID = "1a444165-3439-4c6a-9d6b-1c2a5b3e0001"
SPEC = "74a1c565-4e59-48d7-9d67-7c03b8a13137"
ETAG = '"5b04c219-0000-0200-0000-5e179c8f0000"'
CONNECTION = {
    "id": ID,
    "createdAt": 1767225600123,
    "name": "Orders",
    "description": "All orders",
    "connectionSpec": {"id": SPEC, "version": "1.0"},
    "state": "enabled",
    "auth": {"specName": "x", "params": {"username": "alice"}},
    "version": ETAG,
    "etag": ETAG,
}
BODY = {
    "name": "Ordërs ☃",
    "auth": {
        "specName": "Connection String Based Authentication",
        "params": {"connectionString": "Server=db;UID=alice;Password=s3cret"},
    },
    "connectionSpec": {"id": SPEC, "version": "1.0"},
}

Make = Callable[..., FlowService]


def test_it_creates_a_connection_from_the_body_as_it_is(
    adobe: responses.RequestsMock, flow_service: FlowService
) -> None:
    adobe.post(f"{BASE}/connections", json={"id": ID, "etag": ETAG}, status=201)
    assert flow_service.create_connection(BODY) == Created(ID, ETAG)
    assert json.loads(adobe.calls[0].request.body or b"") == BODY


@pytest.mark.parametrize("etag", [None, 7, "bad\r\nheader", "é", '"' * 300])
def test_a_created_connection_is_not_lost_over_its_etag(
    adobe: responses.RequestsMock, flow_service: FlowService, etag: object
) -> None:
    adobe.post(f"{BASE}/connections", json={"id": ID, "etag": etag}, status=201)
    assert flow_service.create_connection(BODY) == Created(ID, "")


@pytest.mark.parametrize(
    "answer",
    ["", "not json", "[]", "null", "7", "{}", '{"id":7}', '{"id":"../x"}', '{"id":""}', "[" * 100_000, "\udcff"],
)
def test_a_create_answered_with_something_else_is_unknown(
    adobe: responses.RequestsMock, flow_service: FlowService, answer: str
) -> None:
    adobe.post(f"{BASE}/connections", body=answer.encode(errors="surrogateescape"), status=201)
    with pytest.raises(NoAnswer) as caught:
        flow_service.create_connection(BODY)
    assert caught.value.status == 201


def test_before_send_comes_after_the_token_and_before_the_request(adobe: responses.RequestsMock, client: Make) -> None:
    story: list[str] = []

    def received(_: object) -> tuple[int, dict[str, str], str]:
        story.append("request")
        return 201, {}, json.dumps({"id": ID})

    def token(_: str | None) -> str:
        story.append("token")
        return "t"

    adobe.add_callback(responses.POST, f"{BASE}/connections", callback=received)
    flow_service = client("https://platform.adobe.io", token=token)
    flow_service.create_connection(BODY, before_send=lambda: story.append("noted"))
    assert story == ["token", "noted", "request"]


def test_nothing_is_sent_when_before_send_fails(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    def fail() -> None:
        raise LookupError("the row is gone")

    with pytest.raises(LookupError):
        flow_service.create_connection(BODY, before_send=fail)
    assert len(adobe.calls) == 0


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "tökén"])
def test_an_unusable_token_is_not_sent(adobe: responses.RequestsMock, client: Make, token: str) -> None:
    noted: list[str] = []
    flow_service = client("https://platform.adobe.io", token=lambda _: token)
    with pytest.raises(NotSent):
        flow_service.create_connection(BODY, before_send=lambda: noted.append("x"))
    assert (noted, len(adobe.calls)) == ([], 0)


@pytest.mark.parametrize(
    "answer", [{"items": [CONNECTION]}, [CONNECTION], CONNECTION], ids=["envelope", "array", "object"]
)
def test_it_reads_a_connection(adobe: responses.RequestsMock, flow_service: FlowService, answer: object) -> None:
    adobe.get(f"{BASE}/connections/{ID}", json=answer)
    assert flow_service.get_connection(ID) == RemoteConnection(
        id=ID,
        name="Orders",
        state="enabled",
        etag=ETAG,
        connection_spec_id=SPEC,
        created_at=datetime(2026, 1, 1, 0, 0, 0, 123000, tzinfo=UTC),
        description="All orders",
        auth_params={"username": "alice"},
    )


def test_it_reads_a_connection_that_is_still_initializing(
    adobe: responses.RequestsMock, flow_service: FlowService
) -> None:
    adobe.get(f"{BASE}/connections/{ID}", json={"items": [{"id": ID, "state": "initializing", "createdAt": 10**30}]})
    connection = flow_service.get_connection(ID)
    assert (connection.state, connection.etag, connection.description) == ("initializing", "", "")
    assert connection.created_at is None


@pytest.mark.parametrize(
    "answer", [{"items": []}, {"items": [CONNECTION, CONNECTION]}, {"items": {}}, {"items": [CONNECTION | {"name": 7}]}]
)
def test_it_does_not_guess_at_a_connection(
    adobe: responses.RequestsMock, flow_service: FlowService, answer: object
) -> None:
    adobe.get(f"{BASE}/connections/{ID}", json=answer)
    with pytest.raises(NoAnswer):
        flow_service.get_connection(ID)


@pytest.mark.parametrize("hostile", ["", "../x", "a/b", "a?b", "a#b", "a%2f", "a b", "é", "a\n", ".."])
def test_an_id_that_cannot_be_one_reaches_no_url(
    adobe: responses.RequestsMock, flow_service: FlowService, hostile: str
) -> None:
    methods = (
        flow_service.get_connection,
        flow_service.test_connection,
        flow_service.get_connection_spec,
        lambda text: flow_service.list_connection_specs(spec_id=text),
    )
    for method in methods:
        with pytest.raises(ValueError, match="id"):
            method(hostile)
    assert len(adobe.calls) == 0


@pytest.mark.parametrize("result", [True, False])
def test_it_tests_a_connection(adobe: responses.RequestsMock, flow_service: FlowService, result: bool) -> None:
    adobe.get(f"{BASE}/connections/{ID}/test", json={"result": result})
    assert flow_service.test_connection(ID) is result


@pytest.mark.parametrize("answer", [{}, {"result": "true"}, {"result": None}, [True]])
def test_a_test_without_a_result_is_no_success(
    adobe: responses.RequestsMock, flow_service: FlowService, answer: object
) -> None:
    adobe.get(f"{BASE}/connections/{ID}/test", json=answer)
    with pytest.raises(NoAnswer):
        flow_service.test_connection(ID)


def test_it_reads_one_spec(adobe: responses.RequestsMock, flow_service: FlowService) -> None:
    adobe.get(f"{BASE}/connectionSpecs/{SPEC}", json={"items": [{"id": SPEC, "authSpec": []}]})
    assert flow_service.get_connection_spec(SPEC) == {"id": SPEC, "authSpec": []}


def test_a_get_that_is_unauthorized_is_repeated_once_with_another_token(
    adobe: responses.RequestsMock, client: Make
) -> None:
    adobe.get(f"{BASE}/connections/{ID}/test", status=401)
    asked: list[str | None] = []

    def token(stale: str | None) -> str:
        asked.append(stale)
        return f"token-{len(asked)}"

    with pytest.raises(Refused) as caught:
        client("https://platform.adobe.io", token=token).test_connection(ID)
    assert caught.value.status == 401
    assert asked == [None, "token-1"]
    assert [call.request.headers["Authorization"] for call in adobe.calls] == ["Bearer token-1", "Bearer token-2"]


def test_a_create_that_is_unauthorized_is_not_repeated(
    adobe: responses.RequestsMock, flow_service: FlowService
) -> None:
    adobe.post(f"{BASE}/connections", status=401, json={"error_code": "401013", "message": "Oauth token is not valid"})
    with pytest.raises(Refused) as caught:
        flow_service.create_connection(BODY)
    assert (caught.value.code, len(adobe.calls)) == ("401013", 1)


@pytest.mark.parametrize("name", ["ims_org_id", "client_id", "sandbox_name"])
@pytest.mark.parametrize("value", ["", "a b", "a\r\nX: y", "é"])
def test_it_takes_no_header_value_that_is_none(name: str, value: str) -> None:
    values = {"ims_org_id": "A@AdobeOrg", "client_id": "c", "sandbox_name": "prod"} | {name: value}
    with pytest.raises(ValueError, match="visible ASCII"):
        FlowService(BASE, **values, token=lambda _: "t", timeout=1)


def test_it_is_a_context_manager(adobe: responses.RequestsMock, client: Make) -> None:
    adobe.get(f"{BASE}/connections/{ID}/test", json={"result": True})
    with client("https://platform.adobe.io") as flow_service:
        assert flow_service.test_connection(ID) is True
