"""Drafts are gone on with or discarded, each by its own person, until a week is over."""

import re
import uuid
from datetime import timedelta

import pytest

from tests.conftest import CANARY
from tests.connecting.pages import HTMX, PART, URL, address, inputs, page
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.work.sweeping import sweep


def test_nobody_else_gets_at_a_draft(client, bob, draft, half_filled):
    client.force_login(bob)
    mine = half_filled("Taken over", submission_id=str(draft.uuid))

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft), mine).status_code == 404
    assert client.post(address(draft), {**mine, "intent": "create"}).status_code == 404
    assert client.get(f"/connect/drafts/{draft.uuid}/check/").status_code == 404
    assert client.post(f"/connect/drafts/{draft.uuid}/discard/").status_code == 404
    assert client.get(f"{URL}?clone={draft.uuid}").status_code == 404
    assert "Unnamed PostgreSQL connection" not in page(client.get("/")) + page(client.get("/connect/"))
    assert [row.name for row in BaseConnection.objects.all()] == [""]


@pytest.mark.parametrize("intent", ["draft", "check"])
def test_the_same_id_saves_nothing_over_somebody_elses_draft(client, bob, draft, half_filled, intent):
    client.force_login(bob)
    client.post(URL, half_filled("Taken over", intent=intent, submission_id=str(draft.uuid)), headers=HTMX)

    found = BaseConnection.objects.get()
    assert (found.name, found.created_by_id, found.test_status) == ("", draft.created_by_id, "")
    assert found.unseal("auth_params").open() == {"connectionString.PASSWORD": CANARY}


def test_somebody_elses_form_with_the_same_id_leaves_the_draft_alone(client, bob, draft, filled):
    client.force_login(bob)
    client.post(URL, filled("Bobs", submission_id=str(draft.uuid)))

    kept = BaseConnection.objects.get(pk=draft.pk)
    assert (kept.status, kept.name) == (Status.DRAFT, "")


@pytest.mark.parametrize("path", ["/", "/connect/"])
def test_drafts_are_listed_to_go_on_with(signed_in, draft, half_filled, path):
    signed_in.post(URL, half_filled("Named"), headers=HTMX)
    html = page(signed_in.get(path))

    assert "Unnamed PostgreSQL connection" in html
    assert html.index("Named") < html.index("Unnamed PostgreSQL connection")
    assert address(draft) in html
    assert f"/connect/drafts/{draft.uuid}/discard/" in html


def test_without_drafts_there_is_nothing_to_go_on_with(signed_in, organization):
    assert "Continue" not in page(signed_in.get("/")) + page(signed_in.get("/connect/"))


def test_a_draft_is_discarded_with_its_secrets(signed_in, draft):
    answer = signed_in.post(f"/connect/drafts/{draft.uuid}/discard/", {"next": "choose"})

    assert answer["Location"] == "/connect/"
    assert not BaseConnection.objects.exists()
    assert signed_in.get(address(draft)).status_code == 404
    assert signed_in.post(f"/connect/drafts/{draft.uuid}/discard/").status_code == 404


def test_what_is_typed_into_a_draft_that_was_discarded_meanwhile_is_not_lost(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft))))
    signed_in.post(f"/connect/drafts/{draft.uuid}/discard/")
    signed_in.post(address(draft), {**fields, "intent": "draft", "name": "Saved"}, headers=HTMX)
    assert BaseConnection.objects.get().name == "Saved"

    signed_in.post(f"/connect/drafts/{draft.uuid}/discard/")
    changes = {"intent": "create", "name": "Sent", PART + "DATABASE": "shop"}
    assert signed_in.post(address(draft), {**fields, **changes}).status_code == 302


def test_a_draft_that_was_sent_in_another_tab_can_be_sent_as_another_connection(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft)))) | {"intent": "create", PART + "DATABASE": "shop"}
    signed_in.post(address(draft), {**fields, "name": "First"})
    second = signed_in.post(address(draft), {**fields, "name": "Second"})
    assert second.status_code == 422
    assert "was sent already" in page(second)
    action = re.search(r'id="connect-form"[^>]* action="([^"]*)"', page(second))[1]
    signed_in.post(action, {**inputs(page(second)), "intent": "create"})

    names = BaseConnection.objects.values_list("name", "status")
    assert sorted(names) == [("First", Status.WAITING), ("Second", Status.WAITING)]


def test_opening_a_draft_that_was_sent_leads_to_its_connection(signed_in, draft):
    fields = inputs(page(signed_in.get(address(draft)))) | {"intent": "create", PART + "DATABASE": "shop"}
    signed_in.post(address(draft), {**fields, "name": "Orders"})

    assert signed_in.get(address(draft))["Location"] == draft.get_absolute_url()


def test_a_draft_is_erased_a_week_after_it_was_saved_last(signed_in, draft):
    old = draft.stepped_at - timedelta(days=7, minutes=1)
    BaseConnection.objects.update(stepped_at=old)
    sweep()

    assert not BaseConnection.objects.exists()


def test_a_draft_of_a_practice_organization_can_be_gone_on_with_in_the_one_that_is_in_reach(
    signed_in, draft, settings, organization
):
    settings.PRACTICE = not settings.PRACTICE
    answer = signed_in.get(address(draft), follow=True)

    assert answer.redirect_chain == []
    assert "Continue: PostgreSQL" in page(answer)


def test_a_strange_id_is_a_form_of_its_own(signed_in, half_filled):
    signed_in.post(URL, half_filled(submission_id="x"), headers=HTMX)

    assert isinstance(BaseConnection.objects.get().uuid, uuid.UUID)


def test_a_name_with_a_control_character_is_kept_without_it(signed_in, half_filled):
    assert signed_in.post(URL, half_filled("a\0b", description="x" * 3000), headers=HTMX).status_code == 200
    assert BaseConnection.objects.get().name == "ab"
