"""A clone: a new form with all that another connection was made with, secrets aside."""

import pytest
from django.utils.html import escape

from tests.conftest import CANARY
from tests.connecting.pages import PART, URL, inputs, page
from wizard.connections.models import BaseConnection


@pytest.fixture
def orders(asked_for):
    return asked_for("Orders", description="For the shop")


def clone(signed_in, connection):
    return page(signed_in.get(f"{URL}?clone={connection.uuid}"))


def test_it_is_filled_with_all_but_the_secrets(signed_in, orders):
    html = clone(signed_in, orders)

    assert 'value="Orders (copy)"' in html
    assert 'value="For the shop"' in html
    for part, value in (("SERVER", "db.example.com"), ("DATABASE", "shop"), ("USERNAME", "reader")):
        assert inputs(html)[PART + part] == value
    assert escape("Filled in from “Orders”.") in html
    assert "Secrets have to be typed again" in html
    assert "Kept with your draft" not in html
    assert escape(CANARY) not in html
    assert inputs(html)["held"] == ""


def test_it_makes_a_connection_of_its_own(signed_in, orders):
    fields = inputs(clone(signed_in, orders))
    url = f"{URL}?clone={orders.uuid}"
    assert signed_in.post(url, {**fields, "intent": "create"}).status_code == 422
    signed_in.post(url, {**fields, "intent": "create", PART + "PASSWORD": "own"})

    copy = BaseConnection.objects.get(name="Orders (copy)")
    assert copy.uuid != orders.uuid
    assert "Password=own" in copy.unseal("auth_params").open()["connectionString"]


def test_its_sandbox_is_the_same_until_another_one_is_chosen(signed_in, orders, organization):
    other = organization.sandboxes.create(name="dev")
    BaseConnection.objects.filter(pk=orders.pk).update(sandbox_name="dev", form_values=None)

    assert inputs(clone(signed_in, orders))["target"] == str(other.pk)


def test_names_that_are_taken_are_numbered(signed_in, orders, asked_for):
    first = asked_for("Orders (copy)")
    assert 'value="Orders (copy 2)"' in clone(signed_in, orders)
    second = asked_for("Orders (copy 2)")

    for connection in (orders, first, second):
        assert 'value="Orders (copy 3)"' in clone(signed_in, connection)


def test_a_long_name_stays_short_enough(signed_in, asked_for):
    long = asked_for("x" * 255)
    name = inputs(clone(signed_in, long))["name"]

    assert len(name) == 255
    assert name.endswith("x (copy)")


@pytest.mark.parametrize("end", ["failed", "deleted"])
def test_what_failed_or_is_deleted_can_be_cloned(signed_in, orders, end):
    orders.claim()
    if end == "failed":
        orders.mark_failed("refused")
    else:
        orders.mark_connected("id", "etag")
        orders.mark_deleted("done")

    assert inputs(clone(signed_in, orders))[PART + "SERVER"] == "db.example.com"


@pytest.mark.parametrize("uuid", ["x", "00000000-0000-0000-0000-000000000000"])
def test_what_there_is_not_cannot_be_cloned(signed_in, organization, uuid):
    assert signed_in.get(f"{URL}?clone={uuid}").status_code == 404


def test_what_belongs_to_another_source_cannot_be_cloned_here(signed_in, orders):
    assert signed_in.get(f"/connect/mysql/?clone={orders.uuid}").status_code == 404


def test_ones_own_draft_cannot_be_cloned(signed_in, filled):
    signed_in.post(URL, filled("Draft", intent="draft"))

    assert signed_in.get(f"{URL}?clone={BaseConnection.objects.get().uuid}").status_code == 404


def test_further_keys_that_may_be_secrets_have_to_be_pasted_again(signed_in, filled):
    pasted = "Server=db;Port=1;Database=d;UID=u;Password=p;SSL Password=zz9zz;ApplicationName=x"
    fields = inputs(page(signed_in.post(URL, filled(intent="paste", pasted=pasted))))
    extra = {"intent": "create", "name": "Orders", "extra": ["SSL Password", "ApplicationName"]}
    signed_in.post(URL, {**fields, **extra})
    html = clone(signed_in, BaseConnection.objects.get())

    assert "zz9zz" not in html
    assert "since they may be secrets: SSL Password" in html
    assert "ApplicationName=x" in html
