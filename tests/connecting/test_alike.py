"""A connection to the same destination is pointed out while the form is filled in, and stands in nobody's way."""

import re

import pytest

from tests.connecting.pages import HTMX, PART, URL, inputs, page
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status

EXISTS = "A connection to this destination exists"
SEVERAL = "Connections to this destination exist"


@pytest.fixture
def orders(asked_for):
    return asked_for("Orders")


@pytest.fixture
def previewed(signed_in, filled):
    """What the page gets while one types; keyword arguments change fields."""

    def post(name="Other", **changes):
        return page(signed_in.post(URL, filled(name, **{"intent": "preview", **changes}), headers=HTMX))

    return post


def test_it_is_pointed_out_while_one_types(previewed, orders):
    html = previewed(**{PART + "PASSWORD": ""})

    assert EXISTS in html
    assert '<div class="notice alike"' in html
    assert 'id="alike" hx-swap-oob="true"' in html
    assert "<b>Orders</b> (Waiting)" in html
    assert f'href="{orders.get_absolute_url()}"' in html
    assert f'href="/connect/postgres/?clone={orders.uuid}"' in html


@pytest.mark.parametrize("server", ["DB.Example.com.", "db.example.com "])
def test_another_spelling_of_the_host_is_the_same_place(previewed, orders, server):
    assert EXISTS in previewed(**{PART + "SERVER": server})


@pytest.mark.parametrize("part", ["SERVER", "PORT", "DATABASE", "USERNAME"])
def test_another_destination_empties_the_notice(previewed, orders, part):
    html = previewed(**{PART + part: "6543" if part == "PORT" else "other"})

    assert '<div id="alike" hx-swap-oob="true">' in html
    assert EXISTS not in html


@pytest.mark.parametrize("part", ["SERVER", "DATABASE"])
def test_a_destination_that_is_not_complete_is_like_none(previewed, orders, part):
    assert EXISTS not in previewed(**{PART + part: ""})


def test_in_another_sandbox_there_is_none(previewed, orders, organization):
    other = organization.sandboxes.create(name="dev")

    assert EXISTS not in previewed(target=str(other.pk))


def test_a_switch_says_it_too(previewed, orders):
    html = previewed(intent="switch")

    assert EXISTS in html
    assert html.count('id="alike"') == 1


def test_the_one_to_try_again_is_not_pointed_out_to_itself(signed_in, orders):
    orders.claim()
    orders.mark_failed("refused")

    assert EXISTS not in page(signed_in.get(f"{URL}?again={orders.uuid}"))


def test_a_draft_is_not_pointed_out(signed_in, filled, previewed, organization):
    signed_in.post(URL, filled("Draft", intent="draft"), headers=HTMX)

    assert EXISTS not in previewed()


def test_without_javascript_it_stands_on_the_page_of_a_draft_and_of_a_refused_form(signed_in, filled, orders):
    signed_in.post(URL, filled("Draft", intent="draft"))
    draft = BaseConnection.objects.get(status=Status.DRAFT)

    for html in (page(signed_in.get(f"{URL}?again={draft.uuid}")), page(signed_in.post(URL, filled("")))):
        assert EXISTS in html
        assert 'hx-swap-oob="true"' not in html


def test_a_clone_is_told_of_others_than_its_original(signed_in, filled, orders):
    assert EXISTS not in page(signed_in.get(f"{URL}?clone={orders.uuid}"))
    signed_in.post(URL, filled("Its twin"))

    html = page(signed_in.get(f"{URL}?clone={orders.uuid}"))
    assert EXISTS in html
    assert "Its twin" in html


def test_it_stands_in_nobodys_way(signed_in, filled, orders):
    assert signed_in.post(URL, filled("Another")).status_code == 302


def test_at_most_five_are_named(signed_in, filled, previewed):
    for number in range(6):
        signed_in.post(URL, filled(f"Number {number}"))
    html = previewed()

    assert SEVERAL in html
    assert re.findall(r"<b>(Number \d)</b>", html) == [f"Number {number}" for number in (5, 4, 3, 2, 1)]


def test_hostile_names_stay_text(signed_in, filled, previewed):
    signed_in.post(URL, filled("<script>alert(1)</script>"))

    assert "<script>" not in previewed()


def test_the_first_page_says_nothing(signed_in, orders):
    html = page(signed_in.get(URL))

    assert EXISTS not in html
    assert inputs(html)["submission_id"]
