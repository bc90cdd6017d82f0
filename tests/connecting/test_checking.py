"""“Check only”: the part of the test that creates nothing, for a form that need not be complete."""

import re

import pytest
from django_q.models import OrmQ

from tests.connecting.pages import HTMX, PART, URL, address, page
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.work.testing import run_test


@pytest.fixture
def check(signed_in, filled):
    """Posts the form to be checked, as a browser with JavaScript does; keyword arguments change fields."""

    def post(name="Orders", **changes):
        return signed_in.post(URL, filled(name, **{"intent": "check", **changes}), headers=HTMX)

    return post


def fragment(signed_in, draft):
    return page(signed_in.get(f"/connect/drafts/{draft.uuid}/check/", headers=HTMX))


def test_it_keeps_the_form_and_asks_for_its_test(check):
    answer = check()

    draft = BaseConnection.objects.get()
    assert (draft.status, draft.test_status) == (Status.DRAFT, "pending")
    assert OrmQ.objects.count() == 1
    assert answer["HX-Replace-Url"] == address(draft)
    html = page(answer)
    assert f'hx-get="/connect/drafts/{draft.uuid}/check/"' in html
    assert 'hx-trigger="every 1s"' in html
    assert "Waiting for a worker" in html
    assert "Draft saved" in html


def test_what_nothing_stands_in_the_way_of_passes_every_step_and_creates_nothing(signed_in, check, flow_service):
    check()
    draft = BaseConnection.objects.get()
    run_test(draft.pk)
    html = fragment(signed_in, draft)

    assert re.findall(r'class="rung rung-(\w+)"', html) == ["passed"] * 4
    assert "Nothing stands in the way" in html
    assert "Nothing was created" in html
    assert "hx-get" not in html
    assert flow_service.names() == []
    assert not draft.events.exists()


def test_what_is_missing_is_the_first_thing_to_be_said(signed_in, check):
    check("", **{PART + "DATABASE": "", PART + "PASSWORD": ""})
    draft = BaseConnection.objects.get()
    run_test(draft.pk)
    html = fragment(signed_in, draft)

    assert "Still to be filled in: Name, Database, Password." in html
    assert re.findall(r'class="rung rung-(\w+)"', html) == ["failed", "waiting", "waiting", "waiting"]
    assert html.count("not reached") == 3
    assert "Something stands in the way" in html


def test_adobes_refusal_is_explained_at_its_step(signed_in, check, flow_service):
    flow_service.set_faults([{"kind": "status", "match": {"method": "GET", "path": "/connectionSpecs"}, "status": 403}])
    check()
    draft = BaseConnection.objects.get()
    run_test(draft.pk)
    html = fragment(signed_in, draft)

    assert re.findall(r'class="rung rung-(\w+)"', html) == ["passed", "passed", "passed", "failed"]
    assert "What to do next" in html


def test_an_empty_form_can_be_checked(check):
    check("", **{PART + name: "" for name in ("SERVER", "DATABASE", "USERNAME", "PASSWORD")})

    assert BaseConnection.objects.get().test_status == "pending"


def test_without_javascript_the_ladder_stands_on_the_form_of_the_draft(signed_in, filled):
    answer = signed_in.post(URL, filled(intent="check"), follow=True)

    draft = BaseConnection.objects.get()
    assert answer.redirect_chain == [(f"{address(draft)}#check", 302)]
    assert re.search(rf'<a class="[^"]*" href="/connect/drafts/{draft.uuid}/check/">Show the result</a>', page(answer))
    run_test(draft.pk)
    result = signed_in.get(f"/connect/drafts/{draft.uuid}/check/", follow=True)
    assert result.redirect_chain == [(f"{address(draft)}#check", 302)]
    assert "Nothing stands in the way" in page(result)
    assert "Show the result" not in page(result)


def test_a_form_that_has_changed_since_says_so(signed_in, filled):
    fields = filled(intent="check")
    signed_in.post(URL, fields, headers=HTMX)
    draft = BaseConnection.objects.get()
    run_test(draft.pk)
    signed_in.post(URL, {**fields, "intent": "draft"}, headers=HTMX)
    assert "has changed since" not in fragment(signed_in, draft)
    saved = page(signed_in.post(URL, {**fields, "intent": "draft", "name": "Other"}, headers=HTMX))

    assert "has changed since" in saved
    assert 'id="check" aria-label="Check" hx-swap-oob="true"' in saved
    assert "has changed since" in page(signed_in.get(address(draft)))


def test_two_checks_at_once_are_one(signed_in, filled):
    fields = filled(intent="check")
    signed_in.post(URL, fields, headers=HTMX)
    signed_in.post(URL, fields, headers=HTMX)

    assert OrmQ.objects.count() == 1


def test_a_form_that_was_sent_meanwhile_says_so(signed_in, filled):
    fields = filled()
    signed_in.post(URL, fields)
    html = page(signed_in.post(URL, {**fields, "intent": "check"}, headers=HTMX))

    assert "This form was sent already" in html
    assert BaseConnection.objects.get().test_status == ""


def test_without_a_sandbox_it_says_what_is_missing(signed_in, filled, organization):
    fields = filled(intent="check")
    organization.sandboxes.update(is_open=False)

    assert "Choose a sandbox first" in page(signed_in.post(URL, fields, headers=HTMX))
    assert "Choose a sandbox first" in page(signed_in.post(URL, fields))
    assert not BaseConnection.objects.exists()


def test_the_check_of_a_draft_ends_with_its_submit(signed_in, filled):
    fields = filled(intent="check")
    signed_in.post(URL, fields, headers=HTMX)
    signed_in.post(URL, {**fields, "intent": "create"})
    sent = BaseConnection.objects.get()
    run_test(sent.pk)

    assert (sent.status, sent.test_status, sent.test_steps) == (Status.WAITING, "", [])
    assert signed_in.get(f"/connect/drafts/{sent.uuid}/check/").status_code == 404
