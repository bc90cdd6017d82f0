"""Every address, as every role, about one's own and about another organization's."""

import re
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.access.addresses import NO_UUID, addresses, paths
from tests.access.matrix import FORBIDDEN, NOT_FOUND, RULES, SIGN_IN, WHO, YES, Rule, page
from tests.access.world import World
from wizard.monitoring.bounded import Bounded

PAGE = Path(__file__).parents[2] / "docs" / "access.md"


@pytest.fixture(autouse=True)
def seen_by_itself_alone(monkeypatch):
    """What a test has not committed is not there for the thread that asks for the health: here it may not ask."""
    monkeypatch.setattr("wizard.monitoring.readiness._asked", Bounded(lambda: {"database": True, "keys": True}))


@pytest.fixture
def world(connected, organization):
    return World(organization, connected())


def filled_in(name, arguments):
    return re.sub(r"<\w+:(\w+)>", lambda found: str(arguments[found[1]]), paths()[name])


def outcome(answer):
    if answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next="):
        return SIGN_IN
    assert answer.status_code < 500
    return {403: FORBIDDEN, 404: NOT_FOUND}.get(answer.status_code, YES)


def asked_as(person, method, path, data):
    """The answer; whatever it changes is undone."""
    client = Client()
    if person:
        client.force_login(person)
    with transaction.atomic():
        answer = getattr(client, method.lower())(path, data if method == "POST" else None)
        transaction.set_rollback(True)
    return answer


def test_every_address_is_in_the_matrix():
    assert {name for name, _ in addresses()} == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name} {rule.methods}")
def test_everybody_gets_what_the_matrix_says(world, rule: Rule):
    path = filled_in(rule.name, world.arguments(rule.name))
    for who in WHO:
        for method in rule.methods.split():
            answer = asked_as(world.people.get(who), method, path, rule.data)
            if rule.role == "public":
                # A token that was made up is not found, mail that is not set up sends nothing.
                assert outcome(answer) != SIGN_IN, (who, method)
            elif rule.of == "factor" and who != "nobody":
                assert outcome(answer) in (YES, NOT_FOUND), (who, method)
            else:
                assert outcome(answer) == rule.expected(who), (who, method)


@pytest.mark.parametrize("rule", [rule for rule in RULES if "<uuid" in paths()[rule.name]], ids=lambda rule: rule.name)
def test_what_is_not_there_is_not_found_by_anybody(world, rule: Rule):
    path = re.sub(r"<uuid:\w+>", NO_UUID, paths()[rule.name])
    for who in WHO[1:]:
        for method in rule.methods.split():
            assert asked_as(world.people[who], method, path, rule.data).status_code == 404, who


# allauth takes another method for a GET.
@pytest.mark.parametrize(
    "name", sorted(name for name in paths() if not name.startswith(("account_", "mfa_", "usersessions_")))
)
def test_another_method_than_the_matrix_says_does_nothing(world, name):
    allowed = {method for rule in RULES if rule.name == name for method in rule.methods.split()}
    path = filled_in(name, world.arguments(name))
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - allowed:
        assert asked_as(world.people["connector"], method, path, {}).status_code in (403, 404, 405), method


def test_the_page_of_the_documentation_is_made_from_the_matrix():
    assert PAGE.read_text() == page(paths())


def test_a_fragment_is_for_those_who_may_open_the_page(world):
    path, htmx = f"/connections/{world.connection.uuid}/", {"HX-Request": "true"}
    for who, status in (("viewer", 200), ("elsewhere", 404), ("no role", 404)):
        client = Client()
        client.force_login(world.people[who])
        assert client.get(path, headers=htmx).status_code == status
    assert Client().get(path, headers=htmx).status_code == 302
