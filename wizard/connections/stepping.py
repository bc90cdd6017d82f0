"""How every row that is sent to Adobe takes a step: one conditional UPDATE, and one event in the same transaction."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from wizard.access.rules import EVERYTHING
from wizard.connections.ended import tell_end
from wizard.connections.records import end_of_attempt
from wizard.people.models import User
from wizard.record.kinds import Kind

if TYPE_CHECKING:
    from wizard.connections.models import BaseConnection


class Stepping(models.Model):
    """A row with a status of its own, which goes from one to the next in attempts; each is sent at most once."""

    attempts = models.PositiveIntegerField(default=0)
    stepped_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def take_step(
        self,
        connection: "BaseConnection",
        status: str,
        origins: Collection[str],
        kind: Kind | None,
        values: Mapping[str, Any],
        message: str = "",
        actor: User | None = None,
        unchanged: Q = EVERYTHING,
        details: Mapping[str, Any] | None = None,
    ) -> bool:
        """True if the row was in one of the origins, and as far in the attempt as this process knows.

        Then it has the status and the values, in the database and here, and the connection has the event.
        """
        values = {"status": status, "stepped_at": timezone.now(), **values}
        with transaction.atomic():
            known = Q(unchanged, status__in=origins, attempts=self.attempts, sent_at=self.sent_at)
            if not type(self)._default_manager.filter(known, pk=self.pk).update(**values):
                return False
            if kind:
                said = end_of_attempt(kind, self.sent_at, values)
                said["details"] = {**said.get("details", {}), **(details or {})}
                connection.events.create(kind=kind, message=message, actor=actor, **said)
                tell_end(self, connection, kind, said)
        for name, value in values.items():
            setattr(self, name, value)
        return True
