"""Access tokens: kept sealed with their organization, renewed ahead of their end, by one process at a time."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.flow_service.errors import NotSent
from wizard.flow_service.ims import fetch_token
from wizard.organizations.models import Organization

RENEW_AHEAD = timedelta(minutes=5)
RENEWAL_SECONDS = 20
POLL_SECONDS = 0.1


@sensitive_variables()
def access_token(organization: Organization, stale: str | None) -> str:
    """A usable token, and another one than `stale`, which Adobe has refused.

    Raises NotSent if there is none to be had: IMS refused or was silent.
    """
    if uses_ready_token(organization):
        return _ready_token(stale)
    deadline = timezone.now() + timedelta(seconds=2 * RENEWAL_SECONDS)
    while timezone.now() < deadline:
        organization.refresh_from_db(fields=["client_secret", "access_token", "token_expires_at"])
        token, left = _current(organization, stale)
        if token and left > RENEW_AHEAD:
            return token
        if _claim_renewal(organization):
            return _renew(organization)
        if token:
            return token
        time.sleep(POLL_SECONDS)
    raise NotSent(message="Another process is renewing the access token and does not come to an end.")


def uses_ready_token(organization: Organization) -> bool:
    """True for the organization of the environment when ACCESS_TOKEN stands in for a client secret."""
    return bool(settings.ACCESS_TOKEN) and organization.ims_org_id == settings.IMS_ORG_ID


def forget_token(organization: Organization) -> None:
    """After a refusal: the next call gets a new token."""
    Organization.objects.filter(pk=organization.pk).update(token_expires_at=None)


def _ready_token(stale: str | None) -> str:
    if stale == settings.ACCESS_TOKEN:
        raise NotSent(code="ACCESS_TOKEN", message="The token in ACCESS_TOKEN is no longer accepted. Set a new one.")
    return settings.ACCESS_TOKEN


@sensitive_variables()
def _current(organization: Organization, stale: str | None) -> tuple[str, timedelta]:
    """The stored token and how long it is good for; empty if it is stale or at its end."""
    left = (organization.token_expires_at or timezone.now()) - timezone.now()
    token = organization.unseal("access_token") if left > timedelta(0) else ""
    return ("", left) if token == stale else (token, left)


def _claim_renewal(organization: Organization) -> bool:
    """True for one process at a time, and only if nobody has renewed the token since we looked at it."""
    now = timezone.now()
    free = Q(token_renewal_ends_at=None) | Q(token_renewal_ends_at__lt=now)
    claimed = Organization.objects.filter(free, pk=organization.pk, token_expires_at=organization.token_expires_at)
    return claimed.update(token_renewal_ends_at=now + timedelta(seconds=RENEWAL_SECONDS)) == 1


@sensitive_variables()
def _renew(organization: Organization) -> str:
    expires_at: datetime | None = organization.token_expires_at
    try:
        token = fetch_token(
            settings.IMS_URL,
            client_id=organization.client_id,
            client_secret=organization.unseal("client_secret"),
            scopes=organization.scopes,
            timeout=RENEWAL_SECONDS - 5,
        )
        organization.seal("access_token", token.access_token)
        expires_at = timezone.now() + timedelta(seconds=token.expires_in)
        return token.access_token
    finally:
        # Also after a failure: the next one who needs a token may ask at once.
        organization.token_expires_at, organization.token_renewal_ends_at = expires_at, None
        organization.save(update_fields=["access_token", "token_expires_at", "token_renewal_ends_at"])
