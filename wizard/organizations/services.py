"""What one does with an organization: make the first one, reach its Flow Service, check its credentials."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteSandbox
from wizard.flow_service.errors import FlowServiceError, NotSent
from wizard.organizations.models import Organization, Sandbox
from wizard.organizations.tokens import access_token


@transaction.atomic
def ensure_first_organization() -> Organization:
    """The organization that the environment names, with its credentials as they stand there now."""
    organization, _ = Organization.objects.get_or_create(
        ims_org_id=settings.IMS_ORG_ID,
        defaults={"name": "Local practice" if settings.PRACTICE else settings.IMS_ORG_ID.removesuffix("@AdobeOrg")},
    )
    organization.is_practice = settings.PRACTICE
    organization.client_id, organization.scopes = settings.IMS_CLIENT_ID, settings.IMS_SCOPES
    if settings.IMS_CLIENT_SECRET and organization.unseal("client_secret") != settings.IMS_CLIENT_SECRET:
        organization.seal("client_secret", settings.IMS_CLIENT_SECRET)
        organization.access_token = organization.token_expires_at = None
    organization.save()
    organization.sandboxes.get_or_create(
        name=settings.SANDBOX_NAME, defaults={"is_default": not organization.sandboxes.exists()}
    )
    return organization


def flow_service(organization: Organization, sandbox_name: str) -> FlowService:
    """A client for one sandbox, at the address that the environment gives. Close it after use.

    Raises NotSent if an id or a name cannot stand in a header.
    """
    try:
        return FlowService(
            settings.FLOW_SERVICE_URL,
            ims_org_id=organization.ims_org_id,
            client_id=organization.client_id,
            sandbox_name=sandbox_name,
            token=partial(access_token, organization),
            timeout=settings.FLOW_SERVICE_TIMEOUT,
            sandbox_management_url=settings.SANDBOX_MANAGEMENT_URL,
        )
    except ValueError as error:
        raise NotSent(str(error)) from None


def check_organization(organization: Organization) -> None:
    """Fetches a token and the sandboxes open to it; what went wrong stays with the organization."""
    organization.check_error = ""
    try:
        with flow_service(organization, settings.SANDBOX_NAME) as client:
            _keep_sandboxes(organization, client.list_sandboxes())
    except FlowServiceError as error:
        organization.check_error = str(error)[:2100]
    organization.checked_at = timezone.now()
    organization.save(update_fields=["checked_at", "check_error"])


@transaction.atomic
def _keep_sandboxes(organization: Organization, found: list[RemoteSandbox]) -> None:
    """Sandboxes that are gone stay as closed: connections still name them."""
    organization.sandboxes.update(is_open=False)
    for remote in found:
        values = {"title": remote.title, "type": remote.type, "is_default": remote.is_default}
        values["is_open"] = remote.state == "active"
        Sandbox.objects.update_or_create(organization=organization, name=remote.name, defaults=values)
