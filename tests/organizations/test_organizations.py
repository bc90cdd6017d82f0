"""The first organization comes from the environment; its check lists the sandboxes that are open to it."""

from wizard.organizations.models import Organization
from wizard.organizations.services import ensure_first_organization


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

    assert Organization.objects.get().unseal("client_secret") == "rotated"


def test_a_secret_is_stored_sealed_only(organization, flow_service):
    assert flow_service.client_secret.encode() not in bytes(Organization.objects.get().client_secret)


def test_the_check_keeps_the_sandboxes_that_are_open(signed_in, organization, flow_service):
    organization.sandboxes.create(name="gone")
    html = signed_in.post(f"/organizations/{organization.uuid}/check/", follow=True).content.decode()

    assert "the credentials work" in html
    opened = {sandbox.name: (sandbox.type, sandbox.is_open) for sandbox in organization.sandboxes.all()}
    assert opened["prod"] == ("production", True)
    assert opened["dev"] == ("development", True)
    assert opened["gone"][1] is False


def test_a_check_that_fails_says_why(signed_in, organization, flow_service):
    organization.seal("client_secret", "wrong")
    organization.save(update_fields=["client_secret"])
    html = signed_in.post(f"/organizations/{organization.uuid}/check/", follow=True).content.decode()

    organization.refresh_from_db()
    assert "invalid_client" in organization.check_error
    assert "invalid_client" in html
    assert "the credentials work" not in html


def test_an_organization_of_the_other_world_is_not_checked(signed_in, organization, settings):
    settings.PRACTICE = False
    assert signed_in.post(f"/organizations/{organization.uuid}/check/").status_code == 404
