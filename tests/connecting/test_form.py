"""The generated form, as a browser fills it: what it asks for, what it refuses, and what it keeps."""

import re
import threading

import pytest
from django.db import connection as database
from django.utils.html import escape
from django_q.models import OrmQ

from tests.conftest import CANARY
from tests.people.steps import browser_of
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status

PART = "auth.params.connectionString."


def page(response):
    return response.content.decode()


@pytest.mark.parametrize("spec", [spec for spec in load_catalog().specs if spec.instead], ids=lambda spec: spec.slug)
def test_a_source_without_a_base_connection_says_what_to_do_instead(signed_in, organization, spec):
    html = page(signed_in.get(f"/connect/{spec.slug}/"))

    assert escape(spec.instead) in html
    assert "<textarea" not in html
    assert signed_in.post(f"/connect/{spec.slug}/", {"intent": "create", "name": "x"}).status_code == 200
    assert not BaseConnection.objects.asked_for().exists()


@pytest.mark.parametrize("slug", ["nothing", "POSTGRES"])
def test_an_unknown_source_is_not_found(signed_in, organization, slug):
    assert signed_in.get(f"/connect/{slug}/").status_code == 404


def test_what_is_missing_is_named_at_its_field_and_at_the_top(signed_in, filled):
    response = signed_in.post("/connect/postgres/", filled(name="", **{PART + "SERVER": "", PART + "PORT": "70000"}))

    html = page(response)
    assert response.status_code == 422
    for field in ("id_name", "id_auth.params.connectionString.SERVER", "id_auth.params.connectionString.PORT"):
        assert f'href="#{field}"' in html
        assert re.search(rf'id="{re.escape(field)}_error"', html)
    assert not BaseConnection.objects.asked_for().exists()


def test_nothing_typed_is_lost_but_secrets(signed_in, filled):
    html = page(signed_in.post("/connect/postgres/", filled(name="", description="For the shop")))

    assert 'value="For the shop"' in html
    assert 'value="db.example.com"' in html
    assert CANARY not in html
    assert escape(CANARY) not in html


@pytest.mark.parametrize("value", ["tab\there", "new\nline", "nul\0"])
def test_control_characters_are_refused_at_their_field(signed_in, filled, value):
    html = page(signed_in.post("/connect/postgres/", filled(**{PART + "PASSWORD": value})))

    assert 'id="id_auth.params.connectionString.PASSWORD_error"' in html
    assert not BaseConnection.objects.asked_for().exists()


def test_a_separator_in_a_part_is_refused_at_its_field(signed_in, filled):
    fields = filled(**{PART + "SERVER_NAME": "a\\b", PART + "INSTANCE_NAME": "c"})
    html = page(signed_in.post("/connect/sql-server/", fields))

    assert 'id="id_auth.params.connectionString.SERVER_NAME_error"' in html


def test_spaces_around_a_secret_are_kept_and_around_a_host_removed(asked_for):
    connection = asked_for(**{PART + "PASSWORD": "  both sides ", PART + "SERVER": " db "})

    assert connection.unseal("auth_params").open() == {
        "connectionString": 'Server=db;Database=shop;Port=5432;UID=reader;Password="  both sides "'
    }


def test_a_name_in_use_in_that_sandbox_is_refused_at_its_field(signed_in, filled, asked_for):
    asked_for("Orders")
    html = page(signed_in.post("/connect/mysql/", filled("Orders")))

    assert 'id="id_name_error"' in html
    assert "exists in the sandbox" in html
    assert BaseConnection.objects.asked_for().count() == 1


def test_a_name_in_another_sandbox_is_free(signed_in, filled, asked_for, organization):
    asked_for("Orders")
    other = organization.sandboxes.create(name="dev")
    signed_in.post("/connect/postgres/", filled("Orders", target=str(other.pk)))

    assert sorted(BaseConnection.objects.values_list("sandbox_name", flat=True)) == ["dev", "prod"]


def test_basic_authentication_sends_the_fields_by_their_wire_names(asked_for):
    values = {"server": "db", "port": "0443", "database": "d", "username": "u", "password": CANARY, "sslMode": ""}
    fields = {f"auth.params.{name}": value for name, value in values.items()}
    connection = asked_for(**{"auth.specName": "basic-azure", **fields})

    assert connection.auth_spec_name == "Basic Authentication"
    del values["sslMode"]
    assert connection.unseal("auth_params").open() == values


def test_switching_keeps_what_was_typed_by_its_label_and_drops_secrets(signed_in, filled):
    fields = filled(intent="switch", **{"auth.specName": "basic-azure", "name": "", PART + "DATABASE": "shop"})
    response = signed_in.post("/connect/postgres/", fields, headers={"HX-Request": "true"})

    html = page(response)
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    assert "<!doctype html>" not in html.lower()
    assert re.search(r'name="auth\.params\.server" value="db\.example\.com"', html)
    assert re.search(r'name="auth\.params\.database" value="shop"', html)
    assert re.search(rf'type="hidden" name="{re.escape(PART)}SERVER" value="db\.example\.com"', html)
    assert escape(CANARY) not in html
    assert "is-invalid" not in html


def test_switching_there_and_back_loses_nothing(signed_in, filled):
    basic = page(signed_in.post("/connect/postgres/", filled(intent="switch", **{"auth.specName": "basic-azure"})))
    carried = dict(re.findall(r'type="hidden" name="(auth\.params\.[^"]+)" value="([^"]*)"', basic))
    fields = {"intent": "switch", "auth.specName": "connection-string", **carried}
    html = page(signed_in.post("/connect/postgres/", fields))

    for part, value in (("SERVER", "db.example.com"), ("DATABASE", "shop"), ("USERNAME", "reader")):
        assert re.search(rf'name="{re.escape(PART + part)}" value="{value}"', html)


def test_the_preview_shows_the_request_without_secrets(signed_in, filled):
    fields = filled(intent="preview", **{PART + "DATABASE": "sh;op"})
    html = page(signed_in.post("/connect/postgres/", fields, headers={"HX-Request": "true"}))

    shown = "Server=db.example.com;Database=&quot;sh;op&quot;;Port=5432;UID=reader;Password={PASSWORD}"
    assert shown in html
    assert escape(CANARY) not in html
    assert "<form" not in html


def test_hostile_text_in_a_field_stays_text(signed_in, filled):
    script = "<script>alert(1)</script>"
    html = page(signed_in.post("/connect/postgres/", filled(script, description=script, **{PART + "PORT": "x"})))

    assert script not in html
    assert escape(script) in html


def test_the_same_form_twice_makes_one_row_and_one_task(signed_in, filled):
    fields = filled()
    first = signed_in.post("/connect/postgres/", fields)
    second = signed_in.post("/connect/postgres/", fields)

    assert first["Location"] == second["Location"]
    assert BaseConnection.objects.asked_for().count() == 1
    assert OrmQ.objects.count() == 1


def test_the_same_form_with_other_values_is_asked_about_and_not_lost(signed_in, filled):
    fields = filled()
    signed_in.post("/connect/postgres/", fields)
    html = page(signed_in.post("/connect/postgres/", {**fields, "name": "Other", "description": "changed"}))

    assert "was sent already" in html
    assert 'value="changed"' in html
    assert fields["submission_id"] not in html
    assert BaseConnection.objects.asked_for().count() == 1


def test_a_row_is_kept_only_together_with_its_task(signed_in, filled, monkeypatch):
    def no_queue(*_args):
        raise RuntimeError("no queue")

    monkeypatch.setattr("wizard.connections.tasks.submit_later", no_queue)
    with pytest.raises(RuntimeError, match="no queue"):
        signed_in.post("/connect/postgres/", filled())
    assert not BaseConnection.objects.asked_for().exists()


@pytest.fixture
def failed(asked_for):
    connection = asked_for()
    connection.claim()
    connection.mark_failed("refused", error_kind="Refused", error_code="1415-400", error_status=400)
    return connection


def test_trying_again_fills_in_all_but_secrets_and_reuses_the_row(signed_in, failed, filled):
    url = f"/connect/postgres/?again={failed.uuid}"
    html = page(signed_in.get(url))
    assert 'value="db.example.com"' in html
    assert 'value="Orders"' in html
    assert escape(CANARY) not in html

    signed_in.post(url, filled("Orders", **{PART + "SERVER": "other.example.com"}))

    again = BaseConnection.objects.get()
    assert again.status == Status.WAITING
    assert "other.example.com" in again.unseal("auth_params").open()["connectionString"]
    assert (again.error_code, again.error_kind) == ("", "")
    assert OrmQ.objects.count() == 2


def test_a_connection_that_is_not_failed_cannot_be_tried_again(signed_in, asked_for, filled):
    connection = asked_for()
    url = f"/connect/postgres/?again={connection.uuid}"
    assert signed_in.get(url)["Location"] == connection.get_absolute_url()

    answer = signed_in.post(url, filled("Another"))

    assert answer.status_code == 422
    assert "not failed any more" in page(answer)
    assert [row.name for row in BaseConnection.objects.asked_for()] == ["Orders"]


def test_two_tabs_that_try_again_make_one_create(signed_in, failed, filled):
    url = f"/connect/postgres/?again={failed.uuid}"
    answers = [signed_in.post(url, filled("Orders")).status_code for _ in range(2)]

    assert answers == [302, 422]
    assert BaseConnection.objects.asked_for().count() == 1
    assert OrmQ.objects.count() == 2


def test_an_emptied_field_stays_empty_and_takes_no_default(signed_in, filled):
    fields = filled(intent="preview", **{PART + "PORT": ""})
    html = page(signed_in.post("/connect/postgres/", fields, headers={"HX-Request": "true"}))

    assert "Port={PORT}" in html
    assert "5432" not in html


def test_a_choice_of_another_type_is_neither_shown_nor_sent(signed_in, filled):
    typed = {"auth.params.sslMode": "Require", "auth.specName": "basic-aws"}
    html = page(signed_in.post("/connect/postgres/", filled(intent="switch", **typed)))

    assert "&quot;Require&quot;" not in html


def test_the_preview_trims_what_the_form_trims(signed_in, filled):
    fields = filled(intent="preview", name="  Orders ", **{PART + "SERVER": "  db.example.com "})
    html = page(signed_in.post("/connect/postgres/", fields, headers={"HX-Request": "true"}))

    assert "Server=db.example.com;" in html
    assert "&quot;name&quot;: &quot;Orders&quot;" in html


@pytest.mark.parametrize("name", ["two\nlines", "esc\x1b[31m", "c1\x85x"])
def test_control_characters_in_a_name_are_refused_at_its_field(signed_in, filled, name):
    answer = signed_in.post("/connect/postgres/", filled(name))

    assert answer.status_code == 422
    assert 'id="id_name_error"' in page(answer)


@pytest.mark.parametrize("target", ["²", "-1", "9" * 40, "x", ""])
def test_a_strange_target_is_refused_at_its_field(signed_in, filled, target):
    answer = signed_in.post("/connect/postgres/", filled(target=target))

    assert answer.status_code == 422
    assert 'id="id_target_error"' in page(answer)


def test_a_name_that_is_taken_in_the_same_moment_is_refused_at_its_field(signed_in, filled, asked_for, monkeypatch):
    asked_for("Orders")
    monkeypatch.setattr("wizard.connecting.details_form.DetailsForm._name_is_taken", lambda *_args: False)
    answer = signed_in.post("/connect/postgres/", filled("Orders"))

    assert answer.status_code == 422
    assert 'id="id_name_error"' in page(answer)
    assert BaseConnection.objects.asked_for().count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_many_times_at_once_makes_one_row(alice, filled):
    fields, answers = filled(), []

    def post():
        client = browser_of(alice)
        answers.append(client.post("/connect/postgres/", fields)["Location"])
        database.close()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert BaseConnection.objects.asked_for().count() == 1
    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize("again", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_wrong_id_to_try_again_is_not_found(signed_in, organization, again):
    assert signed_in.get(f"/connect/postgres/?again={again}").status_code == 404


def test_a_sandbox_that_is_not_open_to_us_is_no_choice(signed_in, organization, filled):
    closed = organization.sandboxes.create(name="closed", is_open=False)
    response = signed_in.post("/connect/postgres/", filled(target=str(closed.pk)))

    assert response.status_code == 422
    assert 'id="id_target_error"' in page(response)
