"""What reaches the Flow Service for each source equals the body that Adobe documents, key for key."""

import pytest

from tests.values.documented import DOCUMENTED
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.emulator.journal import digest
from wizard.work import submitting

HEADERS = {"authorization", "content-type", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name"}


@pytest.mark.parametrize("slug", DOCUMENTED)
def test_the_body_is_the_documented_one(signed_in, organization, filled, flow_service, slug):
    typed, body = DOCUMENTED[slug]
    base = {name: value for name, value in filled().items() if not name.startswith("auth.params.")}
    response = signed_in.post(f"/connect/{slug}/", {**base, **typed, "name": body["name"]})
    assert response.status_code == 302, response.content.decode()
    connection = BaseConnection.objects.get()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status == Status.CONNECTED
    (request,) = flow_service.requests("POST", "/connections")
    assert request["body"] == sealed(body)
    assert request["query"] == []
    assert {name.lower() for name in request["headers"]} >= HEADERS


PART = "auth.params.connectionString."


@pytest.mark.parametrize(
    ("slug", "changes", "string"),
    [
        (
            "postgres",
            {PART + "ENCRYPTION_METHOD": "6", PART + "VALIDATE_SERVER_CERTIFICATE": "0"},
            "Server=db.example.com;Database=shop;Port=5432;UID=reader;Password=pw-1;"
            "EncryptionMethod=6;ValidateServerCertificate=0",
        ),
        (
            "sql-server",
            {PART + "INSTANCE_NAME": ""},
            "Data Source=db.example.com;Initial Catalog=shop;Integrated Security=False;User ID=reader;Password=pw-1;",
        ),
    ],
)
def test_optional_parts_are_sent_as_documented(signed_in, organization, filled, flow_service, slug, changes, string):
    fields = {**filled("With options", description="For the shop"), **DOCUMENTED[slug][0], **changes}
    assert signed_in.post(f"/connect/{slug}/", fields).status_code == 302
    submitting.submit(BaseConnection.objects.get().pk)

    (request,) = flow_service.requests("POST", "/connections")
    assert request["body"]["description"] == "For the shop"
    assert request["body"]["auth"]["params"] == {"connectionString": digest(string)}


def test_the_dataset_spec_is_looked_up_first(signed_in, organization, filled, flow_service):
    base = {name: value for name, value in filled("Lake").items() if not name.startswith("auth")}
    signed_in.post("/connect/dataset/", base)
    submitting.submit(BaseConnection.objects.get().pk)

    calls = [(request["method"], request["path"].rpartition("/")[2]) for request in flow_service.requests()]
    assert calls[-2:] == [("GET", "connectionSpecs"), ("POST", "connections")]
    look_up = flow_service.requests("GET", "/connectionSpecs")[0]
    assert look_up["query"] == [["property", 'id=="c604ff05-7f1a-43c0-8e18-33bf874cb11c"']]


def sealed(body):
    """The body as the local Flow Service notes it: secrets as their digests."""
    if "auth" not in body:
        return body
    params = {
        name: digest(value) if name in ("connectionString", "password") else value
        for name, value in body["auth"]["params"].items()
    }
    return {**body, "auth": {**body["auth"], "params": params}}
