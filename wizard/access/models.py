"""A person's role in an organization, or in one sandbox of it."""

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
        return f"{self.organization} / {self.sandbox_name}" if self.sandbox_name else str(self.organization)
