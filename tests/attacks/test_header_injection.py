"""Header injection and response splitting: no text that anybody chose becomes a header line, ours or Adobe's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client

from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeKind
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError, NotSent
from wizard.organizations.models import Organization, Sandbox
from wizard.organizations.services import flow_service as client_for
from wizard.sources.models import LiveSpec
from wizard.work import changing, submitting

SPLITTING = (
    "prod\r\nX-Evil: 1",
    "prod\nX-Evil: 1",
    "prod\rX-Evil: 1",
    "prod\r\n\r\nGET /evil HTTP/1.1",
    "prod\0",
    "prod\x0bX",
    "prod\u010d\u010aX-Evil: 1",
    "pröd",
    "prod \t",
    "prod\u2028X",
    "漢字",
    "",
)
# PostgreSQL takes no NUL into a text.
STORABLE = [text for text in SPLITTING if database.vendor == "sqlite" or "\0" not in text]


def creates(flow_service: Any) -> list[Any]:
    return list(flow_service.requests("POST", "/connections"))


@pytest.mark.parametrize("name", STORABLE, ids=range(len(STORABLE)))
def test_a_sandboxs_name_that_cannot_stand_in_a_header_is_never_sent(
    asked_for: Callable[..., BaseConnection], flow_service: Any, name: str
) -> None:
    connection = asked_for()
    Sandbox.objects.update(name=name)
    BaseConnection.objects.update(sandbox_name=name)
    connection.refresh_from_db()
    # Bound to its sandbox, the credentials have to be sealed anew for this one.
    connection.seal("auth_params", {"connectionString": "x"})
    connection.save(update_fields=["auth_params"])
    submitting.submit(connection.pk)

    assert not creates(flow_service)
    assert not [seen for seen in flow_service.requests() if "evil" in str(seen).lower()]
    with pytest.raises(NotSent):
        client_for(connection.organization, name)


@pytest.mark.parametrize("field", ["ims_org_id", "client_id"])
@pytest.mark.parametrize("text", SPLITTING, ids=range(len(SPLITTING)))
def test_an_organizations_ids_that_cannot_stand_in_a_header_are_never_sent(
    organization: Organization, flow_service: Any, field: str, text: str
) -> None:
    setattr(organization, field, text)
    with pytest.raises(NotSent):
        client_for(organization, "prod")
    assert not flow_service.requests()


@pytest.mark.parametrize("etag", ['"1"\r\nX-Evil: 1', '"1"\nX', "\u010d\u010a", '"1"\0', "x" * 5000])
def test_an_etag_that_cannot_stand_in_a_header_is_none(etag: str) -> None:
    item = {"id": "x", "name": "Orders", "etag": etag, "version": etag}
    assert RemoteConnection.from_wire(item).etag == ""


@pytest.mark.parametrize(
    "text", ["../../ims/token", "x/../y", "x?op=delete", "x#", "x%2f..", "x y", "x\r\nX-Evil: 1", "", "."]
)
def test_an_id_leads_to_no_other_path(organization: Organization, flow_service: Any, text: str) -> None:
    with client_for(organization, "prod") as client:
        for ask in (
            client.get_connection,
            client.delete_connection,
            client.test_connection,
            client.explore_root,
            client.get_connection_spec,
            lambda found: client.list_connection_specs(spec_id=found),
            lambda found: client.update_connection(found, [], '"1"'),
            lambda found: client.act_on_connection(found, "enable"),
        ):
            with pytest.raises(ValueError, match="An id may hold"):
                ask(text)
    assert not flow_service.requests()


def test_a_row_whose_id_was_changed_in_the_database_reaches_nothing_else(
    connected: Callable[..., BaseConnection], flow_service: Any, alice: Any
) -> None:
    connection = connected()
    BaseConnection.objects.update(base_connection_id="../connectionSpecs")
    flow_service.clear_requests()
    change = Change(connection=connection, kind=ChangeKind.DELETE, revision=0, created_by=alice)
    change.seal("before", {})
    change.seal("wanted", {})
    change.save()
    with pytest.raises((ValueError, FlowServiceError)):
        changing.change(change.pk)

    assert not [seen for seen in flow_service.requests() if seen["method"] == "DELETE"]


def test_what_an_answer_says_in_its_links_is_asked_of_nobody_else(organization: Organization, monkeypatch: Any) -> None:
    """Of a link to the next page only the query counts."""
    asked: list[str] = []

    def get_url(_client: FlowService, url: str, read: Callable[[Any], Any], _limit: int | None = None) -> Any:
        asked.append(url)
        href = "https://evil.example.com/x?continuationToken=1" if len(asked) == 1 else ""
        return read({"items": [], "_links": {"next": {"href": href}}})

    monkeypatch.setattr(FlowService, "_get_url", get_url)
    with client_for(organization, "prod") as client:
        list(client.list_connections())

    assert len(asked) == 2
    assert "evil" not in "".join(asked)


@pytest.mark.parametrize("text", STORABLE, ids=range(len(STORABLE)))
def test_no_text_of_a_request_splits_our_answer(
    signed_in: Client, connected: Callable[..., BaseConnection], text: str
) -> None:
    connection = connected()
    BaseConnection.objects.filter(pk=connection.pk).update(name=text, source_label=text, sandbox_name=text)
    Organization.objects.update(name=text)
    paths = ("/", "/connections/", connection.get_absolute_url(), f"/connections/?q={text}", "/organizations/")
    headers = {"HX-Request": "true", "HX-Target": text, "HX-Current-URL": text, "X-Request-Id": text, "Referer": text}
    for path in paths:
        for sent in ({}, headers):
            answer = signed_in.get(path, headers=sent)
            assert answer.status_code == 200
            for name, value in answer.items():
                assert value.isprintable(), (path, name, value)
                assert value.isascii(), (path, name, value)
                assert "evil" not in f"{name}{value}".lower()
    assert not LiveSpec.objects.exists()
