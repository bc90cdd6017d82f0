"""Ids in what is posted: another organization's rows answer to none, and tell nothing of themselves."""

import pytest

from tests.approving.steps import browser_of
from wizard.access.models import Grant
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.sources.models import LiveSpec

FORM = "/connect/postgres/"


@pytest.fixture
def elsewhere(organization):
    found = Organization.objects.create(name="Elsewhere", ims_org_id="E15E@AdobeOrg", is_practice=True)
    found.sandboxes.create(name="prod", is_default=True)
    return found


@pytest.fixture
def mallory(elsewhere):
    """A connector there alone."""
    person = User.objects.create_user("mallory@example.com", "correct horse battery")
    Grant.objects.create(person=person, organization=elsewhere, role=Role.CONNECTOR)
    return person


@pytest.fixture
def failed(asked_for):
    connection = asked_for("Salaries of the board")
    BaseConnection.objects.filter(pk=connection.pk).update(status=Status.FAILED, error_message="No such door")
    connection.refresh_from_db()
    return connection


def there(elsewhere):
    return str(elsewhere.sandboxes.get().pk)


def test_the_id_of_another_persons_form_tells_nothing_of_what_it_made(asked_for, filled, mallory, elsewhere):
    connection = asked_for("Salaries of the board")
    submission = str(connection.submissions.get().pk)
    answer = browser_of(mallory).post(FORM, filled("Mine", submission_id=submission, target=there(elsewhere)))
    assert answer.status_code == 422
    assert "Salaries" not in answer.text
    assert BaseConnection.objects.filter(name="Mine", status=Status.WAITING).count() == 0


def test_a_secret_of_another_person_cannot_be_guessed_by_sending_their_form_again(asked_for, filled, bob):
    connection = asked_for()
    submission = str(connection.submissions.get().pk)
    right, wrong = (
        browser_of(bob).post(FORM, filled(submission_id=submission, **changes)).status_code
        for changes in ({}, {"auth.params.connectionString.PASSWORD": "a guess"})
    )
    assert right == wrong == 422


def test_a_retry_for_another_organization_is_a_connection_of_its_own(failed, filled, mallory, elsewhere, organization):
    """The history of the failed one stays where it was made, and shows nothing of the other place."""
    Grant.objects.create(person=mallory, organization=organization, role=Role.CONNECTOR)
    form = filled("The other name", target=there(elsewhere))
    answer = browser_of(mallory).post(f"{FORM}?again={failed.uuid}", form)
    made = BaseConnection.objects.get(organization=elsewhere)
    assert answer["Location"] == made.get_absolute_url()
    failed.refresh_from_db()
    assert (failed.organization, failed.name, failed.status) == (organization, "Salaries of the board", Status.FAILED)
    assert {event.organization for event in made.events.all()} == {elsewhere}


def test_a_draft_retries_nothing_where_the_role_is_gone(failed, filled, mallory, elsewhere, organization):
    grant = Grant.objects.create(person=mallory, organization=organization, role=Role.CONNECTOR)
    browser = browser_of(mallory)
    kept = browser.post(f"{FORM}?again={failed.uuid}", filled("Kept", intent="draft", target=there(elsewhere)))
    grant.delete()
    page = browser.get(kept["Location"])
    assert "No such door" not in page.text
    assert "Salaries" not in page.text


def test_the_filter_of_sources_has_no_label_of_another_organizations_catalog(asked_for, bob, elsewhere, organization):
    connection = asked_for()
    BaseConnection.objects.filter(pk=connection.pk).update(source="the-same-id")
    for owner, label in ((organization, "Ours"), (elsewhere, "Secret project")):
        LiveSpec.objects.create(organization=owner, spec_id="the-same-id", label=label, category="c", document="{}")
    page = browser_of(bob).get("/connections/").text
    assert "Ours" in page
    assert "Secret project" not in page
