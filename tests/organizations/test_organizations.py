"""The first organization comes from the environment."""

from datetime import timedelta

from django.utils import timezone

from wizard.organizations.models import Organization
from wizard.organizations.services import ensure_first_organization
from wizard.organizations.tokens import access_token


def test_the_first_organization_is_made_once(organization, flow_service):
    ensure_first_organization()

    made = Organization.objects.get()
    assert (made.ims_org_id, made.client_id) == (flow_service.org, flow_service.client_id)
    assert [sandbox.name for sandbox in made.sandboxes.all()] == ["prod"]


def test_a_new_secret_in_the_environment_replaces_the_stored_one(organization, flow_service, settings):
    before = bytes(organization.client_secret)
    ensure_first_organization()
    assert bytes(Organization.objects.get().client_secret) == before

    settings.IMS_CLIENT_SECRET = "rotated"
    ensure_first_organization()

    assert Organization.objects.get().unseal("client_secret").open() == "rotated"


def test_a_secret_is_stored_sealed_only(organization, flow_service):
    assert flow_service.client_secret.encode() not in bytes(Organization.objects.get().client_secret)


def test_the_sandbox_that_the_environment_names_is_confirmed(organization):
    organization.sandboxes.update(is_confirmed=False, type="production")
    ensure_first_organization()

    assert organization.sandboxes.get(name="prod").is_confirmed


def test_other_credentials_in_the_environment_forget_the_token_and_the_trouble_with_the_former_ones(
    organization, settings
):
    access_token(organization, None)
    organization.token_trouble_since, organization.token_trouble = timezone.now(), "Refused."
    organization.save()
    settings.IMS_CLIENT_SECRET = "rotated"
    ensure_first_organization()

    found = Organization.objects.get()
    assert (found.access_token, found.token_expires_at) == (None, None)
    assert (found.token_trouble_since, found.token_trouble) == (None, "")
    assert found.credentials_changed_at > timezone.now() - timedelta(minutes=1)
