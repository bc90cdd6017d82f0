"""Access tokens: kept sealed with their organization, renewed ahead of their end, by one process at a time."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.flow_service.errors import NotSent
from wizard.flow_service.ims import fetch_token
from wizard.organizations.calling import note_call
from wizard.organizations.models import Organization
from wizard.organizations.trouble import is_refusal, note_acceptance, note_refusal
from wizard.record.context import new_call_id
from wizard.vault.keyring import CannotOpen

RENEW_AHEAD = timedelta(minutes=5)
RENEWAL_SECONDS = 20
POLL_SECONDS = 0.1


@sensitive_variables()
def access_token(organization: Organization, stale: str | None) -> str:
    """A usable token, and another one than `stale`, which Adobe has refused.

    Raises NotSent if there is none to be had: IMS refused or was silent, or the stored secret does not open.
    """
    if uses_ready_token(organization):
        return _ready_token(organization, stale)
    try:
        return _stored_or_new(organization, stale)
    except CannotOpen as error:
        failure = NotSent(f"The API credential of {organization} does not open: {error}.")
    note_refusal(organization, failure)
    raise failure


@sensitive_variables()
def _stored_or_new(organization: Organization, stale: str | None) -> str:
    deadline = time.monotonic() + 2 * RENEWAL_SECONDS
    while time.monotonic() < deadline:
        organization.refresh_from_db(fields=["client_secret", "access_token", "token_expires_at"])
        token, left = _current(organization, stale)
        if token and left > RENEW_AHEAD:
            return token
        if lease := _claim_renewal(organization):
            return _renew(organization, lease, token)
        if token:
            return token
        time.sleep(POLL_SECONDS)
    raise NotSent("Another process is renewing the access token and does not come to an end.")


def uses_ready_token(organization: Organization) -> bool:
    """True for the organization of the environment when ACCESS_TOKEN stands in for a client secret."""
    return bool(settings.ACCESS_TOKEN) and organization.ims_org_id == settings.IMS_ORG_ID


def forget_token(organization: Organization) -> bool:
    """After a refusal: the next call gets a new token, unless it has one already. False if there can be no other."""
    used = Organization.objects.filter(pk=organization.pk, token_expires_at=organization.token_expires_at)
    used.update(token_expires_at=None)
    return not uses_ready_token(organization)


@sensitive_variables("stale")
def _ready_token(organization: Organization, stale: str | None) -> str:
    if stale == settings.ACCESS_TOKEN:
        words = "The token in ACCESS_TOKEN is no longer accepted. Set a new one."
        failure = NotSent(code="ACCESS_TOKEN", message=words)
        note_refusal(organization, failure)
        raise failure
    return settings.ACCESS_TOKEN


@sensitive_variables()
def _current(organization: Organization, stale: str | None) -> tuple[str, timedelta]:
    """The stored token and how long it is good for; empty if it is stale or at its end."""
    left = (organization.token_expires_at or timezone.now()) - timezone.now()
    token = organization.unseal("access_token").open() if left > timedelta(0) else ""
    return ("", left) if token == stale else (token, left)


def _claim_renewal(organization: Organization) -> datetime | None:
    """The end of the lease, for one process at a time, and only if nobody has renewed the token since we looked."""
    now = timezone.now()
    lease = now + timedelta(seconds=RENEWAL_SECONDS)
    # A lease that ends later than any is from before the clock was put back.
    lost = Q(token_renewal_ends_at__lt=now) | Q(token_renewal_ends_at__gt=lease + timedelta(seconds=RENEWAL_SECONDS))
    free = Q(token_renewal_ends_at=None) | lost
    seen = Organization.objects.filter(free, pk=organization.pk, token_expires_at=organization.token_expires_at)
    return lease if seen.update(token_renewal_ends_at=lease) else None


@sensitive_variables()
def _renew(organization: Organization, lease: datetime, still_good: str) -> str:
    """A new token; if there is none to be had, the old one as long as it is still good."""
    leased = Organization.objects.filter(pk=organization.pk, token_renewal_ends_at=lease)
    try:
        token = fetch_token(
            settings.IMS_URL,
            client_id=organization.client_id,
            client_secret=organization.unseal("client_secret").open() or "",
            scopes=organization.scopes,
            timeout=RENEWAL_SECONDS - 5,
            note=note_call,
            new_id=new_call_id,
        )
    except NotSent as error:
        # With other credentials since, this says nothing about those.
        if leased.update(token_renewal_ends_at=None) and is_refusal(error):
            note_refusal(organization, error)
        if still_good:
            return still_good
        raise
    organization.seal("access_token", token.access_token)
    organization.token_expires_at = timezone.now() + timedelta(seconds=token.expires_in)
    new = {"access_token": organization.access_token, "token_expires_at": organization.token_expires_at}
    if leased.update(token_renewal_ends_at=None, **new):
        note_acceptance(organization)
    return token.access_token
