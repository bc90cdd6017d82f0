"""The check runs in a worker: a token, and the sandboxes; what it found is on the page, and on record."""

import traceback
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.emulator.running import OTHER_TENANT
from tests.people.steps import browser_of
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.administering import checking
from wizard.flow_service.datatypes import RemoteSandbox
from wizard.organizations.models import Organization, check_lease
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.reports import TaskBroke


@pytest.fixture
def url(organization):
    return f"/organizations/{organization.uuid}/check/"


@pytest.fixture
def check(organization, alice):
    def run():
        checking.check(organization.pk, alice.pk)
        organization.refresh_from_db()

    return run


def page(browser, path="/organizations/", **headers):
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_queued_once_and_calls_nobody_within_the_request(signed_in, organization, url, flow_service):
    assert "its access is being checked." in signed_in.post(url, follow=True).content.decode()
    assert "is being checked already" in signed_in.post(url, follow=True).content.decode()

    assert OrmQ.objects.count() == 1
    assert flow_service.requests() == []


def test_the_page_polls_while_it_runs_and_no_longer(signed_in, organization, url, check):
    signed_in.post(url)
    whole, fragment = page(signed_in), page(signed_in, url, **{"HX-Request": "true"})
    for html in (whole, fragment):
        assert f'hx-get="{url}" hx-trigger="every 1s"' in html
        assert "Asking Adobe for a token" in html
    assert whole.count('http-equiv="refresh"') == 1
    assert "<html" not in fragment

    check()
    whole, fragment = page(signed_in), page(signed_in, url, **{"HX-Request": "true"})
    for html in (whole, fragment):
        assert "every 1s" not in html
        assert "The credentials work." in html
    assert "http-equiv" not in whole


def test_a_check_whose_task_was_lost_can_be_asked_for_again(signed_in, organization, url):
    Organization.objects.update(check_requested_at=timezone.now() - check_lease() - timedelta(seconds=1))
    assert "Check access" in page(signed_in)
    signed_in.post(url)

    assert OrmQ.objects.count() == 1


def test_without_htmx_the_state_is_on_the_page_of_organizations(signed_in, url):
    assert signed_in.get(url)["Location"] == "/organizations/"


def test_it_keeps_the_sandboxes_that_are_open(organization, check):
    organization.sandboxes.create(name="gone")
    check()

    found = {sandbox.name: (sandbox.type, sandbox.is_open) for sandbox in organization.sandboxes.all()}
    assert found == {"prod": ("production", True), "dev": ("development", True), "gone": ("", False)}


def test_it_is_on_record_with_its_outcome(organization, alice, check):
    check()
    organization.seal("client_secret", "wrong")
    organization.forget_token()
    organization.save()
    check()

    events = list(Event.objects.filter(kind=Kind.ORGANIZATION_CHECKED))
    assert [event.outcome for event in events] == ["succeeded", "failed"]
    assert [event.details for event in events] == [{"sandboxes": 2}, {"code": "invalid_client"}]
    assert all(event.actor == alice and event.organization == organization for event in events)
    assert all(event.duration_ms is not None for event in events)


def test_one_that_fails_says_why_once_and_what_to_do(signed_in, second, alice, olga):
    second.seal("client_secret", "wrong")
    second.save(update_fields=["client_secret"])
    checking.check(second.pk, alice.pk)
    second.refresh_from_db()
    assert "invalid_client" in second.check_error
    html = page(browser_of(olga))

    assert html.count("The client id or the client secret is not valid.") == 1
    assert "Its credentials are refused" in html
    assert f'<a href="/organizations/{second.uuid}/">Put in the present client ID and secret</a>' in html


def test_one_that_works_ends_the_trouble_with_a_ready_token(organization, check, settings, flow_service):
    settings.ACCESS_TOKEN = flow_service.token
    Organization.objects.update(token_trouble_since=timezone.now(), token_trouble="No longer accepted.")
    check()

    assert organization.token_trouble_since is None


def test_one_of_the_other_world_is_not_checked(signed_in, url, settings):
    settings.PRACTICE = False

    assert signed_in.post(url).status_code == 404
    assert "Check access" not in page(signed_in)
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("bob", 403), ("charlie", 404), ("olga", 404)])
def test_others_may_not_ask(request, second, url, name, status):
    browser = browser_of(request.getfixturevalue(name))

    assert browser.post(url).status_code == status
    assert browser.get(url, headers={"HX-Request": "true"}).status_code == (200 if status == 403 else 404)
    assert not OrmQ.objects.exists()
    assert "Check access of Local practice" not in page(browser)


def test_everybody_sees_their_own_organizations_without_forms(organization, second, bob, charlie):
    html = page(browser_of(bob))
    assert organization.name in html
    assert "Second" not in html
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]

    html = page(browser_of(charlie))
    assert "No organization is open to you" in html
    assert organization.ims_org_id not in html


def test_somebody_with_a_role_in_one_sandbox_sees_that_one_alone(organization, charlie):
    for name in ("dev", "stage"):
        organization.sandboxes.create(name=name, type="development")
    Grant.objects.create(person=charlie, organization=organization, sandbox_name="dev", role=Role.VIEWER)
    html = page(browser_of(charlie))

    assert "<code>dev</code>" in html
    assert "<code>stage</code>" not in html


def test_hostile_words_of_a_sandbox_stay_words(signed_in, organization):
    remote = RemoteSandbox(
        name="x", title="<script>alert(1)</script>", type="<b>production", state="active", region="", is_default=False
    )
    checking.keep_sandboxes(organization, [remote])
    html = page(signed_in)

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_whatever_breaks_in_a_check_its_result_repeats_no_secret(second, alice, monkeypatch):
    def break_down(*_args, **_kwargs):
        raise RuntimeError(f"broken on purpose: {OTHER_TENANT.client_secret}")

    monkeypatch.setattr("wizard.organizations.tokens.fetch_token", break_down)
    with pytest.raises(TaskBroke) as broken:
        checking.check(second.pk, alice.pk)

    assert OTHER_TENANT.client_secret not in "".join(traceback.format_exception(broken.value))
