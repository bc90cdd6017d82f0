"""A person's role in an organization, or in one sandbox of it; and invitations to one."""

from django.conf import settings
from django.db import models

from wizard.access.roles import Role
from wizard.organizations.models import Organization


class Grant(models.Model):
    """Where several hold, the highest role counts. Administrators of the installation need none."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="grants")
    # Empty for all of the organization's sandboxes.
    sandbox_name = models.CharField(max_length=256, blank=True)
    role = models.PositiveSmallIntegerField(choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("organization__name", "sandbox_name")
        constraints = (
            models.UniqueConstraint(fields=("person", "organization", "sandbox_name"), name="one_role_in_a_place"),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} in {self.place}"

    @property
    def place(self) -> str:
        return place_name(self.organization, self.sandbox_name)


def place_name(organization: Organization, sandbox_name: str) -> str:
    """An organization and its sandbox as people read it."""
    return f"{organization} / {sandbox_name}" if sandbox_name else f"{organization}, all sandboxes"


class Invitation(models.Model):
    """A link that makes one account, once. Only its digest is kept: the database alone lets nobody in."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField("e-mail")
    # Without an organization: an administrator of the installation.
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, related_name="+")
    sandbox_name = models.CharField(max_length=256, blank=True)
    role = models.PositiveSmallIntegerField(choices=Role)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.email}: {self.what}"

    @property
    def what(self) -> str:
        """The role that it gives, and where."""
        if self.organization is None:
            return "Administrator of this installation"
        return f"{self.get_role_display()} in {place_name(self.organization, self.sandbox_name)}"
