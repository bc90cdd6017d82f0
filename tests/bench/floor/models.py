"""A row, and nothing that follows from it."""

from django.db import models


class Row(models.Model):
    name = models.CharField(max_length=255)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
