"""The secrets of a draft: sealed, held for the place that they were typed for, and for nobody else’s eyes."""

import re
import time

from django.db import connection as database

from tests.conftest import CANARY
from tests.connecting.pages import HTMX, PART, URL, address, inputs, page
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status


def test_secrets_of_a_draft_count_only_for_the_place_they_were_typed_for(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft))))
    changes = {"intent": "create", "name": "Orders", PART + "DATABASE": "shop", PART + "SERVER": "evil.example.com"}
    refused = signed_in.post(address(draft), {**fields, **changes})

    html = page(refused)
    assert refused.status_code == 422
    assert f'id="id_{PART}PASSWORD_error"' in html
    assert "leads to another place" in html
    assert "Kept with your draft" not in html
    assert BaseConnection.objects.get().status == Status.DRAFT


def test_no_detour_sends_the_secrets_of_a_draft_to_another_place(signed_in, draft):
    """Saved with the other host, opened again, and sent."""
    fields = inputs(page(signed_in.get(address(draft))))
    fields |= {"name": "Orders", PART + "DATABASE": "shop", PART + "SERVER": "evil.example.com"}
    signed_in.post(address(draft), {**fields, "intent": "draft"}, headers=HTMX)

    assert BaseConnection.objects.get().unseal("auth_params").open() == {}
    html = page(signed_in.get(address(draft)))
    assert "Kept with your draft" not in html
    assert signed_in.post(address(draft), {**inputs(html), "intent": "create"}).status_code == 422


def test_the_former_place_brings_the_secrets_back_while_the_page_is_open(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft)))) | {"name": "Orders", PART + "DATABASE": "shop"}
    elsewhere = {"intent": "draft", PART + "SERVER": "evil.example.com"}
    signed_in.post(address(draft), {**fields, **elsewhere}, headers=HTMX)
    answer = signed_in.post(address(draft), {**fields, "intent": "create"})

    assert answer.status_code == 302
    assert "c4nary" in BaseConnection.objects.get().unseal("auth_params").open()["connectionString"]


def test_a_page_that_was_open_over_night_still_holds_the_secrets_of_its_draft(signed_in, draft, monkeypatch):
    fields = inputs(page(signed_in.get(address(draft)))) | {"name": "Orders", PART + "DATABASE": "shop"}
    tomorrow = time.time() + 24 * 3600
    monkeypatch.setattr("wizard.credentials.held.time.time", lambda: tomorrow)

    assert signed_in.post(address(draft), {**fields, "intent": "create"}).status_code == 302


def test_another_user_name_keeps_the_secrets(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft))))
    changes = {"intent": "create", "name": "Orders", PART + "DATABASE": "shop", PART + "USERNAME": "writer"}

    assert signed_in.post(address(draft), {**fields, **changes}).status_code == 302


def test_an_optional_secret_has_to_be_typed_again_for_another_place_too(signed_in, half_filled):
    way = {"auth.specName": "ssh-key", "shown.specName": "ssh-key"}
    typed = {"host": "a.example.com", "port": "22", "userName": "u", "passPhrase": CANARY}
    fields = half_filled(**way, **{f"auth.params.{name}": value for name, value in typed.items()})
    signed_in.post("/connect/sftp/", fields, headers=HTMX)
    draft = BaseConnection.objects.get()
    assert "passPhrase" in draft.unseal("auth_params").open()
    shown = inputs(page(signed_in.get(address(draft))))
    refused = signed_in.post(address(draft), {**shown, "intent": "create", "auth.params.host": "b.example.com"})

    assert 'id="id_auth.params.passPhrase_error"' in page(refused)


def test_a_secret_that_is_not_valid_is_left_out(signed_in, half_filled):
    signed_in.post(URL, half_filled(**{PART + "PASSWORD": "tab\there"}), headers=HTMX)

    assert BaseConnection.objects.get().unseal("auth_params").open() == {}


def test_what_the_page_showed_as_a_secret_is_kept_out_of_what_is_shown(signed_in, half_filled):
    """The catalog was read anew while the form was open."""
    shown = f"connectionString.PASSWORD,{'connectionString.USERNAME'}"
    signed_in.post(URL, half_filled(**{"shown.secrets": shown, PART + "USERNAME": CANARY}), headers=HTMX)

    assert CANARY not in str(BaseConnection.objects.get().unseal("form_values").open())


def test_further_keys_of_a_pasted_string_come_back_with_the_draft(signed_in, half_filled):
    pasted = f"Server=db;Port=1;Database=d;UID=u;Password=p;SSL Password={CANARY[:6]}zz;ApplicationName=x"
    html = page(signed_in.post(URL, half_filled(intent="paste", pasted=pasted)))
    signed_in.post(URL, {**inputs(html), "intent": "draft", "extra": ["SSL Password"]})
    html = page(signed_in.get(address(BaseConnection.objects.get())))

    assert re.search(r'name="extra" value="SSL Password" checked', html)
    assert re.search(r'name="extra" value="ApplicationName"(?! checked)', html)
    assert CANARY[:6] not in html
    fields = {**inputs(html), "intent": "create", "extra": ["SSL Password"]}
    assert signed_in.post(address(BaseConnection.objects.get()), fields).status_code == 302
    assert CANARY[:6] in BaseConnection.objects.get().unseal("auth_params").open()["connectionString"]


def test_no_page_and_no_column_shows_the_secret_of_a_draft(signed_in, draft, caplog):
    for path in ("/", "/connect/", "/connections/", address(draft), f"/connect/drafts/{draft.uuid}/check/"):
        html = page(signed_in.get(path, follow=True))
        assert "c4nary" not in html, path
    with database.cursor() as cursor:
        cursor.execute("select * from connections_baseconnection")
        row = cursor.fetchone()
    assert all("c4nary" not in str(value) and b"c4nary" not in bytes(str(value), "utf-8") for value in row)
    assert "c4nary" not in caplog.text
