"""Filters that a person has kept under a name."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse


class Table(models.TextChoices):
    """The pages that have saved views, by the names of their addresses."""

    HISTORY = "history", "History"
    ACTIVITY = "activity", "Activity"


class SavedView(models.Model):
    """The query is a link and no more: the page reads it as it reads any other."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20, choices=Table)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("person", "page", "name"), name="one_view_of_a_name"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse(self.page)}?{self.query}"
