"""Changes of a connection of which nothing is kept, or references only: they meet others, and get lost, as any."""

import pytest

from tests.changing.steps import edited, elsewhere, send
from wizard.connections.models import Change
from wizard.connections.statuses import ChangeStatus
from wizard.emulator.journal import digest
from wizard.vault.secret import Secret

NAME, OTHER = "WAREHOUSE_PASSWORD", "LAKE_PASSWORD"
PREFIX = "auth.params."
WAY = {"server": "db.example.com", "port": "5432", "database": "shop", "username": "reader", "sslMode": "Require"}
FIELDS = {"auth.specName": "basic-azure", **{PREFIX + name: value for name, value in WAY.items()}}
CHOICE, PASSWORD, REFERENCE = f"choice.{PREFIX}password", f"{PREFIX}password", f"reference.{PREFIX}password"
AGAIN = {"nothing": {CHOICE: "replace", PASSWORD: "typed-pw"}, "references": {CHOICE: "replace", REFERENCE: OTHER}}
SENT = {"nothing": "typed-pw", "references": "other-pw"}


@pytest.fixture(params=["nothing", "references"])
def kept(request, connected, settings, monkeypatch):
    """A connection, and how it is kept."""
    settings.SECRET_REFERENCES = [NAME, OTHER]
    monkeypatch.setenv(NAME, "first-pw")
    monkeypatch.setenv(OTHER, "other-pw")
    by_name = {REFERENCE: NAME, PASSWORD: ""}
    given = by_name if request.param == "references" else {PASSWORD: "first-pw"}
    return connected("Kept", keeps=request.param, **FIELDS, **given), request.param


def edit(client, connection, **changes):
    client.post(f"{connection.get_absolute_url()}edit/", edited(connection, **changes))
    return Change.objects.last()


def theirs(flow_service, connection, name, value):
    elsewhere(flow_service, connection, [{"op": "replace", "path": f"/auth/params/{name}", "value": value}])


def params_at(flow_service, connection):
    return flow_service.read(connection.base_connection_id)["auth"]["params"]


def sent(flow_service):
    """The values of the last edit, by their paths, as the local Flow Service keeps them: as digests."""
    return {operation["path"]: operation["value"] for operation in flow_service.requests("PATCH")[-1]["body"]}


def holds_nothing(connection):
    connection.refresh_from_db()
    return connection.auth_params is None or connection.unseal("auth_params") == Secret({})


def test_mine_is_applied_on_top_of_theirs(signed_in, kept, flow_service):
    connection, keeps = kept
    theirs(flow_service, connection, "username", "their-user")
    change = send(edit(signed_in, connection, **{PREFIX + "database": "mine"}, **AGAIN[keeps]))
    assert change.status == ChangeStatus.CONFLICT
    assert holds_nothing(connection)

    signed_in.post(f"{connection.get_absolute_url()}changes/{change.uuid}/", {"intent": "apply"})
    change = send(Change.objects.last())
    assert change.status == ChangeStatus.DONE, change.error_message
    found = params_at(flow_service, connection)
    assert (found["username"], found["database"]) == ("their-user", "mine")
    assert sent(flow_service)["/auth/params/password"] == digest(SENT[keeps])
    assert (holds_nothing(connection), change.wanted) == (True, None)


def test_a_lost_answer_is_read_back(signed_in, kept, flow_service, monkeypatch):
    connection, keeps = kept
    flow_service.set_faults([{"kind": "lose_after", "match": {"method": "PATCH"}, "times": 1}])
    change = send(edit(signed_in, connection, **{PREFIX + "database": "mine"}, **AGAIN[keeps]))
    assert change.status == ChangeStatus.UNANSWERED

    # To see that it was done, no reference has to lead anywhere.
    monkeypatch.delenv(OTHER)
    assert send(change).status == ChangeStatus.DONE
    assert sent(flow_service)["/auth/params/password"] == digest(SENT[keeps])
    assert holds_nothing(connection)
    assert connection.unseal("form_values").open()[PREFIX + "database"] == "mine"


def test_what_somebody_else_changes_is_taken_over_without_a_copy_of_the_credentials(signed_in, kept, flow_service):
    connection, _ = kept
    theirs(flow_service, connection, "database", "theirs")
    signed_in.post(f"{connection.get_absolute_url()}switch/", {"op": "disable"})
    send(Change.objects.last())

    assert holds_nothing(connection)
    assert connection.unseal("form_values").open()[PREFIX + "database"] == "theirs"


def test_a_deleted_one_forgets_the_rest(signed_in, kept):
    connection, _ = kept
    signed_in.post(f"{connection.get_absolute_url()}delete/", {"name": connection.name})
    send(Change.objects.last())

    connection.refresh_from_db()
    assert (connection.status, connection.auth_params) == ("deleted", None)
    html = signed_in.get(connection.get_absolute_url()).content.decode()
    assert "No copy of the credentials" not in html
    assert "Their values are not kept here" not in html
