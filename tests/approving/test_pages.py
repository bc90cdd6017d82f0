"""What each person sees of what waits for approval: on its page, on home, in the history, and before they ask."""

import re

import pytest

from tests.approving.steps import decide, key_of, page_of
from tests.people.steps import browser_of
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection
from wizard.people.models import User


def home_of(person):
    return browser_of(person).get("/").content.decode()


def listed(html, title):
    """The names in that list of home."""
    found = re.search(rf"{title}</h2>.*?</section>", html, re.DOTALL)
    return re.findall(r'<a href="/connections/[^"]{36}/">([^<]+)</a>', found[0]) if found else []


def test_whoever_may_decide_sees_what_by_whom_since_when_and_the_request(asked, carol):
    html = page_of(carol, asked())

    for words in (
        "May this connection be created?",
        "bob@example.com",
        'id="approve"',
        'id="reject"',
        "db.example.com",
    ):
        assert words in html
    assert "As it will be sent" in html
    assert 'id="withdraw"' not in html


def test_the_asker_sees_who_can_decide_and_can_withdraw(asked, bob, alice, carol, vera, erin):
    html = page_of(bob, asked())

    assert 'id="withdraw"' in html
    assert 'id="approve"' not in html
    assert re.findall(r'class="person">([^<]+)<', html) == ["alice@example.com", "carol@example.com"]


def test_others_read_that_it_waits(asked, vera, carol):
    html = page_of(vera, asked())

    assert "Somebody has to approve that it is created" in html
    for name in ("approve", "reject", "withdraw"):
        assert f'id="{name}"' not in html


def test_at_most_ten_names_are_listed(asked, bob, organization):
    for number in range(13):
        person = User.objects.create_user(f"p{number:02}@example.com", "x")
        Grant.objects.create(person=person, organization=organization, role=Role.CONNECTOR)
    html = page_of(bob, asked())

    assert html.count('class="person"') == 10
    assert "and 3 more" in html


def test_a_closed_account_is_nobody_to_ask(asked, bob, carol):
    connection = asked()
    User.objects.filter(pk=carol.pk).update(is_active=False)

    assert "At present nobody" in page_of(bob, connection)


def test_it_is_read_anew_slowly_and_without_a_progress_bar(asked, bob):
    html = page_of(bob, asked())

    assert 'hx-trigger="every 15s"' in html
    assert "<progress" not in html
    assert 'content="30"' in html


def test_the_fragment_brings_the_decision_along(asked, bob, carol):
    connection = asked()
    decide(carol, connection, "approve")
    html = browser_of(bob).get(connection.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()

    assert 'hx-trigger="every 100ms"' in html
    assert "Approved" in html


def test_home_lists_it_for_those_who_may_decide_and_for_its_asker(asked, alice, bob, carol, vera, erin):
    asked()

    assert listed(home_of(carol), "Waits for your approval") == ["Orders"]
    assert listed(home_of(alice), "Waits for your approval") == ["Orders"]
    assert "<b>1</b> for you to approve" in home_of(carol)
    assert listed(home_of(bob), "You wait for approval") == ["Orders"]
    for person in (bob, vera, erin):
        assert listed(home_of(person), "Waits for your approval") == []
        assert "for you to approve" not in home_of(person)
    assert listed(home_of(carol), "You wait for approval") == []


def test_home_forgets_it_when_it_is_decided(asked, bob, carol):
    connection = asked()
    decide(carol, connection, "approve")

    assert "Waits for your approval" not in home_of(carol)
    assert "You wait for approval" not in home_of(bob)


def test_a_delete_is_on_home_for_other_admins_alone(connected, strict, alice, dave, carol):
    strict.needs_approval = False
    strict.save()
    connection = connected()
    type(strict).objects.update(needs_approval=True)
    browser_of(dave).post(f"{connection.get_absolute_url()}delete/", {"name": "Orders"})

    assert listed(home_of(alice), "Waits for your approval") == ["Orders"]
    assert listed(home_of(carol), "Waits for your approval") == []
    assert listed(home_of(dave), "Waits for your approval") == []
    assert listed(home_of(dave), "You wait for approval") == ["Orders"]
    assert "May this connection be deleted?" in page_of(alice, connection)
    assert f"DELETE /connections/{connection.base_connection_id}" in page_of(alice, connection)
    history = browser_of(alice).get("/connections/?status=approval").content.decode()
    assert "Delete to approve" in history


def test_the_history_has_a_filter_of_its_own_for_it(asked, alice, filled):
    asked()
    browser = browser_of(alice)

    assert ">Orders</a>" in browser.get("/connections/?status=approval").content.decode()
    assert ">Orders</a>" not in browser.get("/connections/?status=active").content.decode()
    assert browser.get("/connections/").content.decode().count(">Waiting for approval</option>") == 1


def test_the_form_says_what_the_sandbox_asks_for(strict, bob, carol):
    html = browser_of(bob).get("/connect/postgres/").content.decode()

    assert "Nothing is sent before another person approves it" in html
    assert "carol@example.com" in html


def test_the_form_says_if_nobody_can_approve_and_still_asks(strict, alice, filled):
    browser = browser_of(alice)
    assert "nobody can give it" in browser.get("/connect/postgres/").content.decode()
    browser.post("/connect/postgres/", filled())

    assert "At present nobody" in page_of(alice, BaseConnection.objects.get())


def test_the_form_of_another_sandbox_says_nothing_of_it(strict, bob, organization, filled):
    free = organization.sandboxes.create(name="free", needs_approval=False)
    preview = browser_of(bob).post(
        "/connect/postgres/", filled(target=str(free.pk), intent="preview"), headers={"HX-Request": "true"}
    )

    assert 'id="rule"' in preview.content.decode()
    assert "second person" not in preview.content.decode()


def test_the_page_of_a_delete_says_it_too(connected, strict, alice, dave):
    strict.needs_approval = False
    strict.save()
    connection = connected()
    type(strict).objects.update(needs_approval=True)
    html = browser_of(alice).get(f"{connection.get_absolute_url()}delete/").content.decode()

    assert "Nothing is deleted before another person approves it" in html
    assert "dave@example.com" in html


@pytest.mark.parametrize(("name", "code"), [("carol", 200), ("bob", 403), ("vera", 403), ("charlie", 404)])
def test_the_page_of_a_rejection_is_for_those_who_may_decide(asked, request, name, code):
    connection = asked()
    answer = browser_of(request.getfixturevalue(name)).get(f"{connection.get_absolute_url()}reject/")

    assert answer.status_code == code
    assert (key_of(connection) in answer.content.decode()) is (code == 200)


def test_there_is_nothing_to_reject_where_nothing_waits(connected, alice):
    connection = connected()
    html = browser_of(alice).get(f"{connection.get_absolute_url()}reject/", follow=True).content.decode()

    assert "Nothing waits for approval here any more." in html
