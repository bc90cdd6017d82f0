"""The page of what was made beneath a connection, whatever became of it."""

import re
import uuid

import pytest

from tests.emulator.dataflow import SCHEMA
from tests.handing_over.filled import html_of
from wizard.dataflows import services
from wizard.dataflows.models import Resource, ResourceStatus
from wizard.work import making


@pytest.fixture
def asked(alice, shop):
    values = {"name": "Lake <b>", "description": "", "dataset_id": "6019e0e7", "schema_id": SCHEMA}
    return services.start_target_connection(alice, shop, submission_id=uuid.uuid4(), **values)


def address(row):
    return f"/connections/{row.connection.uuid}/made/{row.uuid}/"


def test_while_it_waits_the_page_asks_again_by_itself(signed_in, asked):
    html = html_of(signed_in.get(address(asked)))
    assert 'hx-trigger="every 100ms"' in html
    assert '<noscript><meta http-equiv="refresh"' in html
    assert "Lake &lt;b&gt;" in html


def test_once_made_its_ids_can_be_copied_and_nothing_is_polled(signed_in, asked):
    making.make(asked.pk)
    asked.refresh_from_db()

    html = html_of(signed_in.get(address(asked)))
    assert asked.remote_id in html
    assert asked.etag.strip('"') in html
    assert "hx-trigger" not in html
    assert "Resource made" in html
    assert "curl -X POST" in html
    fragment = html_of(signed_in.get(address(asked), headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert asked.remote_id in fragment


def test_a_refusal_is_explained_and_can_be_tried_again(signed_in, asked):
    Resource.objects.filter(pk=asked.pk).update(
        status=ResourceStatus.FAILED,
        error_kind="Refused",
        error_status=400,
        error_code="1307-400",
        error_message="No <i>.",
    )
    html = html_of(signed_in.get(address(asked)))
    assert "What to do next" in html
    assert "No &lt;i&gt;." in html
    assert "1307-400" in html

    assert signed_in.post(f"{address(asked)}try-again/").status_code == 302
    asked.refresh_from_db()
    assert asked.status == ResourceStatus.WAITING


def test_what_may_have_been_made_is_looked_up_or_chosen_by_a_person(signed_in, asked):
    of_both = {"etag": "", "name": "Lake", "created_by": "\u202eeve", "state": "enabled"}
    candidates = [
        {**of_both, "id": "a-1", "created_at": "2026-02-03T04:05:06+00:00", "description": "For <b>"},
        {**of_both, "id": "b-2", "created_at": "", "description": ""},
    ]
    Resource.objects.filter(pk=asked.pk).update(status=ResourceStatus.UNKNOWN, due_at=None, candidates=candidates)
    html = html_of(signed_in.get(address(asked)))
    assert "Several at Adobe fit" in html
    for told in ("3 Feb 2026, 04:05:06 UTC", "For &lt;b&gt;", "enabled"):
        assert told in html
    assert "Look again" in html

    signed_in.post(f"{address(asked)}choose/", {"candidate": "a-1"})
    asked.refresh_from_db()
    assert (asked.status, asked.remote_id) == (ResourceStatus.MADE, "a-1")


def test_what_cannot_be_done_any_more_is_told(signed_in, asked):
    for action in ("try-again", "look-again", "choose"):
        html = html_of(signed_in.post(f"{address(asked)}{action}/", follow=True))
        assert 'class="message error"' in html


def test_beneath_another_connection_it_is_not_there(signed_in, connected, asked):
    other = connected("Other", **{"auth.params.connectionString.DATABASE": "other"})
    assert signed_in.get(f"/connections/{other.uuid}/made/{asked.uuid}/").status_code == 404
    assert signed_in.post(f"/connections/{other.uuid}/made/{asked.uuid}/try-again/").status_code == 404


def test_none_of_them_is_said_of_those_that_were_seen_alone(signed_in, asked):
    """A look meanwhile may have found the very one: to try again would make a second."""
    one = dict.fromkeys(("id", "etag", "name", "description", "state", "created_by", "created_at"), "")
    row = Resource.objects.filter(pk=asked.pk)
    row.update(status=ResourceStatus.UNKNOWN, candidates=[one | {"id": "a-1"}, one | {"id": "b-2"}])
    html = html_of(signed_in.get(address(asked)))
    seen = re.findall(r'name="seen" value="([^"]+)"', html)
    row.update(candidates=[one | {"id": "a-1"}, one | {"id": "b-2"}, one | {"id": "c-3"}])

    answer = signed_in.post(f"{address(asked)}choose/", {"seen": seen}, follow=True)
    asked.refresh_from_db()
    assert asked.status == ResourceStatus.UNKNOWN
    assert "Others have been found since" in html_of(answer)

    signed_in.post(f"{address(asked)}choose/", {"seen": [*seen, "c-3"]})
    asked.refresh_from_db()
    assert (seen, asked.status) == (["a-1", "b-2"], ResourceStatus.FAILED)
