"""The sign of life of each worker, on whichever machine."""

import uuid

from django.db import models


class Beat(models.Model):
    """One row for each `manage.py work` that runs. `at` is by the clock of the database: those of machines differ."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    machine = models.CharField(max_length=255)
    pid = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.machine}, process {self.pid}"
