"""A pasted connection string fills in the form: what may be shown goes back, what is secret waits sealed."""

import re
import time

import pytest
from django.utils.html import escape

from tests.conftest import CANARY
from tests.connecting.pages import PART, page, text_inputs
from wizard.connections.models import BaseConnection
from wizard.work import submitting

URL = "postgresql://reader:p%40ss%3Bword@db.example.com:6543/shop?EncryptionMethod=1&ApplicationName=wizard"


@pytest.fixture
def pasted(signed_in, filled):
    """The page after something was pasted into an empty form."""

    def paste(text, source="postgres", **changes):
        fields = {name: value for name, value in filled().items() if not name.startswith("auth.params.")}
        return signed_in.post(f"/connect/{source}/", {**fields, "intent": "paste", "pasted": text, **changes})

    return paste


def test_its_values_go_into_the_fields_and_its_password_does_not_come_back(pasted):
    html = page(pasted(URL))

    for part, value in (("SERVER", "db.example.com"), ("DATABASE", "shop"), ("USERNAME", "reader"), ("PORT", "6543")):
        assert text_inputs(html)[PART + part] == value
    assert "p@ss;word" not in html
    assert "p%40ss" not in html
    assert "Taken from what you pasted" in html


def test_the_form_that_it_filled_can_be_sent_without_typing_the_password(pasted, signed_in, filled):
    fields = text_inputs(page(pasted(URL)))
    choices = {PART + "ENCRYPTION_METHOD": "1", "auth.specName": "connection-string", "target": filled()["target"]}
    answer = signed_in.post("/connect/postgres/", {**fields, **choices, "intent": "create", "name": "Pasted"})

    assert answer.status_code == 302
    assert BaseConnection.objects.get().unseal("auth_params").open() == {
        "connectionString": "Server=db.example.com;Database=shop;Port=6543;UID=reader;"
        'Password="p@ss;word";EncryptionMethod=1'
    }


def test_what_is_typed_goes_before_what_was_pasted(pasted, signed_in, filled):
    fields = {**text_inputs(page(pasted(URL))), PART + "PASSWORD": "typed", "target": filled()["target"]}
    signed_in.post("/connect/postgres/", {**fields, "intent": "create", "name": "Typed"})

    assert "Password=typed" in BaseConnection.objects.get().unseal("auth_params").open()["connectionString"]


def test_a_pasted_password_outlives_an_error_elsewhere(pasted, signed_in, filled):
    fields = {**text_inputs(page(pasted(URL))), "target": filled()["target"], "intent": "create"}
    html = page(signed_in.post("/connect/postgres/", {**fields, "name": ""}))
    assert 'id="id_name_error"' in html

    again = {**text_inputs(html), "target": filled()["target"], "intent": "create", "name": "Second"}
    assert signed_in.post("/connect/postgres/", again).status_code == 302


def test_a_key_that_the_form_has_no_place_for_is_shown_and_sent_only_if_confirmed(pasted, signed_in, filled):
    html = page(pasted(URL))
    assert "ApplicationName=wizard" in html

    for confirmed, tail in (([], ""), (["ApplicationName"], ";ApplicationName=wizard")):
        fields = {**text_inputs(page(pasted(URL))), "target": filled()["target"], "extra": confirmed}
        signed_in.post("/connect/postgres/", {**fields, "intent": "create", "name": f"Confirmed {confirmed}"})
        connection = BaseConnection.objects.get(name=f"Confirmed {confirmed}")
        assert connection.unseal("auth_params").open()["connectionString"].endswith('Password="p@ss;word"' + tail)


def test_a_key_that_looks_secret_is_not_shown(pasted):
    html = page(pasted(f"Server=db;UID=u;Password=p;WalletPassword={CANARY.replace(';', '')}"))

    assert "WalletPassword=•••" in html
    assert "c4nary" not in html


def test_what_the_documented_form_says_otherwise_is_named_and_left_out(pasted):
    text = "Data Source=db\\SQL1;Initial Catalog=shop;User ID=u;Password=p;Integrated Security=True"
    html = page(pasted(text, source="sql-server"))

    assert re.search(r"Left out.*Integrated Security", html)
    assert text_inputs(html)[PART + "INSTANCE_NAME"] == "SQL1"


@pytest.mark.parametrize("text", ["", "   ", "no pairs here", "Server='open", "x" * 30_000, "Colour=red", "a=1;A=2"])
def test_a_text_that_cannot_be_read_is_refused_at_its_field_and_not_quoted(pasted, text):
    answer = pasted(text)

    assert answer.status_code == 422
    assert 'id="id_pasted_error"' in page(answer)
    assert 'value="db.example.com"' not in page(answer)


def test_nothing_is_created_before_what_was_pasted_is_shown_in_its_parts(pasted):
    html = page(pasted(URL, intent="create"))

    assert text_inputs(html)[PART + "SERVER"] == "db.example.com"
    assert not BaseConnection.objects.asked_for().exists()


def test_held_secrets_open_for_nobody_else_in_no_other_form_and_not_for_ever(pasted, client, bob, filled, monkeypatch):
    fields = {**text_inputs(page(pasted(URL))), "target": filled()["target"], "intent": "create", "name": "Stolen"}
    moved = {**fields, "submission_id": "00000000-0000-4000-8000-000000000000"}
    assert client.post("/connect/postgres/", moved).status_code == 422
    assert client.post("/connect/postgres/", {**fields, "held": fields["held"][:-8] + "AAAAAAA="}).status_code == 422
    assert client.post("/connect/postgres/", {**fields, "held": "no base64"}).status_code == 422

    late = time.time() + 24 * 3600
    with monkeypatch.context() as patch:
        patch.setattr("wizard.credentials.held.time.time", lambda: late)
        assert client.post("/connect/postgres/", fields).status_code == 422
    client.force_login(bob)
    assert client.post("/connect/postgres/", fields).status_code == 422
    assert not BaseConnection.objects.asked_for().exists()


def test_the_preview_shows_what_is_confirmed_and_no_secret(pasted, signed_in):
    fields = {**text_inputs(page(pasted(URL))), "intent": "preview", "extra": ["ApplicationName"]}
    html = page(signed_in.post("/connect/postgres/", fields, headers={"HX-Request": "true"}))

    assert "Password={PASSWORD}" in html
    assert "ApplicationName=wizard" in html
    assert escape("p@ss;word") not in html


def test_a_failed_connection_that_was_pasted_is_tried_again_with_its_extra_keys(pasted, signed_in, filled):
    fields = {**text_inputs(page(pasted(URL))), "target": filled()["target"], "extra": ["ApplicationName"]}
    signed_in.post("/connect/postgres/", {**fields, "intent": "create", "name": "Fails"})
    failed = BaseConnection.objects.get()
    failed.claim()
    failed.mark_failed("refused")
    html = page(signed_in.get(f"/connect/postgres/?again={failed.uuid}"))

    assert re.search(r'name="extra" value="ApplicationName" checked', html)
    assert text_inputs(html)[PART + "SERVER"] == "db.example.com"
    assert "ApplicationName=wizard" in page(signed_in.get(failed.get_absolute_url()))


def test_what_may_be_a_secret_is_shown_to_nobody_else(pasted, signed_in, client, bob, filled):
    text = "Server=h;Port=1;Database=d;UID=u;PWD=p;passcode=LEAK1;SharedAccessSignature=sig=LEAK2;sslmode=require"
    html = page(pasted(text, source="mysql"))
    assert "LEAK" not in html
    assert "sslmode=require" in html

    confirmed = ["passcode", "SharedAccessSignature", "sslmode"]
    fields = {**text_inputs(html), "target": filled()["target"], "extra": confirmed}
    signed_in.post("/connect/mysql/", {**fields, "intent": "create", "name": "Extra"})
    connection = BaseConnection.objects.get()
    assert "passcode=LEAK1" in connection.unseal("auth_params").open()["connectionString"]
    assert "LEAK" not in str(connection.unseal("form_values").open())
    client.force_login(bob)
    shown = page(client.get(connection.get_absolute_url()))
    assert "LEAK" not in shown
    assert "passcode={PASSCODE}" in shown
    connection.claim()
    connection.mark_failed("refused")
    assert "passcode, SharedAccessSignature" in page(client.get(f"/connect/mysql/?again={connection.uuid}"))


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("oracle", "jdbc:oracle:thin:@//db.example.com:1521/shop.example.com", "has a service name"),
        ("postgres", "mysql://u:p@db.example.com:3306/shop", "begins with “mysql”"),
        ("synapse-analytics", "Server=tcp:ws.sql.azuresynapse.net,1433;Database=d;User ID=u;Password=p", "Left out"),
    ],
)
def test_what_may_be_meant_otherwise_is_said(pasted, source, text, words):
    assert words in page(pasted(text, source=source))


@pytest.mark.parametrize("text", ["postgresql://u:p@h/d", "jdbc:postgresql://h:1/d?user=u", "Server=h;UID=u"])
def test_a_string_of_this_very_source_needs_no_warning(pasted, text):
    assert "begins with" not in page(pasted(text))


def test_a_contradiction_is_told_by_the_labels_of_the_form(pasted):
    text = "Server=tcp:a.database.windows.net,1433;Database=d;User ID=u@b;Password=p"
    html = page(pasted(text, source="synapse-analytics"))

    (error,) = re.findall(r'id="id_pasted_error">(.*?)</ul>', html)
    assert "“Server name” is given twice" in error


def test_held_secrets_move_on_with_a_form_that_is_sent_once_more(pasted, signed_in, filled):
    fields = {**text_inputs(page(pasted(URL))), "target": filled()["target"], "intent": "create"}
    signed_in.post("/connect/postgres/", {**fields, "name": "First"})
    html = page(signed_in.post("/connect/postgres/", {**fields, "name": "Second"}))
    assert "was sent already" in html

    again = {**text_inputs(html), "target": filled()["target"], "intent": "create", "name": "Second"}
    assert signed_in.post("/connect/postgres/", again).status_code == 302
    assert BaseConnection.objects.asked_for().count() == 2


def test_an_error_repeats_none_of_the_further_keys_values(pasted, signed_in, filled, flow_service):
    text = "Server=h;Port=1;Database=d;UID=u;PWD=p;Proxy=http://u:LEAKB@p;LOGDATA=LEAKC;Two=LEAKG;sslmode=require"
    keys = ["Proxy", "LOGDATA", "Two", "sslmode"]
    fields = {**text_inputs(page(pasted(text, source="mysql"))), "target": filled()["target"], "extra": keys}
    signed_in.post("/connect/mysql/", {**fields, "intent": "create", "name": "Extra"})
    match = {"method": "POST", "path": "/connections"}
    message = "cannot log in: http://u:LEAKB@p LEAKB LEAKC LEAKG require"
    flow_service.set_faults([{"kind": "status", "match": match, "status": 400, "code": "1308-400", "message": message}])
    submitting.submit(BaseConnection.objects.get().pk)

    assert BaseConnection.objects.get().error_message.endswith(
        "cannot log in: [hidden] [hidden] [hidden] [hidden] require"
    )


def test_a_connection_whose_pattern_has_changed_since_still_has_its_page(pasted, signed_in, filled):
    fields = {**text_inputs(page(pasted(URL))), "target": filled()["target"], "extra": ["ApplicationName"]}
    signed_in.post("/connect/postgres/", {**fields, "intent": "create", "name": "Older"})
    connection = BaseConnection.objects.get()
    connection.seal("form_values", {**connection.unseal("form_values").open(), "pasted": [["Server", "taken"]]})
    connection.save()

    assert "Older" in page(signed_in.get(connection.get_absolute_url()))


def test_further_keys_are_looked_for_in_texts_alone(pasted, signed_in, filled, flow_service):
    fields = {**text_inputs(page(pasted(URL))), "target": filled()["target"], "extra": ["ApplicationName"]}
    signed_in.post("/connect/postgres/", {**fields, "intent": "create", "name": "Typed"})
    connection = BaseConnection.objects.get()
    connection.seal("form_values", {**connection.unseal("form_values").open(), "pasted_secrets": ["Other"]})
    connection.seal("auth_params", {**connection.unseal("auth_params").open(), "port": 7, "tags": ["x"]})
    connection.save()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.status in ("connected", "failed")
