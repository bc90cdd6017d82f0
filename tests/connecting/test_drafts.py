"""A half-filled form is kept as a draft: what of it, and until it is sent."""

import re
import threading

import pytest
from django.db import connection as database
from django.utils.html import escape
from django_q.models import OrmQ

from tests.conftest import CANARY
from tests.connecting.pages import HTMX, PART, URL, address, inputs, page
from tests.people.steps import browser_of
from wizard.catalog.loader import load_catalog
from wizard.connecting.connect_form import ConnectForm
from wizard.connecting.drafting import has_something
from wizard.connections.models import BaseConnection, Submission
from wizard.connections.statuses import Status


def test_what_is_typed_is_kept_and_when_is_said(signed_in, half_filled):
    fields = half_filled("", description="For the shop", **{PART + "PORT": "seventy"})
    answer = signed_in.post(URL, fields, headers=HTMX)

    draft = BaseConnection.objects.get()
    assert re.search(r"Draft saved <time [^>]*>\d\d:\d\d:\d\d UTC</time>", page(answer))
    assert "encrypted" in page(answer)
    assert answer["HX-Replace-Url"] == address(draft)
    assert (draft.status, str(draft.uuid)) == (Status.DRAFT, fields["submission_id"])
    assert (draft.name, draft.description) == ("", "For the shop")
    assert draft.unseal("form_values").open()[PART + "PORT"] == "seventy"
    assert draft.unseal("auth_params").open() == {"connectionString.PASSWORD": CANARY}
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
    assert draft.unseal("auth_params").open() == {"connectionString.PASSWORD": "other"}


def test_an_emptied_form_stays_a_draft(signed_in, half_filled):
    fields = half_filled()
    signed_in.post(URL, fields, headers=HTMX)
    empty = {PART + name: "" for name in ("SERVER", "DATABASE", "USERNAME", "PASSWORD")}
    signed_in.post(URL, {**fields, "name": "", **empty}, headers=HTMX)

    assert BaseConnection.objects.get().unseal("form_values").open()[PART + "SERVER"] == ""


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
    assert "c4nary" in sent.unseal("auth_params").open()["connectionString"]


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
    assert "c4nary" in sent.unseal("auth_params").open()["connectionString"]
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

    assert "This form was sent already." in late.content.decode()
    assert [(row.name, row.status) for row in BaseConnection.objects.all()] == [("Orders", Status.WAITING)]


@pytest.mark.django_db(transaction=True)
def test_drafts_and_submits_at_the_same_time_make_one_connection_and_leave_no_draft(alice, half_filled):
    fields = half_filled()

    def post(intent):
        client = browser_of(alice)
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
    assert "other.example.com" in sent.unseal("auth_params").open()["connectionString"]


def test_a_draft_takes_no_name_away(signed_in, draft, half_filled, filled):
    signed_in.post(URL, half_filled("Orders"), headers=HTMX)

    assert signed_in.post(URL, filled("Orders")).status_code == 302


def test_a_draft_too_many_is_told_and_nothing_is_lost(signed_in, alice, half_filled, monkeypatch):
    monkeypatch.setattr("wizard.asking.drafts.MOST_DRAFTS", 1)
    first, second = half_filled(), half_filled()
    signed_in.post(URL, {**first, "name": "First"}, headers=HTMX)
    for headers in (HTMX, {}):
        html = signed_in.post(URL, {**second, "name": "Second"}, headers=headers).content.decode()
        assert "You have 1 drafts" in html
    assert 'value="Second"' in html
    checked = signed_in.post(URL, {**second, "intent": "check"}, headers=HTMX).content.decode()
    assert "You have 1 drafts" in checked
    assert signed_in.post(URL, {**first, "name": "First again"}, headers=HTMX).status_code == 200
    assert [row.name for row in BaseConnection.objects.all()] == ["First again"]
