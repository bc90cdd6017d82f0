"""Organizations with their sealed API credentials, and their sandboxes."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from wizard.organizations.expiry import Expiring
from wizard.vault.fields import SealedField
from wizard.vault.sealed import Sealed

PRODUCTION, DEVELOPMENT = "production", "development"
NO_TROUBLE: dict[str, Any] = {"token_trouble_since": None, "token_trouble": ""}
# Whoever is renewing the token meanwhile loses the lease, and what was found with the former credentials.
NO_TOKEN: dict[str, Any] = {
    "access_token": None,
    "token_expires_at": None,
    "token_renewal_ends_at": None,
    "check_error": "",
    **NO_TROUBLE,
}


def check_lease() -> timedelta:
    """After so long a check that was asked for is taken for lost: a task may not last longer."""
    return timedelta(seconds=4 * settings.FLOW_SERVICE_TIMEOUT)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def reachable(self) -> "OrganizationQuerySet":
        """Those that the Flow Service of our settings knows: practice ones in practice, the others at Adobe."""
        return self.filter(is_practice=settings.PRACTICE)

    def open_for_use(self) -> "OrganizationQuerySet":
        """Those in reach that take new connections: nobody has closed them here."""
        return self.reachable().filter(is_open=True)

    def in_trouble(self) -> "OrganizationQuerySet":
        """Those whose sends wait at the moment."""
        return self.reachable().exclude(trouble_since=None)


class Organization(Sealed, Expiring):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    ims_org_id = models.CharField(max_length=100, unique=True)
    client_id = models.CharField(max_length=200)
    scopes = models.CharField(max_length=1000)
    client_secret = SealedField(null=True)
    access_token = SealedField(null=True)
    token_expires_at = models.DateTimeField(null=True, editable=False)
    # Until then one process is renewing the token, and the others leave it to that one.
    token_renewal_ends_at = models.DateTimeField(null=True, editable=False)
    # The circuit breaker: how many sends in a row met trouble, since when new ones wait, and when one of them may try.
    troubles = models.PositiveIntegerField(default=0, editable=False)
    trouble_since = models.DateTimeField(null=True, editable=False)
    trouble_reason = models.CharField(max_length=300, blank=True, editable=False)
    probe_at = models.DateTimeField(null=True, editable=False)
    # Since when, and in which words, IMS refuses the credentials, or Adobe the token of the environment.
    token_trouble_since = models.DateTimeField(null=True, editable=False)
    token_trouble = models.CharField(max_length=2100, blank=True, editable=False)
    is_practice = models.BooleanField(default=False)
    # A closed one takes no new connections; what it has stays on record.
    is_open = models.BooleanField(default=True)
    check_requested_at = models.DateTimeField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    check_error = models.CharField(max_length=2100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_environment(self) -> bool:
        """True for the one whose credentials come from the settings of this installation."""
        return self.ims_org_id == settings.IMS_ORG_ID

    @property
    def is_reachable(self) -> bool:
        return self.is_practice == settings.PRACTICE

    @property
    def is_being_checked(self) -> bool:
        """True while a result is to be expected: a task that is lost is waited for no longer than it may last."""
        return self.check_requested_at is not None and self.check_requested_at > timezone.now() - check_lease()

    def forget_token(self) -> None:
        """Unsaved: after other credentials a token of the former ones is of no use, nor is the trouble with them."""
        for field, value in NO_TOKEN.items():
            setattr(self, field, value)

    def place(self, field: str) -> tuple[str, ...]:
        """What a sealed value is bound to: copied to another organization it does not open."""
        return (self._meta.label_lower, field, str(self.uuid), self.ims_org_id)


class SandboxQuerySet(models.QuerySet["Sandbox"]):
    def open_for_use(self) -> "SandboxQuerySet":
        """Those that a new connection may be made in."""
        organizations = Organization.objects.open_for_use()
        return self.filter(is_open=True, is_confirmed=True, organization__in=organizations)


class Sandbox(models.Model):
    """An isolated environment of an organization: it holds connections of its own."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="sandboxes")
    name = models.CharField(max_length=256)
    title = models.CharField(max_length=256, blank=True)
    type = models.CharField(max_length=40, blank=True)
    is_default = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True, help_text="The last check found it open to our credentials.")
    # One that is found is closed for use here, unless it is for development, until an admin types its name.
    is_confirmed = models.BooleanField(default=True)
    # A second person has to approve what creates or deletes something there.
    needs_approval = models.BooleanField(default=False)

    objects = SandboxQuerySet.as_manager()

    class Meta:
        ordering = ("-is_default", "name")
        verbose_name_plural = "sandboxes"
        constraints = (models.UniqueConstraint(fields=("organization", "name"), name="sandbox_once_in_organization"),)

    def __str__(self) -> str:
        return f"{self.organization.name} / {self.name}"

    @property
    def is_production(self) -> bool:
        return self.type.lower() == PRODUCTION
