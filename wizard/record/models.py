"""An event: who did what, when, from where, and how it ended."""

import json
import uuid
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from wizard.record import kinds
from wizard.record.chain import EventQuerySet
from wizard.record.context import origin
from wizard.record.head import Head
from wizard.record.sealing import COLUMNS, event_mac

__all__ = ["Event", "Head"]

LONGEST_MESSAGE = 2100
LONGEST_MS = 2**31 - 1


class Event(models.Model):
    """Append-only; never holds a secret. `details` are names and numbers, never what somebody typed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=kinds.choices)
    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    # An event outlives its connection, and goes on naming it: its keyed hash is about that, too.
    connection = models.ForeignKey(
        "connections.BaseConnection",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="events",
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # The address of the actor as it was then.
    actor_name = models.CharField(max_length=254, blank=True)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sandbox_name = models.CharField(max_length=256, blank=True)
    message = models.CharField(max_length=LONGEST_MESSAGE, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)
    # A keyed hash of all that, made at once.
    mac = models.CharField(max_length=64, editable=False)
    # Its place in the chain, given after the commit; the keyed hash ties it to the event before.
    position = models.BigIntegerField(null=True, unique=True, editable=False)
    link = models.CharField(max_length=64, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("id",), condition=Q(position=None), name="event_unchained"),
            models.Index(fields=("kind", "-id"), name="newest_of_kind"),
            models.Index(fields=("outcome", "-id"), name="newest_of_outcome"),
            models.Index(fields=("organization", "-id", "kind", "outcome"), name="newest_event_of_organization"),
            models.Index(
                fields=("organization", "sandbox_name", "-id", "kind", "outcome"), name="newest_event_of_sandbox"
            ),
            models.Index(fields=("actor", "-id"), condition=Q(organization=None), name="newest_of_a_person_alone"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.message}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("Events are append-only.")
        self._fill_in()
        self.mac = event_mac(self)
        super().save(*args, **kwargs)
        # Whatever became of that: the event itself is committed.
        transaction.on_commit(Event.objects.chain_soon, robust=True)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError("Events are append-only.")

    def _fill_in(self) -> None:
        """What follows from elsewhere; and all of it as the database will give it back, for its hash."""
        if self.connection is not None:
            self.organization_id, self.sandbox_name = self.connection.organization_id, self.connection.sandbox_name
        if self.actor is not None:
            self.actor_name = self.actor_name or self.actor.get_username()
        come_from = origin()
        self.address = _one_spelling(self.address or come_from.address)
        self.request_id = self.request_id or come_from.request_id
        self.outcome = self.outcome or kinds.OUTCOMES.get(kinds.Kind(self.kind), "")
        self.message = self.message[:LONGEST_MESSAGE]
        self.details = json.loads(json.dumps(self.details))
        for field in self._meta.concrete_fields:
            if field.attname in COLUMNS:
                setattr(self, field.attname, field.to_python(getattr(self, field.attname)))


def _one_spelling(address: str | None) -> str | None:
    if not address:
        return None
    found = ip_address(address)
    return str((found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found)


def milliseconds_since(moment: Any) -> int | None:
    """For `duration_ms`: from a time until now; None where it has not begun."""
    if moment is None:
        return None
    return min(max(0, round((timezone.now() - moment).total_seconds() * 1000)), LONGEST_MS)
