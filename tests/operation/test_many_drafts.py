"""Ten thousand drafts of two hundred people: pages ask as much as with one, saving goes on, old ones go by and by."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people.steps import person_with
from wizard.access.roles import Role
from wizard.asking.drafts import MOST_DRAFTS
from wizard.connections.models import BaseConnection
from wizard.connections.queries import KEPT_FOR_A_PERSON
from wizard.connections.statuses import Status
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.work.sweeping import BATCH, sweep

PEOPLE = 199
Filled = Callable[..., dict[str, str]]


@pytest.fixture
def draft(signed_in: Client, filled: Filled) -> BaseConnection:
    """Alice's first one, as the form makes it."""
    signed_in.post("/connect/postgres/", filled("Draft 0", intent="draft"))
    return BaseConnection.objects.get()


def copies(draft: BaseConnection, people: list[User], each: int) -> None:
    fields = {
        field.attname: getattr(draft, field.attname)
        for field in draft._meta.concrete_fields
        if field.attname not in ("id", "uuid", "name", "created_by_id")
    }
    BaseConnection.objects.bulk_create(
        (
            BaseConnection(**fields, uuid=uuid.uuid4(), name=f"Draft {number}", created_by=person)
            for person in people
            for number in range(1, each + 1)
        ),
        batch_size=1000,
    )


@pytest.fixture
def many(draft: BaseConnection, alice: User, organization: Organization) -> None:
    others = [person_with(Role.CONNECTOR, organization, f"person{number}@example.com") for number in range(PEOPLE)]
    copies(draft, others, MOST_DRAFTS)
    copies(draft, [alice], MOST_DRAFTS - 1)


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        database,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


PATHS = ("/", "/connect/", "/connect/postgres/", "/connections/")


def test_pages_ask_as_much_as_with_one(
    signed_in: Client, draft: BaseConnection, alice: User, organization: Organization
) -> None:
    paths = (*PATHS, f"/connect/postgres/?again={draft.uuid}")
    for path in paths:
        signed_in.get(path)
    with_one = {path: queries(signed_in, path) for path in paths}
    others = [person_with(Role.CONNECTOR, organization, f"person{number}@example.com") for number in range(PEOPLE)]
    copies(draft, others, MOST_DRAFTS)
    copies(draft, [alice], MOST_DRAFTS - 1)
    assert BaseConnection.objects.filter(status=Status.DRAFT).count() == 10_000
    assert {path: queries(signed_in, path) for path in paths} == with_one


def test_a_person_sees_their_own_alone(signed_in: Client, many: None, alice: User) -> None:
    own = {str(draft.uuid) for draft in BaseConnection.objects.filter(created_by=alice)}
    for path in ("/", "/connect/"):
        assert set(re.findall(r"again=([0-9a-f-]{36})", signed_in.get(path).text)) == own


def test_what_is_typed_is_saved_and_one_more_is_refused_in_words(
    signed_in: Client, many: None, draft: BaseConnection, filled: Filled
) -> None:
    form = filled("Draft 0", intent="draft", submission_id=str(draft.uuid), description="More was typed")
    answer = signed_in.post("/connect/postgres/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.description == "More was typed"
    answer = signed_in.post("/connect/postgres/", filled("One more", intent="draft"))
    assert "You have 50 drafts. Continue or discard one of them to keep another." in answer.text
    assert 'value="One more"' in answer.text


def test_a_form_can_be_sent_all_the_same(signed_in: Client, many: None, filled: Filled) -> None:
    assert signed_in.post("/connect/postgres/", filled("Orders")).status_code == 302
    assert BaseConnection.objects.get(name="Orders").status == Status.WAITING


def test_old_ones_are_erased_some_at_a_time(draft: BaseConnection, alice: User) -> None:
    copies(draft, [alice], 3 * BATCH)
    old = timezone.now() - KEPT_FOR_A_PERSON - timedelta(minutes=1)
    BaseConnection.objects.exclude(pk=draft.pk).update(stepped_at=old)
    left = []
    for _ in range(4):
        sweep()
        left.append(BaseConnection.objects.count())
    assert left == [2 * BATCH + 1, BATCH + 1, 1, 1]
    assert BaseConnection.objects.get() == draft
