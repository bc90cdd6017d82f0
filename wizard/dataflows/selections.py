"""Which columns of a table or a file somebody has chosen for a dataflow."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from wizard.connections.models import BaseConnection
from wizard.people.models import User
from wizard.record.kinds import Kind


class ObjectType(models.TextChoices):
    """As `objectType` of an explore call has it."""

    TABLE = "table", "Table"
    FILE = "file", "File"
    REST = "rest", "Records"


class SelectionQuerySet(models.QuerySet["Selection", "Selection"]):
    @transaction.atomic
    def choose(
        self,
        connection: BaseConnection,
        person: User,
        *,
        object_type: ObjectType,
        path: str,
        columns: Sequence[dict[str, Any]],
        options: dict[str, Any],
    ) -> "Selection":
        """Keeps the choice, in the place of an earlier one of the same path."""
        values: dict[str, Any] = {"object_type": object_type, "columns": list(columns), "options": options}
        values |= {"chosen_by": person, "chosen_at": timezone.now()}
        chosen, _ = self.update_or_create(connection=connection, path=path, defaults=values)
        words = f"{len(columns)} column{'' if len(columns) == 1 else 's'} of {path}"
        connection.events.create(kind=Kind.COLUMNS_CHOSEN, message=words[:2000], actor=person)
        return chosen


class Selection(models.Model):
    """`path` is what names the table or file in explore calls; `columns` are as explore gave them, each an object of
    name, type, xdm and, where there was one, meta:xdmType; `options` are how a file is read: fileType, columnDelimiter,
    compressionType, as far as they are known.
    """

    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.CASCADE, related_name="selections")
    object_type = models.CharField(max_length=20, choices=ObjectType)
    path = models.CharField(max_length=1000)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        ordering = ("-chosen_at",)
        constraints = (models.UniqueConstraint(fields=("connection", "path"), name="one_selection_of_each_path"),)

    def __str__(self) -> str:
        return self.path
