"""A half-filled form is kept as a draft: what of it, for whom, and until when."""

import re
import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.utils.html import escape
from django_q.models import OrmQ

from tests.conftest import CANARY
from tests.connecting import test_pasting
from wizard.catalog.loader import load_catalog
from wizard.connecting.connect_form import ConnectForm
from wizard.connecting.drafting import has_something
from wizard.connections.models import BaseConnection, Submission
from wizard.connections.statuses import Status
from wizard.work.sweeping import sweep

HTMX = {"HX-Request": "true"}
PART = "auth.params.connectionString."
URL = "/connect/postgres/"


def page(response):
    return response.content.decode()


def inputs(html):
    """What a browser would send of the page, intent aside."""
    chosen = dict(re.findall(r'type="radio"[^>]* name="([^"]+)" value="([^"]*)"[^>]* checked', html))
    target = re.search(r'<option value="(\d+)" selected', html)[1]
    return {**test_pasting.inputs(html), **chosen, "target": target}


@pytest.fixture
def half_filled(filled):
    """A form that somebody is still filling in; keyword arguments change fields."""

    def fill(name="Orders", **changes):
        return filled(name, **{"intent": "draft", "shown.specName": "connection-string", **changes})

    return fill


@pytest.fixture
def draft(signed_in, half_filled):
    """Alice's draft, without a name and a database."""
    signed_in.post(URL, half_filled("", **{PART + "DATABASE": ""}), headers=HTMX)
    return BaseConnection.objects.get()


def address(draft):
    return f"/connect/{draft.source}/?again={draft.uuid}"


def test_what_is_typed_is_kept_and_when_is_said(signed_in, half_filled):
    fields = half_filled("", description="For the shop", **{PART + "PORT": "seventy"})
    answer = signed_in.post(URL, fields, headers=HTMX)

    draft = BaseConnection.objects.get()
    assert re.search(r"Draft saved <time [^>]*>\d\d:\d\d:\d\d UTC</time>", page(answer))
    assert "encrypted" in page(answer)
    assert answer["HX-Replace-Url"] == address(draft)
    assert (draft.status, str(draft.uuid)) == (Status.DRAFT, fields["submission_id"])
    assert (draft.name, draft.description) == ("", "For the shop")
    assert draft.unseal("form_values")[PART + "PORT"] == "seventy"
    assert draft.unseal("auth_params") == {"connectionString.PASSWORD": CANARY}
    assert not OrmQ.objects.exists()


def test_a_form_in_which_nothing_was_typed_is_not_kept(signed_in, half_filled):
    empty = {PART + name: "" for name in ("SERVER", "DATABASE", "USERNAME", "PASSWORD")}
    answer = signed_in.post(URL, half_filled("", **empty), headers=HTMX)

    assert answer.status_code == 204
    assert not BaseConnection.objects.exists()
    assert "Nothing was typed yet" in page(signed_in.post(URL, half_filled("", **empty)))


def test_no_source_has_something_typed_into_its_form_by_itself(alice, organization):
    specs = [spec for spec in load_catalog().specs if not spec.instead]
    ways = [(spec, auth.key) for spec in specs for auth in spec.auth_specs]
    forms = [ConnectForm(spec, alice, values={"auth.specName": key}) for spec, key in ways]

    assert len(forms) > 90
    assert [form.spec.slug for form in forms if has_something(form)] == []


def test_without_a_sandbox_in_reach_nothing_is_kept_and_nothing_said(signed_in, half_filled, organization):
    fields = half_filled()
    organization.sandboxes.update(is_open=False)

    assert signed_in.post(URL, fields, headers=HTMX).status_code == 204
    assert signed_in.post(URL, fields).status_code == 200
    assert not BaseConnection.objects.exists()


def test_one_form_has_one_draft_with_what_was_typed_last(signed_in, half_filled):
    fields = half_filled("First")
    signed_in.post(URL, fields, headers=HTMX)
    signed_in.post(URL, {**fields, "name": "Second", PART + "PASSWORD": "other"}, headers=HTMX)

    draft = BaseConnection.objects.get()
    assert draft.name == "Second"
    assert draft.unseal("auth_params") == {"connectionString.PASSWORD": "other"}


def test_an_emptied_form_stays_a_draft(signed_in, half_filled):
    fields = half_filled()
    signed_in.post(URL, fields, headers=HTMX)
    empty = {PART + name: "" for name in ("SERVER", "DATABASE", "USERNAME", "PASSWORD")}
    signed_in.post(URL, {**fields, "name": "", **empty}, headers=HTMX)

    assert BaseConnection.objects.get().unseal("form_values")[PART + "SERVER"] == ""


def test_without_javascript_a_button_saves_the_draft_and_one_goes_on_there(signed_in, half_filled):
    answer = signed_in.post(URL, half_filled(), follow=True)

    draft = BaseConnection.objects.get()
    assert answer.redirect_chain == [(address(draft), 302)]
    assert "Draft saved" in page(answer)
    assert "Continue: PostgreSQL" in page(answer)


def test_a_form_that_is_refused_is_kept_too_and_its_secret_need_not_be_typed_again(signed_in, filled):
    refused = signed_in.post(URL, filled("", **{"shown.specName": "connection-string"}))

    assert refused.status_code == 422
    assert BaseConnection.objects.get().status == Status.DRAFT
    assert "Kept with your draft, encrypted" in page(refused)
    signed_in.post(URL, {**inputs(page(refused)), "intent": "create", "name": "Orders"})
    sent = BaseConnection.objects.get()
    assert sent.status == Status.WAITING
    assert "c4nary" in sent.unseal("auth_params")["connectionString"]


def test_going_on_with_a_draft_shows_what_was_typed_and_holds_its_secrets(signed_in, draft):
    html = page(signed_in.get(address(draft)))

    assert 'value="db.example.com"' in html
    assert "Kept with your draft, encrypted. Leave it empty to use it." in html
    assert "Continue: PostgreSQL" in html
    assert "Try again" not in html
    assert f'value="{draft.uuid}"' in html
    assert escape(CANARY) not in html


def test_a_draft_that_was_gone_on_with_becomes_the_connection(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft))))
    changes = {"intent": "create", "name": "Orders", PART + "DATABASE": "shop"}
    answer = signed_in.post(address(draft), {**fields, **changes})

    sent = BaseConnection.objects.get()
    assert answer["Location"] == sent.get_absolute_url()
    assert (sent.pk, sent.status, sent.name) == (draft.pk, Status.WAITING, "Orders")
    assert "c4nary" in sent.unseal("auth_params")["connectionString"]
    assert sent.events.count() == 1
    assert "Continue" not in page(signed_in.get("/"))


def test_a_form_that_was_kept_while_it_was_filled_in_makes_one_row(signed_in, half_filled):
    fields = half_filled()
    signed_in.post(URL, fields, headers=HTMX)
    signed_in.post(URL, {**fields, "intent": "create"})

    assert [row.status for row in BaseConnection.objects.all()] == [Status.WAITING]
    assert OrmQ.objects.count() == 1


def test_a_form_that_was_sent_is_no_draft_any_more(signed_in, half_filled):
    fields = half_filled()
    signed_in.post(URL, {**fields, "intent": "create"})
    late = signed_in.post(URL, {**fields, "name": "Late"}, headers=HTMX)

    assert late.status_code == 204
    assert [(row.name, row.status) for row in BaseConnection.objects.all()] == [("Orders", Status.WAITING)]


@pytest.mark.django_db(transaction=True)
def test_drafts_and_submits_at_the_same_time_make_one_connection_and_leave_no_draft(alice, half_filled):
    fields = half_filled()

    def post(intent):
        client = Client()
        client.force_login(alice)
        client.post(URL, {**fields, "intent": intent}, headers=HTMX)
        database.close()

    threads = [threading.Thread(target=post, args=(intent,)) for intent in ("draft", "create") * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [row.status for row in BaseConnection.objects.all()] == [Status.WAITING]
    assert Submission.objects.count() == 1
    assert OrmQ.objects.count() == 1


def test_trying_again_keeps_a_draft_that_goes_with_it(signed_in, asked_for, half_filled):
    failed = asked_for()
    failed.claim()
    failed.mark_failed("refused")
    fields = half_filled(**{PART + "SERVER": "other.example.com"})
    signed_in.post(f"{URL}?again={failed.uuid}", fields, headers=HTMX)
    draft = BaseConnection.objects.get(status=Status.DRAFT)
    html = page(signed_in.get(address(draft)))
    assert "again" in html
    assert failed.get_absolute_url() in html

    signed_in.post(address(draft), {**inputs(html), "intent": "create"})

    sent = BaseConnection.objects.get()
    assert (sent.pk, sent.status) == (failed.pk, Status.WAITING)
    assert "other.example.com" in sent.unseal("auth_params")["connectionString"]


def test_a_draft_takes_no_name_away(signed_in, draft, half_filled, filled):
    signed_in.post(URL, half_filled("Orders"), headers=HTMX)

    assert signed_in.post(URL, filled("Orders")).status_code == 302


# --- Secrets of a draft ---


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

    assert BaseConnection.objects.get().unseal("auth_params") == {}
    html = page(signed_in.get(address(draft)))
    assert "Kept with your draft" not in html
    assert signed_in.post(address(draft), {**inputs(html), "intent": "create"}).status_code == 422


def test_the_former_place_brings_the_secrets_back_while_the_page_is_open(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft)))) | {"name": "Orders", PART + "DATABASE": "shop"}
    elsewhere = {"intent": "draft", PART + "SERVER": "evil.example.com"}
    signed_in.post(address(draft), {**fields, **elsewhere}, headers=HTMX)
    answer = signed_in.post(address(draft), {**fields, "intent": "create"})

    assert answer.status_code == 302
    assert "c4nary" in BaseConnection.objects.get().unseal("auth_params")["connectionString"]


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
    assert "passPhrase" in draft.unseal("auth_params")
    shown = inputs(page(signed_in.get(address(draft))))
    refused = signed_in.post(address(draft), {**shown, "intent": "create", "auth.params.host": "b.example.com"})

    assert 'id="id_auth.params.passPhrase_error"' in page(refused)


def test_a_secret_that_is_not_valid_is_left_out(signed_in, half_filled):
    signed_in.post(URL, half_filled(**{PART + "PASSWORD": "tab\there"}), headers=HTMX)

    assert BaseConnection.objects.get().unseal("auth_params") == {}


def test_what_the_page_showed_as_a_secret_is_kept_out_of_what_is_shown(signed_in, half_filled):
    """The catalog was read anew while the form was open."""
    shown = f"connectionString.PASSWORD,{'connectionString.USERNAME'}"
    signed_in.post(URL, half_filled(**{"shown.secrets": shown, PART + "USERNAME": CANARY}), headers=HTMX)

    assert CANARY not in str(BaseConnection.objects.get().unseal("form_values"))


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
    assert CANARY[:6] in BaseConnection.objects.get().unseal("auth_params")["connectionString"]


def test_no_page_and_no_column_shows_the_secret_of_a_draft(signed_in, draft, caplog):
    for path in ("/", "/connect/", "/connections/", address(draft), f"/connect/drafts/{draft.uuid}/check/"):
        html = page(signed_in.get(path, follow=True))
        assert "c4nary" not in html, path
    with database.cursor() as cursor:
        cursor.execute("select * from connections_baseconnection")
        row = cursor.fetchone()
    assert all("c4nary" not in str(value) and b"c4nary" not in bytes(str(value), "utf-8") for value in row)
    assert "c4nary" not in caplog.text


# --- Whose it is ---


def test_nobody_else_gets_at_a_draft(client, bob, draft, half_filled):
    client.force_login(bob)
    mine = half_filled("Taken over", submission_id=str(draft.uuid))

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft), mine).status_code == 404
    assert client.post(address(draft), {**mine, "intent": "create"}).status_code == 404
    assert client.get(f"/connect/drafts/{draft.uuid}/check/").status_code == 404
    assert client.post(f"/connect/drafts/{draft.uuid}/discard/").status_code == 404
    assert client.get(f"{URL}?clone={draft.uuid}").status_code == 404
    assert "Unnamed PostgreSQL connection" not in page(client.get("/")) + page(client.get("/connect/"))
    assert [row.name for row in BaseConnection.objects.all()] == [""]


@pytest.mark.parametrize("intent", ["draft", "check"])
def test_the_same_id_saves_nothing_over_somebody_elses_draft(client, bob, draft, half_filled, intent):
    client.force_login(bob)
    client.post(URL, half_filled("Taken over", intent=intent, submission_id=str(draft.uuid)), headers=HTMX)

    found = BaseConnection.objects.get()
    assert (found.name, found.created_by_id, found.test_status) == ("", draft.created_by_id, "")
    assert found.unseal("auth_params") == {"connectionString.PASSWORD": CANARY}


def test_somebody_elses_form_with_the_same_id_leaves_the_draft_alone(client, bob, draft, filled):
    client.force_login(bob)
    client.post(URL, filled("Bobs", submission_id=str(draft.uuid)))

    kept = BaseConnection.objects.get(pk=draft.pk)
    assert (kept.status, kept.name) == (Status.DRAFT, "")


# --- Continue ---


@pytest.mark.parametrize("path", ["/", "/connect/"])
def test_drafts_are_listed_to_go_on_with(signed_in, draft, half_filled, path):
    signed_in.post(URL, half_filled("Named"), headers=HTMX)
    html = page(signed_in.get(path))

    assert "Unnamed PostgreSQL connection" in html
    assert html.index("Named") < html.index("Unnamed PostgreSQL connection")
    assert address(draft) in html
    assert f"/connect/drafts/{draft.uuid}/discard/" in html


def test_without_drafts_there_is_nothing_to_go_on_with(signed_in, organization):
    assert "Continue" not in page(signed_in.get("/")) + page(signed_in.get("/connect/"))


def test_a_draft_is_discarded_with_its_secrets(signed_in, draft):
    answer = signed_in.post(f"/connect/drafts/{draft.uuid}/discard/", {"next": "choose"})

    assert answer["Location"] == "/connect/"
    assert not BaseConnection.objects.exists()
    assert signed_in.get(address(draft)).status_code == 404
    assert signed_in.post(f"/connect/drafts/{draft.uuid}/discard/").status_code == 404


def test_what_is_typed_into_a_draft_that_was_discarded_meanwhile_is_not_lost(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft))))
    signed_in.post(f"/connect/drafts/{draft.uuid}/discard/")
    signed_in.post(address(draft), {**fields, "intent": "draft", "name": "Saved"}, headers=HTMX)
    assert BaseConnection.objects.get().name == "Saved"

    signed_in.post(f"/connect/drafts/{draft.uuid}/discard/")
    changes = {"intent": "create", "name": "Sent", PART + "DATABASE": "shop"}
    assert signed_in.post(address(draft), {**fields, **changes}).status_code == 302


def test_a_draft_that_was_sent_in_another_tab_can_be_sent_as_another_connection(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft)))) | {"intent": "create", PART + "DATABASE": "shop"}
    signed_in.post(address(draft), {**fields, "name": "First"})
    second = signed_in.post(address(draft), {**fields, "name": "Second"})
    assert second.status_code == 422
    assert "was sent already" in page(second)
    action = re.search(r'id="connect-form"[^>]* action="([^"]*)"', page(second))[1]
    signed_in.post(action, {**inputs(page(second)), "intent": "create"})

    names = BaseConnection.objects.values_list("name", "status")
    assert sorted(names) == [("First", Status.WAITING), ("Second", Status.WAITING)]


def test_opening_a_draft_that_was_sent_leads_to_its_connection(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft)))) | {"intent": "create", PART + "DATABASE": "shop"}
    signed_in.post(address(draft), {**fields, "name": "Orders"})

    assert signed_in.get(address(draft))["Location"] == draft.get_absolute_url()


def test_a_draft_is_erased_a_week_after_it_was_saved_last(signed_in, draft):
    old = draft.stepped_at - timedelta(days=7, minutes=1)
    BaseConnection.objects.update(stepped_at=old)
    sweep()

    assert not BaseConnection.objects.exists()


def test_a_draft_of_a_practice_organization_can_be_gone_on_with_in_the_one_that_is_in_reach(
    signed_in, draft, settings, organization
):
    settings.PRACTICE = not settings.PRACTICE
    answer = signed_in.get(address(draft), follow=True)

    assert answer.redirect_chain == []
    assert "Continue: PostgreSQL" in page(answer)


def test_a_strange_id_is_a_form_of_its_own(signed_in, half_filled):
    signed_in.post(URL, half_filled(submission_id="x"), headers=HTMX)

    assert isinstance(BaseConnection.objects.get().uuid, uuid.UUID)


def test_a_name_with_a_control_character_is_kept_without_it(signed_in, half_filled):
    assert signed_in.post(URL, half_filled("a\0b", description="x" * 3000), headers=HTMX).status_code == 200
    assert BaseConnection.objects.get().name == "ab"
