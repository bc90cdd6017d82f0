"""A production sandbox that is found is closed for use here until an admin types its name."""

import pytest

from tests.people.steps import browser_of
from wizard.administering import checking
from wizard.flow_service.datatypes import RemoteSandbox
from wizard.organizations.models import Sandbox
from wizard.record.kinds import Kind
from wizard.record.models import Event


def remote(name, kind="production", state="active"):
    return RemoteSandbox(name=name, title=name.title(), type=kind, state=state, region="", is_default=name == "prod")


@pytest.fixture
def live(organization):
    """A production sandbox that a check has found."""
    checking.keep_sandboxes(organization, [remote("prod"), remote("live"), remote("dev", "development")])
    return organization.sandboxes.get(name="live")


@pytest.fixture
def url(live):
    return f"/organizations/{live.organization.uuid}/sandboxes/{live.pk}/"


def confirmed(organization):
    return {sandbox.name: sandbox.is_confirmed for sandbox in organization.sandboxes.all()}


def test_development_is_open_at_once_and_production_waits_for_an_admin(organization, live):
    assert confirmed(organization) == {"prod": True, "live": False, "dev": True}


@pytest.mark.parametrize("kind", ["Production", "", "something new"])
def test_what_is_not_said_to_be_for_development_waits_too(organization, kind):
    checking.keep_sandboxes(organization, [remote("other", kind)])

    assert not organization.sandboxes.get(name="other").is_confirmed


def test_a_later_check_closes_nothing_that_was_confirmed_and_opens_nothing_that_was_not(organization, live):
    checking.keep_sandboxes(organization, [remote("prod"), remote("live")])
    assert confirmed(organization) == {"prod": True, "live": False, "dev": True}
    Sandbox.objects.update(is_confirmed=True)
    checking.keep_sandboxes(organization, [remote("prod"), remote("live")])

    assert confirmed(organization) == {"prod": True, "live": True, "dev": True}


def test_development_that_became_production_waits_again(organization, live):
    checking.keep_sandboxes(organization, [remote("dev")])

    assert not organization.sandboxes.get(name="dev").is_confirmed


def test_nothing_is_created_in_one_that_is_not_confirmed(signed_in, live, filled):
    html = signed_in.get("/connect/postgres/").content.decode()
    assert f'<option value="{live.pk}"' not in html
    answer = signed_in.post("/connect/postgres/", filled(target=str(live.pk)))

    assert answer.status_code == 422
    assert list(answer.context["form"].details.errors) == ["target"]


def test_typing_its_name_opens_it(signed_in, alice, live, url, filled):
    assert "Type <b>live</b> to confirm" in signed_in.get(url).content.decode()
    for typed in ("", "Live", "prod", "live2"):
        answer = signed_in.post(url, {"intent": "open", "name": typed})
        assert answer.status_code == 422
        assert "This is not its name" in answer.content.decode()
    assert not Event.objects.exists()
    signed_in.post(url, {"intent": "open", "name": " live "})

    assert Sandbox.objects.get(pk=live.pk).is_confirmed
    assert signed_in.post("/connect/postgres/", filled(target=str(live.pk))).status_code == 302
    event = Event.objects.get(kind=Kind.SANDBOX_CHANGED)
    assert (event.actor, event.sandbox_name, event.details) == (alice, "live", {"fields": ["is_confirmed"]})


def test_it_can_be_closed_again(signed_in, live, url):
    Sandbox.objects.update(is_confirmed=True)
    signed_in.post(url, {"intent": "close"})

    assert not Sandbox.objects.get(pk=live.pk).is_confirmed
    assert Event.objects.get().message == "Closed for use here."


def test_a_second_persons_approval_can_be_asked_for_and_no_more(signed_in, live, url):
    signed_in.post(url, {"intent": "approval", "needs_approval": "on"})
    assert Sandbox.objects.get(pk=live.pk).needs_approval
    assert "with a second person’s approval" in signed_in.get("/organizations/").content.decode()
    signed_in.post(url, {"intent": "approval"})
    signed_in.post(url, {"intent": "approval"})

    assert not Sandbox.objects.get(pk=live.pk).needs_approval
    assert [event.details for event in Event.objects.all()] == [{"fields": ["needs_approval"]}] * 2


def test_there_is_nothing_else_to_be_done(signed_in, url):
    assert signed_in.post(url, {"intent": "delete"}).status_code == 404


def test_it_is_reached_through_its_own_organization_alone(signed_in, live, second):
    assert signed_in.get(f"/organizations/{second.uuid}/sandboxes/{live.pk}/").status_code == 404
    assert signed_in.get(f"/organizations/{second.uuid}/sandboxes/999999/").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("bob", 403), ("charlie", 404), ("olga", 404)])
def test_others_may_not(request, live, url, name, status):
    browser = browser_of(request.getfixturevalue(name))
    asked = ({"intent": "open", "name": "live"}, {"intent": "approval", "needs_approval": "on"}, {"intent": "close"})

    assert browser.get(url).status_code == status
    assert [browser.post(url, values).status_code for values in asked] == [status] * 3
    assert confirmed(live.organization)["live"] is False
    assert not Event.objects.exists()


def test_production_is_marked_where_it_is_chosen_and_shown(signed_in, organization, live, connected, filled):
    made = connected("Orders")
    signed_in.post("/connect/postgres/", filled("Half", intent="draft"))
    assert "prod – production</option>" in signed_in.get("/connect/postgres/").content.decode()
    mark = '<span class="production">Production</span>'
    for path in ("/organizations/", "/connect/postgres/", made.get_absolute_url(), "/connections/", "/"):
        assert mark in signed_in.get(path).content.decode(), path
    assert signed_in.get("/").content.decode().count(mark) == 2
    Sandbox.objects.update(type="development")
    for path in ("/organizations/", "/connect/postgres/", made.get_absolute_url(), "/connections/", "/"):
        assert mark not in signed_in.get(path).content.decode(), path
