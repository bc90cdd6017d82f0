"""An edit: what the form asks, what goes over the wire, and what is kept."""

import pytest

from tests.changing.steps import edited, send
from tests.conftest import CANARY
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeStatus, Finding, Status
from wizard.emulator.journal import digest
from wizard.record.kinds import Kind
from wizard.work import submitting

PASSWORD = "auth.params.password"
PART = "auth.params.connectionString."


def edit(client, connection, **changes):
    return client.post(f"{connection.get_absolute_url()}edit/", edited(connection, **changes))


def patches(flow_service):
    return [request["body"] for request in flow_service.requests("PATCH")]


def test_only_what_is_different_is_sent_by_its_key_and_under_the_etag(signed_in, by_key, flow_service):
    assert edit(signed_in, by_key, **{"auth.params.database": "shop2", "description": "All"}).status_code == 302
    change = send(Change.objects.get())

    assert change.status == ChangeStatus.DONE
    (request,) = flow_service.requests("PATCH")
    assert request["body"] == [
        {"op": "add", "path": "/description", "value": "All"},
        {"op": "replace", "path": "/auth/params/database", "value": digest("shop2")},
    ]
    assert "if-match" in {name.lower() for name in request["headers"]}


def test_the_row_has_the_new_values_and_the_new_etag(signed_in, by_key, flow_service):
    edit(signed_in, by_key, **{"auth.params.database": "shop2", "name": "Renamed"})
    old = by_key.etag
    send(Change.objects.get())

    by_key.refresh_from_db()
    remote = flow_service.read(by_key.base_connection_id)
    assert (by_key.name, by_key.etag) == ("Renamed", remote["etag"])
    assert by_key.etag != old
    assert by_key.unseal("auth_params").open()["database"] == remote["auth"]["params"]["database"] == "shop2"
    assert by_key.unseal("form_values").open()["auth.params.database"] == "shop2"
    assert by_key.revision == 1
    assert by_key.events.last().kind == Kind.CHANGED
    assert by_key.events.last().message == "Name, Database."


def test_a_replaced_secret_is_sent_alone_and_in_no_event(signed_in, by_key, flow_service):
    edit(signed_in, by_key, **{f"choice.{PASSWORD}": "replace", PASSWORD: CANARY})
    change = send(Change.objects.get())

    assert patches(flow_service) == [[{"op": "replace", "path": "/auth/params/password", "value": digest(CANARY)}]]
    by_key.refresh_from_db()
    assert by_key.unseal("auth_params").open()["password"] == CANARY
    assert change.wanted is None
    assert [event.message for event in by_key.events.filter(kind=Kind.CHANGED)] == ["Password."]
    assert CANARY.encode() not in b"".join(bytes(value) for value in (by_key.auth_params, change.before))


def test_a_kept_secret_goes_along_only_inside_its_own_string(signed_in, connected, flow_service):
    connection = connected()
    edit(signed_in, connection, **{PART + "DATABASE": "shop2"})
    send(Change.objects.get())

    string = connection.unseal("auth_params").open()["connectionString"].replace("Database=shop;", "Database=shop2;")
    (patch,) = patches(flow_service)
    assert patch == [{"op": "replace", "path": "/auth/params/connectionString", "value": digest(string)}]
    assert CANARY[:6] in string


def test_a_form_that_changes_nothing_sends_nothing(signed_in, by_key, flow_service):
    html = signed_in.post(f"{by_key.get_absolute_url()}edit/", edited(by_key), follow=True).content.decode()

    assert "Nothing is different" in html
    assert not Change.objects.exists()


@pytest.mark.parametrize("choice", ["keep", "remove"])
def test_another_host_asks_for_every_secret_again(signed_in, by_key, choice):
    fields = {"auth.params.server": "elsewhere.example.com", f"choice.{PASSWORD}": choice}
    answer = edit(signed_in, by_key, **fields)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{PASSWORD}_error"' in html
    assert "elsewhere.example.com" in html
    assert not Change.objects.exists()


def test_another_host_in_a_connection_string_asks_for_its_password_again(signed_in, connected, flow_service):
    connection = connected()
    assert edit(signed_in, connection, **{PART + "SERVER": "elsewhere.example.com"}).status_code == 422
    assert edit(signed_in, connection, **{PART + "PORT": "5433"}).status_code == 422

    again = {f"choice.{PART}PASSWORD": "replace", PART + "PASSWORD": "new", PART + "SERVER": "elsewhere.example.com"}
    assert edit(signed_in, connection, **again).status_code == 302
    send(Change.objects.get())
    sent = "Server=elsewhere.example.com;Database=shop;Port=5432;UID=reader;Password=new"
    assert patches(flow_service)[0][0]["value"] == digest(sent)


def test_a_secret_that_was_typed_and_not_chosen_is_pointed_out(signed_in, by_key):
    answer = edit(signed_in, by_key, **{f"choice.{PASSWORD}": "keep", PASSWORD: CANARY})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "choose “Replace”" in html
    assert "c4nary" not in html


def test_a_replaced_secret_has_to_be_typed(signed_in, by_key):
    answer = edit(signed_in, by_key, **{f"choice.{PASSWORD}": "replace"})

    assert answer.status_code == 422
    assert not Change.objects.exists()


S3 = {"s3AccessKey": "AKIA1", "s3SecretKey": "s3cret-key", "s3SessionToken": "token-1"}


@pytest.fixture
def with_session_token(signed_in, filled):
    base = {name: value for name, value in filled("Bucket").items() if not name.startswith("auth.")}
    typed = {f"auth.params.{name}": value for name, value in S3.items()}
    signed_in.post("/connect/s3/", {**base, "auth.specName": "access-key", **typed})
    connection = BaseConnection.objects.get()
    submitting.submit(connection.pk)
    connection.refresh_from_db()
    return connection


def test_an_optional_secret_can_be_removed_and_a_required_one_cannot(signed_in, with_session_token, flow_service):
    html = signed_in.get(f"{with_session_token.get_absolute_url()}edit/").content.decode()
    assert html.count('value="remove"') == 1
    edit(signed_in, with_session_token, **{"choice.auth.params.s3SessionToken": "remove"})
    change = send(Change.objects.get())

    assert change.status == ChangeStatus.DONE
    assert patches(flow_service) == [[{"op": "remove", "path": "/auth/params/s3SessionToken"}]]
    with_session_token.refresh_from_db()
    assert with_session_token.unseal("auth_params").open() == {"s3AccessKey": "AKIA1", "s3SecretKey": "s3cret-key"}
    answer = edit(signed_in, with_session_token, **{"choice.auth.params.s3SecretKey": "remove"})
    assert answer.status_code == 422


def test_the_form_shows_no_secret_and_what_is_there(signed_in, by_key):
    html = signed_in.get(f"{by_key.get_absolute_url()}edit/").content.decode()

    assert 'value="db.example.com"' in html
    assert "first-pw" not in html


def test_a_name_that_another_one_has_is_refused_at_its_field(signed_in, by_key, connected):
    connected("Taken")
    answer = edit(signed_in, by_key, name="Taken", description="kept")

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_name_error"' in html
    assert 'value="kept"' in html


def test_a_refusal_keeps_what_was_typed_without_the_secrets(signed_in, by_key, flow_service):
    refusal = {"kind": "status", "match": {"method": "PATCH"}, "status": 400, "code": "1445-400", "message": "no PATCH"}
    flow_service.set_faults([refusal])
    edit(signed_in, by_key, **{"auth.params.database": "shop2", f"choice.{PASSWORD}": "replace", PASSWORD: CANARY})
    change = send(Change.objects.get())

    assert (change.status, change.error_code) == (ChangeStatus.FAILED, "1445-400")
    assert CANARY not in str(change.unseal("wanted").open())
    html = signed_in.get(by_key.get_absolute_url()).content.decode()
    assert "The last change was not made" in html
    again = signed_in.get(f"{by_key.get_absolute_url()}edit/?mine={change.uuid}").content.decode()
    assert 'value="shop2"' in again
    by_key.refresh_from_db()
    assert by_key.unseal("auth_params").open()["database"] == "shop"


def test_what_was_taken_up_again_is_gone_after_it_was_sent(signed_in, by_key, flow_service):
    flow_service.set_faults(
        [{"kind": "status", "match": {"method": "PATCH"}, "status": 400, "code": "1308-400", "times": 1}]
    )
    edit(signed_in, by_key, **{"auth.params.database": "shop2"})
    failed = send(Change.objects.get())
    url = f"{by_key.get_absolute_url()}edit/?mine={failed.uuid}"
    assert signed_in.post(url, edited(by_key, **{"auth.params.database": "shop3"})).status_code == 302

    failed.refresh_from_db()
    assert (failed.status, failed.wanted) == (ChangeStatus.WITHDRAWN, None)
    assert send(Change.objects.last()).status == ChangeStatus.DONE


@pytest.mark.parametrize("kind", ["lose_before", "lose_after", "garbage"])
def test_an_unanswered_edit_is_read_back_and_made_once(signed_in, by_key, flow_service, kind):
    flow_service.set_faults([{"kind": kind, "match": {"method": "PATCH"}, "times": 1}])
    edit(signed_in, by_key, **{"auth.params.database": "shop2"})
    change = send(Change.objects.get())
    assert change.status == ChangeStatus.UNANSWERED
    while change.is_under_way:
        send(change)

    by_key.refresh_from_db()
    assert change.status == ChangeStatus.DONE
    assert flow_service.read(by_key.base_connection_id)["auth"]["params"]["database"] == "shop2"
    assert by_key.etag == flow_service.read(by_key.base_connection_id)["etag"]
    assert len(flow_service.requests("PATCH")) == (2 if kind == "lose_before" else 1)


def test_a_dead_flow_service_makes_it_wait(signed_in, by_key, settings):
    edit(signed_in, by_key, description="later")
    settings.FLOW_SERVICE_URL = "http://127.0.0.1:9/flowservice"
    change = Change.objects.get()
    send(change)

    assert change.status == ChangeStatus.WAITING
    assert change.due_at is not None
    assert by_key.events.last().kind == Kind.CHANGE_HELD


def test_a_vanished_connection_is_found_out(signed_in, by_key, flow_service):
    flow_service.call("DELETE", f"/connections/{by_key.base_connection_id}")
    edit(signed_in, by_key, description="too late")
    change = send(Change.objects.get())

    by_key.refresh_from_db()
    assert change.status == ChangeStatus.FAILED
    assert (by_key.status, by_key.finding) == (Status.CONNECTED, Finding.VANISHED)
    assert "does not exist at Adobe any more" in signed_in.get(by_key.get_absolute_url()).content.decode()


def test_one_change_at_a_time(signed_in, by_key):
    edit(signed_in, by_key, description="first")
    answer = edit(signed_in, by_key, description="second")

    assert answer.status_code == 422
    assert 'value="second"' in answer.content.decode()
    assert Change.objects.count() == 1


def test_what_does_not_open_has_to_be_typed_again(signed_in, by_key, connected, flow_service):
    other = connected("Other")
    BaseConnection.objects.filter(pk=by_key.pk).update(auth_params=other.auth_params)
    by_key.refresh_from_db()
    html = signed_in.get(f"{by_key.get_absolute_url()}edit/").content.decode()
    assert "cannot be read any more" in html
    assert edit(signed_in, by_key).status_code == 422
    assert edit(signed_in, by_key, **{f"choice.{PASSWORD}": "replace", PASSWORD: "typed"}).status_code == 302
    assert send(Change.objects.get()).status == ChangeStatus.DONE


def test_an_answer_that_quotes_a_secret_is_blanked(signed_in, by_key, flow_service):
    words = f"login failed with {CANARY}, before with first-pw"
    refusal = {"kind": "status", "match": {"method": "PATCH"}, "status": 400, "code": "1308-400", "message": words}
    flow_service.set_faults([refusal])
    edit(signed_in, by_key, **{f"choice.{PASSWORD}": "replace", PASSWORD: CANARY})
    change = send(Change.objects.get())

    assert change.error_message == "login failed with [hidden], before with [hidden]"


def test_an_etag_that_was_never_read_is_read_first(signed_in, by_key, flow_service):
    BaseConnection.objects.filter(pk=by_key.pk).update(etag="")
    edit(signed_in, by_key, description="new")
    change = send(Change.objects.get())

    by_key.refresh_from_db()
    assert change.status == ChangeStatus.DONE
    assert by_key.etag == flow_service.read(by_key.base_connection_id)["etag"]


def test_further_keys_that_may_be_secret_follow_to_no_other_host(signed_in, connected, flow_service):
    pasted = (
        "Server=db.example.com;Database=shop;Port=5432;UID=reader;Password=pw;SSL Key Password=extra-s3cret;Pooling=1"
    )
    connection = connected_with(connected, pasted)
    again = {f"choice.{PART}PASSWORD": "replace", PART + "PASSWORD": "new", PART + "SERVER": "elsewhere.example.com"}
    assert edit(signed_in, connection, **again).status_code == 302
    change = send(Change.objects.get())

    connection.refresh_from_db()
    string = connection.unseal("auth_params").open()["connectionString"]
    assert "Server=elsewhere.example.com" in string
    assert "extra-s3cret" not in string
    assert "SSL Key Password left out" in change.labels
    assert connection.unseal("form_values").open()["pasted_secrets"] == []


def test_further_keys_stay_where_the_host_stays(signed_in, connected, flow_service):
    pasted = "Server=db.example.com;Database=shop;Port=5432;UID=reader;Password=pw;SSL Key Password=extra-s3cret"
    connection = connected_with(connected, pasted)
    assert edit(signed_in, connection, **{PART + "DATABASE": "shop2"}).status_code == 302
    send(Change.objects.get())

    connection.refresh_from_db()
    assert "SSL Key Password=extra-s3cret" in connection.unseal("auth_params").open()["connectionString"]


def connected_with(connected, string):
    """A connection whose row holds that connection string, as if it had been pasted."""
    connection = connected()
    values = {**connection.unseal("form_values").open(), "pasted_secrets": ["SSL Key Password"]}
    connection.seal("auth_params", {"connectionString": string})
    connection.seal("form_values", values)
    connection.save(update_fields=["auth_params", "form_values"])
    return connection
