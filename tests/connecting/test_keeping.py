"""What is kept of the credentials: a sealed copy, nothing once Adobe has accepted them, or references to them."""

import json
import re

import pytest
from django.db import connection as database

from tests.changing.steps import edited, send
from tests.conftest import CANARY
from tests.connecting.pages import PART, URL, inputs, page
from wizard.connection_strings.ado_net import parse
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Keeps, Status
from wizard.flow_service.client import FlowService
from wizard.record.kinds import Kind
from wizard.vault.secret import Secret
from wizard.work import submitting, testing

NAME, OTHER = "WAREHOUSE_PASSWORD", "LAKE_PASSWORD"
REFERENCE = f"reference.{PART}PASSWORD"
HOSTILE = "x;Integrated Security=True"
BY_NAME = {"keeps": "references", REFERENCE: NAME, f"{PART}PASSWORD": ""}


@pytest.fixture
def declared(settings, monkeypatch):
    settings.SECRET_REFERENCES = [NAME, OTHER]
    monkeypatch.setenv(NAME, CANARY)
    monkeypatch.setenv(OTHER, "other-s3cret")


@pytest.fixture
def wire(monkeypatch):
    """What goes to the Flow Service: the body of each create, and the operations of each edit."""
    sent, create, update = [], FlowService.create_connection, FlowService.update_connection

    def created(client, body, **more):
        sent.append(body)
        return create(client, body, **more)

    def updated(client, connection_id, operations, etag, **more):
        sent.append(operations)
        return update(client, connection_id, operations, etag, **more)

    monkeypatch.setattr(FlowService, "create_connection", created)
    monkeypatch.setattr(FlowService, "update_connection", updated)
    return sent


def rows():
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM connections_baseconnection")
        return str(cursor.fetchall())


# --- A sealed copy ---


def test_a_sealed_copy_is_what_is_kept_unless_somebody_chooses(signed_in, connected):
    html = page(signed_in.get(URL))
    assert "Keep the credentials" in html
    assert "Only references" not in html
    assert inputs(html)["keeps"] == "sealed"

    found = connected()
    assert found.keeps == Keeps.SEALED
    assert CANARY[:6] in found.unseal("auth_params").open()["connectionString"]
    assert "No copy of the credentials" not in page(signed_in.get(found.get_absolute_url()))


@pytest.mark.parametrize("chosen", ["", "everything", "references"])
def test_a_choice_that_is_not_offered_is_refused_or_the_usual_one(signed_in, filled, chosen):
    answer = signed_in.post(URL, filled(keeps=chosen))
    assert answer.status_code == (422 if chosen else 302)


# --- Nothing ---


def test_nothing_is_kept_once_adobe_has_accepted_it(signed_in, connected):
    found = connected(keeps="nothing")

    assert (found.status, found.keeps, found.auth_params) == (Status.CONNECTED, Keeps.NOTHING, None)
    assert found.unseal("form_values").open()["given"] == ["connectionString.PASSWORD"]
    html = page(signed_in.get(found.get_absolute_url()))
    assert "No copy of the credentials is kept here." in html
    assert "{PASSWORD}" in html
    asked, made = (found.events.get(kind=kind) for kind in (Kind.ASKED, Kind.CONNECTED))
    assert "No copy of its credentials is kept" in asked.message
    assert "erased here" in made.message


def test_they_are_kept_for_another_try_when_it_was_not_made(signed_in, asked_for, flow_service):
    found = asked_for(keeps="nothing", **{PART + "SERVER": "unreachable.invalid"})
    found.claim()
    found.mark_failed("Refused.", error_kind="Refused", error_status=400)

    assert found.unseal("auth_params")
    assert "encrypted, for another try" in page(signed_in.get(found.get_absolute_url()))


def test_the_same_form_once_more_is_the_same_connection_also_when_nothing_is_kept(signed_in, filled):
    form = filled(keeps="nothing")
    signed_in.post(URL, form)
    submitting.submit(BaseConnection.objects.get().pk)
    assert BaseConnection.objects.get().auth_params is None

    assert signed_in.post(URL, form).status_code == 302
    assert BaseConnection.objects.count() == 1
    assert signed_in.post(URL, {**form, PART + "SERVER": "other.example.com"}).status_code == 422


def test_a_test_and_a_clone_need_no_copy(signed_in, connected):
    found = connected(keeps="nothing")
    signed_in.post(f"{found.get_absolute_url()}test/")
    testing.run_test(found.pk)
    found.refresh_from_db()
    assert found.test_status == "passed", found.test_steps

    html = page(signed_in.get(f"{URL}?clone={found.uuid}"))
    assert inputs(html)["keeps"] == "nothing"


def test_an_edit_asks_for_every_secret_again_and_forgets_them_when_it_is_done(signed_in, connected, wire):
    found = connected(keeps="nothing")
    address = f"{found.get_absolute_url()}edit/"
    html = page(signed_in.get(address))
    assert "No copy of the credentials is kept here." in html
    assert "Keep the stored one" not in html
    assert "Type it again" in html

    moved = {PART + "DATABASE": "shop2"}
    refused = signed_in.post(address, edited(found, **moved))
    assert refused.status_code == 422
    assert f'id="id_{PART}PASSWORD_error"' in page(refused)

    typed = {f"choice.{PART}PASSWORD": "replace", f"{PART}PASSWORD": "new-pw", **moved}
    assert signed_in.post(address, edited(found, **typed)).status_code == 302
    change = send(found.changes.get())
    found.refresh_from_db()
    assert (change.status, change.wanted, found.auth_params) == ("done", None, None)
    assert found.unseal("form_values").open()[PART + "DATABASE"] == "shop2"
    (operation,) = wire[-1]
    assert (operation["op"], operation["path"]) == ("replace", "/auth/params/connectionString")


def test_what_is_public_and_the_same_is_not_sent_again(signed_in, connected, wire):
    prefix = "auth.params."
    typed = {"server": "db.example.com", "port": "5432", "database": "shop", "username": "reader", "sslMode": "Require"}
    fields = {prefix + name: value for name, value in (typed | {"password": "first-pw"}).items()}
    found = connected("By key", keeps="nothing", **{"auth.specName": "basic-azure", **fields})
    changes = {prefix + "database": "shop2", prefix + "password": "new-pw", f"choice.{prefix}password": "replace"}
    signed_in.post(f"{found.get_absolute_url()}edit/", edited(found, **changes))
    assert send(found.changes.get()).status == "done"

    assert [operation["path"] for operation in wire[-1]] == ["/auth/params/database", "/auth/params/password"]


# --- References ---


@pytest.mark.usefixtures("declared")
def test_a_reference_is_kept_by_its_name_and_read_when_it_is_sent(signed_in, connected, wire):
    found = connected(**BY_NAME)

    assert (found.status, found.keeps) == (Status.CONNECTED, Keeps.REFERENCES)
    assert found.unseal("auth_params") == Secret({})
    assert found.unseal("form_values").open()["references"] == {"connectionString.PASSWORD": NAME}
    assert wire[0]["auth"]["params"]["connectionString"].endswith('Password="c4nary;pass\'w""örd="')
    assert "c4nary" not in rows()
    html = page(signed_in.get(found.get_absolute_url()))
    assert f"Its secrets are references: {NAME}. Their values are not kept here." in html
    assert "{PASSWORD}" in html
    assert NAME in found.events.get(kind=Kind.ASKED).message


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("hostile", [HOSTILE, 'a"b', "a'b\";c", "; Password=x", "{SERVER}", " x ", "=a"])
def test_a_hostile_value_is_quoted_and_not_smuggled(connected, monkeypatch, wire, hostile):
    monkeypatch.setenv(NAME, hostile)
    found = connected(**BY_NAME)
    assert found.status == Status.CONNECTED

    pairs = dict(parse(wire[0]["auth"]["params"]["connectionString"]))
    assert pairs["Password"] == hostile
    assert "Integrated Security" not in pairs


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("value", "words"),
    [(None, f"The reference {NAME} is not set for the worker"), ("a\nb", "May not contain control characters")],
)
def test_what_cannot_be_resolved_or_written_fails_before_it_is_sent(
    signed_in, asked_for, monkeypatch, flow_service, value, words
):
    found = asked_for(**BY_NAME)
    monkeypatch.delenv(NAME)
    if value:
        monkeypatch.setenv(NAME, value)
    submitting.submit(found.pk)

    found.refresh_from_db()
    assert found.status == Status.FAILED
    assert found.error_message.startswith("Nothing was sent. Password: ")
    assert words in found.error_message
    assert flow_service.requests("POST", "/connections") == []
    assert words in page(signed_in.get(found.get_absolute_url()))


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({REFERENCE: "SECRET_KEY"}, "There is no reference of this name"),
        ({REFERENCE: "HOME"}, "There is no reference of this name"),
        ({REFERENCE: ""}, "This field is required."),
        ({PART + "PASSWORD": CANARY}, "Either type it, or choose a reference."),
        ({PART + "PASSWORD": CANARY, REFERENCE: ""}, "With references nothing that is typed is kept."),
        ({"keeps": "sealed"}, "choose “Only references”"),
    ],
)
def test_what_does_not_go_together_is_told_at_its_field(signed_in, filled, changes, words):
    answer = signed_in.post(URL, filled(**{**BY_NAME, **changes}))

    html = page(answer)
    assert answer.status_code == 422
    assert words in html
    assert f'id="id_{PART}PASSWORD_error"' in html
    assert "c4nary" not in html
    assert not BaseConnection.objects.exclude(status=Status.DRAFT).exists()


@pytest.mark.usefixtures("declared")
def test_what_is_not_set_for_the_web_server_is_told_at_its_field(signed_in, filled, monkeypatch):
    monkeypatch.delenv(NAME)
    html = page(signed_in.post(URL, filled(**BY_NAME)))
    assert f"The reference {NAME} is not set for the web server" in html


@pytest.mark.usefixtures("declared")
def test_a_draft_and_a_clone_carry_the_references_and_no_value(signed_in, filled, connected):
    signed_in.post(URL, filled(**{**BY_NAME, "intent": "draft", PART + "SERVER": ""}))
    draft = BaseConnection.objects.get()
    assert (draft.keeps, draft.unseal("auth_params")) == (Keeps.REFERENCES, Secret({}))
    html = page(signed_in.get(f"{URL}?again={draft.uuid}"))
    assert inputs(html)["keeps"] == "references"
    assert f'<option value="{NAME}" selected>' in html
    assert "c4nary" not in html

    found = connected("Other", **BY_NAME)
    html = page(signed_in.get(f"{URL}?clone={found.uuid}"))
    assert f'<option value="{NAME}" selected>' in html
    assert "Its references are chosen here, too." in html


@pytest.mark.usefixtures("declared")
def test_a_check_of_a_draft_reads_the_references(signed_in, filled, monkeypatch):
    signed_in.post(URL, filled(**{**BY_NAME, "intent": "check"}))
    draft = BaseConnection.objects.get()
    testing.run_test(draft.pk)
    draft.refresh_from_db()
    assert draft.test_status == "passed", draft.test_steps


@pytest.mark.usefixtures("declared")
def test_a_test_says_which_reference_leads_nowhere(signed_in, connected, monkeypatch):
    found = connected(**BY_NAME)
    monkeypatch.delenv(NAME)
    signed_in.post(f"{found.get_absolute_url()}test/")
    testing.run_test(found.pk)
    found.refresh_from_db()
    assert f"The reference {NAME} is not set for the worker" in found.test_message


@pytest.mark.usefixtures("declared")
def test_an_edit_sends_what_the_reference_stands_for_now(signed_in, connected, monkeypatch, wire):
    found = connected(**BY_NAME)
    address = f"{found.get_absolute_url()}edit/"
    assert f"Keep the reference {NAME}" in page(signed_in.get(address))

    signed_in.post(address, edited(found, name="Renamed"))
    assert send(found.changes.latest("pk")).status == "done"
    assert [operation["path"] for operation in wire[-1]] == ["/name"]

    found.refresh_from_db()
    monkeypatch.setenv(NAME, "rotated")
    again = {f"choice.{PART}PASSWORD": "replace", REFERENCE: NAME}
    signed_in.post(address, edited(found, **again))
    assert send(found.changes.latest("pk")).status == "done"
    assert wire[-1][0]["value"].endswith("Password=rotated")

    found.refresh_from_db()
    signed_in.post(address, edited(found, **{**again, REFERENCE: OTHER}))
    change = found.changes.latest("pk")
    assert "other-s3cret" not in json.dumps(change.unseal("wanted").open())
    assert send(change).status == "done"
    found.refresh_from_db()
    assert wire[-1][0]["value"].endswith("Password=other-s3cret")
    assert found.unseal("form_values").open()["references"] == {"connectionString.PASSWORD": OTHER}
    assert found.unseal("auth_params") == Secret({})


@pytest.mark.usefixtures("declared")
def test_an_edit_whose_reference_leads_nowhere_is_not_sent(signed_in, connected, flow_service, monkeypatch):
    found = connected(**BY_NAME)
    signed_in.post(f"{found.get_absolute_url()}edit/", edited(found, **{PART + "USERNAME": "writer"}))
    monkeypatch.delenv(NAME)
    change = send(found.changes.get())

    assert change.status == "failed"
    assert f"The reference {NAME} is not set for the worker" in change.error_message
    assert flow_service.requests("PATCH") == []


@pytest.mark.usefixtures("declared")
def test_an_edit_that_leads_elsewhere_has_the_reference_chosen_again(signed_in, connected):
    found = connected(**BY_NAME)
    address = f"{found.get_absolute_url()}edit/"
    elsewhere = {PART + "SERVER": "evil.example.com"}
    refused = signed_in.post(address, edited(found, **elsewhere))
    assert refused.status_code == 422
    assert "The connection would lead elsewhere. Choose “Replace” and a reference" in page(refused)

    chosen = {f"choice.{PART}PASSWORD": "replace", REFERENCE: NAME}
    assert signed_in.post(address, edited(found, **elsewhere, **chosen)).status_code == 302


@pytest.mark.usefixtures("declared")
def test_an_answer_that_quotes_the_value_of_a_reference_is_blanked(signed_in, asked_for, flow_service):
    refusal = {"kind": "status", "status": 400, "code": "1309-400", "message": f"Login failed: {CANARY}"}
    flow_service.set_faults([refusal | {"match": {"method": "POST", "path": "/connections"}}])
    found = asked_for(**BY_NAME)
    submitting.submit(found.pk)

    found.refresh_from_db()
    assert (found.status, found.error_message) == (Status.FAILED, "Login failed: [hidden]")


def test_the_form_shows_references_only_where_some_are_declared(signed_in, settings):
    settings.SECRET_REFERENCES = []
    assert "reference" not in page(signed_in.get(URL))
    settings.SECRET_REFERENCES = [NAME]
    html = page(signed_in.get(URL))
    assert f'name="{REFERENCE}"' in html
    # Or no browser would send it without a password.
    assert " required" not in re.search(rf'<input type="password" name="{PART}PASSWORD"[^>]*>', html)[0]
    assert "Only references" in html
