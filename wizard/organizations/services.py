"""What one does with an organization: make the first one, reach its Flow Service."""

from collections.abc import Callable, Iterable
from functools import partial
from math import inf

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.flow_service.client import FlowService
from wizard.flow_service.errors import NotSent
from wizard.flow_service.http import Exchange
from wizard.organizations.calling import note_call
from wizard.organizations.models import NO_TOKEN, NO_TROUBLE, Organization
from wizard.organizations.tokens import access_token
from wizard.record.context import new_call_id
from wizard.vault.secret import Secret


@transaction.atomic
def ensure_first_organization() -> Organization:
    """The organization that the environment names, with its credentials as they stand there now."""
    name = "Local practice" if settings.PRACTICE else settings.IMS_ORG_ID.removesuffix("@AdobeOrg")
    organization, _ = Organization.objects.get_or_create(ims_org_id=settings.IMS_ORG_ID, defaults={"name": name})
    if not _has_credentials(organization):
        organization.client_id, organization.scopes = settings.IMS_CLIENT_ID, settings.IMS_SCOPES
        organization.seal("client_secret", settings.IMS_CLIENT_SECRET)
        organization.credentials_changed_at = timezone.now()
        organization.forget_token()
        organization.save(update_fields=["client_id", "scopes", "client_secret", "credentials_changed_at", *NO_TOKEN])
    if organization.is_practice != settings.PRACTICE:
        # Another Flow Service: a token of the former one is nothing to show to it.
        organization.is_practice, organization.token_expires_at = settings.PRACTICE, None
        organization.save(update_fields=["is_practice", "token_expires_at"])
    if settings.ACCESS_TOKEN:
        # Nobody knows whether it is still the one that was refused: the next call finds out.
        Organization.objects.filter(pk=organization.pk).update(**NO_TROUBLE)
    known = organization.sandboxes.exists()
    organization.sandboxes.get_or_create(name=settings.SANDBOX_NAME, defaults={"is_default": not known})
    # Whoever runs this installation has named it.
    organization.sandboxes.filter(name=settings.SANDBOX_NAME).update(is_confirmed=True)
    return organization


@sensitive_variables()
def _has_credentials(organization: Organization) -> bool:
    """Whether it has those of the environment."""
    texts = (organization.client_id, organization.scopes) == (settings.IMS_CLIENT_ID, settings.IMS_SCOPES)
    return texts and organization.opened("client_secret") == Secret(settings.IMS_CLIENT_SECRET)


def flow_service(
    organization: Organization,
    sandbox_name: str,
    *,
    timeout: float | None = None,
    ends_at: float = inf,
    hide: Iterable[str] = (),
    note: Callable[[Exchange], None] = lambda _: None,
) -> FlowService:
    """A client for one sandbox, at the address that the environment gives. Close it after use.

    `timeout` is for each call, in seconds; none goes on beyond `ends_at`, on the monotonic clock. `hide` are secrets
    that an answer may quote. `note` is told of each call as it ends. Raises NotSent if an id or a name cannot stand in
    a header.
    """
    try:
        return FlowService(
            settings.FLOW_SERVICE_URL,
            ims_org_id=organization.ims_org_id,
            client_id=organization.client_id,
            sandbox_name=sandbox_name,
            token=partial(access_token, organization),
            timeout=timeout or settings.FLOW_SERVICE_TIMEOUT,
            sandbox_management_url=settings.SANDBOX_MANAGEMENT_URL,
            ends_at=ends_at,
            hide=hide,
            note=partial(_note, note),
            new_id=new_call_id,
        )
    except ValueError as error:
        raise NotSent(str(error)) from None


def _note(note: Callable[[Exchange], None], exchange: Exchange) -> None:
    note_call(exchange)
    note(exchange)
