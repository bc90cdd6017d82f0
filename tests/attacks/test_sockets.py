"""Sockets lead to the configured hosts alone: by no redirect, past no proxy, and to no host that stands in a field."""

import socket
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.attacks.servers import listening
from tests.catalog.specs import ID, live_spec, way
from tests.changing.steps import edited, send
from tests.emulator.running import Emulator
from wizard.administering.checking import check_organization
from wizard.connections.models import BaseConnection, Change
from wizard.flow_service.errors import FlowServiceError
from wizard.organizations.models import Organization
from wizard.organizations.services import flow_service as client_for
from wizard.sources.sync import sync_specs
from wizard.work import following, submitting, testing

PART = "auth.params.connectionString."
INSIDE = (
    "169.254.169.254",
    "metadata.google.internal",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "0.0.0.0",  # noqa: S104
    "2130706433",
    "0x7f.1",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_HELO",
    "http://169.254.169.254/latest/meta-data/",
    "\\\\attacker.example.com\\share",
    "//attacker.example.com/share",
    "attacker.example.com",
    "ldap://attacker.example.com/x",
    "${jndi:ldap://attacker.example.com/x}",
)


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, int]]:
    """Every host and port that this process looks up or connects to."""
    found: set[tuple[str, int]] = set()
    look_up, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex

    def noting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                found.add((str(address[0]), int(address[1])))
            return original(self, address)

        return call

    def noted_look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        found.add((str(host), int(port or 0)))
        return look_up(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", noted_look_up)
    monkeypatch.setattr(socket.socket, "connect", noting(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", noting(connect_ex))
    return found


def port_of(flow_service: Emulator) -> int:
    return int(flow_service.base_url.rpartition(":")[2])


def checked(connection: BaseConnection) -> None:
    connection.ask_for_test(connection.created_by)
    testing.run_test(connection.pk)


def test_a_whole_story_reaches_the_configured_host_and_no_other(
    reached: set[tuple[str, int]], connected: Callable[..., BaseConnection], by_key: BaseConnection, signed_in: Client
) -> None:
    connection = connected("Story")
    checked(connection)
    signed_in.post(f"{by_key.get_absolute_url()}edit/", edited(by_key, name="Renamed"))
    send(Change.objects.get())
    for step in ({"op": "disable"}, {"op": "enable"}):
        connection.refresh_from_db()
        signed_in.post(f"{connection.get_absolute_url()}switch/", step)
        send(Change.objects.latest("pk"))
    sync_specs(connection.organization)
    check_organization(connection.organization)
    connection.refresh_from_db()
    signed_in.post(f"{connection.get_absolute_url()}delete/", {"name": connection.name})
    send(Change.objects.latest("pk"))
    signed_in.post(f"/organizations/{connection.organization.uuid}/check/")

    port = int(settings.FLOW_SERVICE_URL.split("/")[2].rpartition(":")[2])
    assert reached == {("127.0.0.1", port)}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_by_any_call(
    connected: Callable[..., BaseConnection], asked_for: Callable[..., BaseConnection], settings: Any, status: int
) -> None:
    connection, waiting = connected(), asked_for("Waiting")
    with listening() as trap, listening(lambda _line: (status, {"Location": f"{trap.url}/stolen"}, b"{}")) as leading:
        settings.FLOW_SERVICE_URL = f"{leading.url}/data/foundation/flowservice"
        settings.SANDBOX_MANAGEMENT_URL = f"{leading.url}/data/foundation/sandbox-management"
        submitting.submit(waiting.pk)
        checked(connection)
        following.follow(connection.pk)
        check_organization(connection.organization)
        sync_specs(connection.organization)
        with client_for(connection.organization, "prod") as client:
            for ask in (
                lambda: client.get_connection("x"),
                lambda: client.update_connection("x", [{"op": "replace", "path": "/name", "value": "y"}], '"1"'),
                lambda: client.act_on_connection("x", "enable"),
                lambda: client.delete_connection("x"),
                lambda: client.explore_root("x"),
                client.list_sandboxes,
                lambda: list(client.list_connections()),
            ):
                with pytest.raises(FlowServiceError):
                    ask()
        settings.IMS_URL = leading.url
        Organization.objects.update(token_expires_at=None, access_token=None)
        connection.organization.refresh_from_db()
        check_organization(connection.organization)

        paths = {line.split()[1].partition("?")[0] for line in leading.calls}
        assert {"/ims/token/v3", "/data/foundation/sandbox-management/"} <= paths
        assert {line.split()[0] for line in leading.calls} == {"GET", "POST", "PATCH", "DELETE"}
        assert trap.calls == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_adobe_is_reached_through_the_proxy_and_never_past_it(
    organization: Organization, settings: Any, monkeypatch: Any, reached: set[tuple[str, int]], scheme: str
) -> None:
    with listening(lambda _line: (502, {}, b"{}")) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "")
        settings.FLOW_SERVICE_URL = f"{scheme}://platform.invalid/data/foundation/flowservice"
        settings.SANDBOX_MANAGEMENT_URL = f"{scheme}://platform.invalid/data/foundation/sandbox-management"
        settings.IMS_URL = f"{scheme}://ims.invalid"
        check_organization(organization)
        settings.ACCESS_TOKEN, settings.IMS_ORG_ID = "ready", organization.ims_org_id
        with client_for(organization, "prod") as client, pytest.raises(FlowServiceError):
            client.get_connection("x")

        assert {host for host, _ in reached} == {"127.0.0.1"}, "nobody but the proxy looks the names up"
        assert {port for _, port in reached} == {proxy.port}
        asked = "".join(proxy.calls)
        for host in ("ims.invalid", "platform.invalid"):
            assert (f"CONNECT {host}:443" if scheme == "https" else f"http://{host}/") in asked


def test_a_host_that_the_environment_excepts_is_reached_past_the_proxy(
    organization: Organization, settings: Any, monkeypatch: Any, reached: set[tuple[str, int]]
) -> None:
    with listening() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "platform.invalid")
        monkeypatch.setenv("no_proxy", "platform.invalid")
        settings.FLOW_SERVICE_URL = "http://platform.invalid/data/foundation/flowservice"
        with client_for(organization, "prod") as client, pytest.raises(FlowServiceError):
            client.get_connection("x")

        assert not [line for line in proxy.calls if "platform.invalid" in line]
        assert ("platform.invalid", 80) in reached


def test_this_machine_is_never_reached_through_a_proxy(
    connected: Callable[..., BaseConnection], monkeypatch: Any
) -> None:
    with listening() as proxy:
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "")
        assert connected("Near").status == "connected"
        assert proxy.calls == []


@pytest.mark.parametrize("host", INSIDE)
def test_a_host_in_a_field_is_adobes_to_reach_and_not_ours(
    signed_in: Client, filled: Callable[..., dict[str, str]], flow_service: Emulator, reached: set[Any], host: str
) -> None:
    """Created, checked as a draft, pasted, previewed, tested: our own sockets go to the Flow Service."""
    for intent in ("preview", "draft", "check", "create"):
        form = filled("Inside", intent=intent, **{f"{PART}SERVER": host, f"{PART}DATABASE": host})
        signed_in.post("/connect/postgres/", {**form, "pasted": ""})
    pasted = {"intent": "paste", "pasted": f"postgresql://u:p@{host}/x?sslrootcert={host}"}
    signed_in.post("/connect/postgres/", {**filled("Pasted"), **pasted})
    for row in BaseConnection.objects.all():
        submitting.submit(row.pk)
        following.follow(row.pk)
        row.refresh_from_db()
        checked(row)
        signed_in.get(row.get_absolute_url())

    assert reached == {("127.0.0.1", port_of(flow_service))}


def test_an_address_in_a_live_spec_or_an_answer_is_not_asked(
    signed_in: Client, organization: Organization, flow_service: Emulator
) -> None:
    with listening() as trap:
        schema = {"$ref": f"{trap.url}/schema.json", "$schema": f"{trap.url}/draft", "$id": f"{trap.url}/id"}
        properties = {"host": {"type": "string", "format": "uri", **schema}, "key": {"$dynamicRef": f"{trap.url}/x"}}
        links = {"_links": {"self": {"href": f"{trap.url}/self"}, "next": {"href": f"{trap.url}/next"}}}
        attributes = {"isSource": True, "documentationLink": trap.url, "icon": f"{trap.url}/icon.svg", "logo": trap.url}
        item = live_spec(way(**properties), attributes=attributes, **links, **schema)
        item["authSpec"][0]["spec"] |= schema
        flow_service.set_specs([item])
        sync_specs(organization)
        target = str(organization.sandboxes.get(is_default=True).pk)
        fixed = {"submission_id": str(uuid.uuid4()), "intent": "create", "name": "Spec", "target": target}
        signed_in.get(f"/connect/{ID}/")
        signed_in.post(f"/connect/{ID}/", {**fixed, "auth.specName": "key", "auth.params.host": trap.url})
        for row in BaseConnection.objects.asked_for():
            submitting.submit(row.pk)

        assert trap.calls == []


def test_the_sockets_of_other_threads_are_noted_too(reached: set[tuple[str, int]]) -> None:
    """Else the tests above would prove nothing."""
    with listening() as server:
        thread = threading.Thread(target=lambda: socket.create_connection(("127.0.0.1", server.port)).close())
        thread.start()
        thread.join()

        assert ("127.0.0.1", server.port) in reached
