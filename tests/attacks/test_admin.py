"""The admin: for administrators, for looking, and without a secret, whatever one asks it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client

from tests.access.addresses import paths
from tests.conftest import CANARY
from wizard.access.models import Grant
from wizard.admin.rows import ConnectionRows, PersonRows, site
from wizard.admin.site import Looking
from wizard.connections.models import BaseConnection, Change
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.vault.fields import SealedField

ROWS = {f"/admin/{model._meta.app_label}/{model._meta.model_name}/": model for model in site._registry}


@pytest.fixture
def one_of_each(connected: Callable[..., BaseConnection], alice: User, bob: User) -> BaseConnection:
    connection = connected()
    change = Change(connection=connection, kind="edit", status="conflict", revision=0, created_by=alice)
    change.seal("before", {"name": CANARY})
    change.seal("wanted", {"secrets": {"x": CANARY}})
    change.save()
    return connection


def rows_of(model: type[models.Model]) -> list[str]:
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    return [f"{address}{row.pk}/" for row in model._default_manager.all()]


def every_page() -> list[str]:
    apps = {f"/admin/{model._meta.app_label}/" for model in site._registry}
    return ["/admin/", *apps, *ROWS, *(page for model in ROWS.values() for page in rows_of(model))]


def test_it_has_no_address_but_for_looking() -> None:
    names = {name for name in paths() if name.startswith("admin:")}
    kept = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}"
        for model in ROWS.values()
        for view in ("changelist", "change")
    }

    assert names == {"admin:index", "admin:app_list"} | kept
    assert admin.site.is_registered(User) is False, "Django's own site stays empty"


def test_an_administrator_sees_every_row(signed_in: Client, one_of_each: BaseConnection) -> None:
    for page in every_page():
        answer = signed_in.get(page)
        assert answer.status_code == 200, page
        assert "no-store" in answer["Cache-Control"], page
    assert "Orders" in signed_in.get("/admin/connections/baseconnection/").text
    assert one_of_each.base_connection_id in signed_in.get(rows_of(BaseConnection)[0]).text
    assert Event.objects.filter(kind=Kind.VIEWED, connection=one_of_each).count() == 1, "a look at a row is on record"


def test_drafts_are_nobody_elses(client: Client, alice: User, bob: User, filled: Callable[..., dict[str, str]]) -> None:
    client.force_login(bob)
    client.post("/connect/postgres/", filled("Bob's", intent="draft"))
    client.force_login(alice)

    assert "Bob" not in client.get("/admin/connections/baseconnection/").text
    assert client.get(rows_of(BaseConnection)[0]).status_code == 404


def test_nobody_else_sees_any(client: Client, bob: User, charlie: User, one_of_each: BaseConnection) -> None:
    pages = every_page()
    client.logout()
    for page in pages:
        assert client.get(page)["Location"].startswith("/sign-in/?next=/admin/"), page
    Grant.objects.filter(person=bob).update(role=3)
    for person in (bob, charlie):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {403}
    User.objects.filter(pk=bob.pk).update(is_admin=True, is_active=False)
    client.force_login(bob)
    assert {client.get(page).status_code for page in pages} == {302}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_by_any_request(signed_in: Client, one_of_each: BaseConnection, method: str) -> None:
    before = {model: list(model._default_manager.order_by("pk").values()) for model in ROWS.values()}
    fields = {"name": "x", "email": "x@example.com", "is_admin": "on", "status": "deleted", "_save": "Save"}
    fields |= {"action": "delete_selected", "_selected_action": "1", "post": "yes", "select_across": "1"}
    for page in every_page():
        assert getattr(signed_in, method)(page, fields).status_code == 403, page
        for more in ("add/", "change/", "delete/", "history/", "1/delete/", "1/history/", "1/password/"):
            assert getattr(signed_in, method)(page + more, fields).status_code in (403, 404), page + more

    assert {model: list(model._default_manager.order_by("pk").values()) for model in ROWS.values()} == before


def test_there_is_no_form_to_change_anything_with(signed_in: Client, one_of_each: BaseConnection) -> None:
    for page in every_page():
        for more in ("", "add/", "delete/", "history/"):
            answer = signed_in.get(page + more)
            assert answer.status_code in (200, 404), page + more
            for word in ('name="_save"', "deletelink", "addlink", 'name="action"', "<select name", "<textarea"):
                assert word not in answer.text, (page + more, word)


@pytest.mark.parametrize(
    "address",
    [
        "login/",
        "logout/",
        "password_change/",
        "jsi18n/",
        "autocomplete/",
        "r/1/1/",
        "doc/",
        "auth/user/",
        "vault/keycanary/",
    ],
)
def test_it_has_no_doors_of_its_own(client: Client, signed_in: Client, address: str) -> None:
    for ask in (signed_in.get, signed_in.post):
        assert ask(f"/admin/{address}").status_code in (403, 404)
    client.logout()
    assert client.get(f"/admin/{address}").status_code in (302, 404)


def test_no_page_shows_a_secret(signed_in: Client, alice: User, one_of_each: BaseConnection, flow_service: Any) -> None:
    organization = Organization.objects.get()
    secrets = [CANARY, flow_service.client_secret, alice.password, organization.unseal("access_token").open()]
    for model in ROWS.values():
        sealed = [field.name for field in model._meta.fields if isinstance(field, models.BinaryField)]
        secrets += (
            [bytes(value).hex() for row in model._default_manager.values_list(*sealed) for value in row if value]
            if sealed
            else []
        )
    for page in every_page():
        text = signed_in.get(page).text
        for secret in secrets:
            assert secret not in text, page
        assert "argon2" not in text
        assert "md5$" not in text


@pytest.mark.parametrize(
    "question",
    [
        "password__startswith=md5",
        "password__gt=a",
        "auth_params__isnull=0",
        "client_secret__isnull=True",
        "organization__client_secret__isnull=False",
        "created_by__password__startswith=md5",
        "digest__startswith=a",
        "person__password__contains=a",
        "_to_field=password",
        "_to_field=auth_params",
        "o=password",
        "invited_by__email__contains=a",
        "pk__gt=0",
    ],
)
def test_no_question_spells_out_what_is_not_shown(
    signed_in: Client, one_of_each: BaseConnection, question: str
) -> None:
    """A filter that says yes or no to a guess tells a secret letter by letter."""
    for page in ROWS:
        whole, asked = signed_in.get(page), signed_in.get(f"{page}?{question}")
        assert asked.status_code in (302, 400) or asked.text.count("<tr>") == whole.text.count("<tr>"), page


def test_its_search_knows_no_secret(signed_in: Client, alice: User, one_of_each: BaseConnection) -> None:
    for page in (page for page, model in ROWS.items() if site._registry[model].search_fields):
        for words in (CANARY, alice.password[:12], "md5"):
            assert 'id="result_list"' not in signed_in.get(page, {"q": words}).text, page


@pytest.mark.parametrize(
    ("model", "rows", "change", "identity"),
    [
        (BaseConnection, ConnectionRows, {"fields": ("name", "auth_params")}, "wizard.E102"),
        (BaseConnection, ConnectionRows, {"list_display": ("name", "form_values")}, "wizard.E102"),
        (BaseConnection, ConnectionRows, {"search_fields": ("organization__client_secret",)}, "wizard.E102"),
        (BaseConnection, ConnectionRows, {"fields": None}, "wizard.E101"),
        (User, PersonRows, {"fields": ("email", "password")}, "wizard.E102"),
        (User, PersonRows, {"list_filter": ("password",)}, "wizard.E102"),
        (User, PersonRows, {"ordering": ("-password",)}, "wizard.E102"),
    ],
)
def test_a_start_is_refused_where_it_would_show_a_secret(
    model: type[models.Model], rows: type[Looking], change: dict[str, Any], identity: str
) -> None:
    careless = type("Careless", (rows,), change)(model, site)

    assert identity in {error.id for error in careless.check()}


def test_what_is_registered_passes_that_check() -> None:
    for model, rows in site._registry.items():
        assert rows.check() == []
        for field in model._meta.fields:
            assert not isinstance(field, SealedField) or field.name not in rows.fields


def test_its_pages_need_no_script(signed_in: Client, one_of_each: BaseConnection) -> None:
    for page in every_page():
        answer = signed_in.get(page)
        assert "script-src 'none'" in answer["Content-Security-Policy"]
        assert "style-src 'self'" in answer["Content-Security-Policy"]
        assert "<script" not in answer.text
        assert "<style" not in answer.text
        assert " style=" not in answer.text, page
