"""What is kept of a Flow Service resource beneath a base connection: the columns, and what they say."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from wizard.connections.records import KeptError
from wizard.connections.row import USUAL_WAIT
from wizard.connections.stepping import Stepping
from wizard.dataflows.completing import without_names
from wizard.dataflows.resource_statuses import STANDING, ResourceKind, ResourceStatus
from wizard.organizations.models import Organization

if TYPE_CHECKING:
    from wizard.dataflows.resources import Resource


class ResourceRow(Stepping, KeptError):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey("connections.BaseConnection", on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=20, choices=ResourceKind)
    name = models.CharField(max_length=255)
    description = models.CharField(max_length=1000, blank=True)
    # As it is sent, without the ids of the others: those are filled in right before.
    body = models.JSONField(default=dict)
    # Of a source connection: object_type, path and columns, as the selection had them.
    selected = models.JSONField(default=dict)
    source = models.ForeignKey("dataflows.Resource", on_delete=models.PROTECT, null=True, related_name="+")
    target = models.ForeignKey("dataflows.Resource", on_delete=models.PROTECT, null=True, related_name="+")
    mapping = models.ForeignKey("dataflows.Resource", on_delete=models.PROTECT, null=True, related_name="+")

    status = models.CharField(max_length=20, choices=ResourceStatus, default=ResourceStatus.WAITING)
    # Since somebody asked for it last.
    put_backs = models.PositiveIntegerField(default=0)
    looks = models.PositiveIntegerField(default=0)
    # Waiting on purpose, and not before then; of an unknown one when it is looked up again, None for not by itself.
    due_at = models.DateTimeField(null=True)
    due_reason = models.CharField(max_length=300, blank=True)
    # It waits for the organization's circuit breaker, and goes on when that closes.
    is_held = models.BooleanField(default=False)
    made_at = models.DateTimeField(null=True)
    # Resources at Adobe that may be this one: id, etag, name, description, state, created_by, created_at.
    candidates = models.JSONField(default=list)

    remote_id = models.CharField(max_length=128, blank=True)
    etag = models.CharField(max_length=256, blank=True)
    # Of a mapping set: a dataflow names it beside the id.
    version = models.PositiveIntegerField(null=True)

    # The single-use id of the form: the same form again makes nothing new.
    submission_id = models.UUIDField(null=True, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # In whose name it is sent: who asked for it last.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("kind", "remote_id"), condition=~Q(remote_id=""), name="resource_once"),
        )
        indexes = (
            models.Index(fields=("connection", "-id"), name="resources_of_a_connection"),
            models.Index(fields=("status", "stepped_at"), name="resource_under_way"),
        )

    def __str__(self) -> str:
        return f"{ResourceKind(self.kind).label} “{self.name}”"

    @property
    def organization(self) -> Organization:
        return self.connection.organization

    @property
    def needs(self) -> list["Resource"]:
        """What it is put together from, in the order in which that is made."""
        return [need for need in (self.source, self.target, self.mapping) if need is not None]

    def reads_as(self, other: "ResourceRow") -> bool:
        """Of two source connections: whether they differ in their names alone."""
        return (self.selected, without_names(self.body)) == (other.selected, without_names(other.body))

    @property
    def waits_for(self) -> list["Resource"]:
        """What has to be made first."""
        return [need for need in self.needs if need.status != ResourceStatus.MADE]

    @property
    def waiting_words(self) -> str:
        """Why nothing happens at the moment, in a sentence; "" where nothing is waited for."""
        if self.status != ResourceStatus.WAITING:
            return ""
        if not self.waits_for:
            return self.due_reason
        parts = (
            f"the {ResourceKind(need.kind).label.lower()}, which {STANDING[ResourceStatus(need.status)]}"
            for need in self.waits_for
        )
        return f"It waits for {'; and for '.join(parts)}."

    @property
    def is_pending(self) -> bool:
        """True while something is going to change by itself, and soon."""
        waits = self.status == ResourceStatus.WAITING and all(need.is_pending for need in self.waits_for)
        return waits or self.status == ResourceStatus.SENDING or self.is_being_looked_up

    @property
    def is_being_looked_up(self) -> bool:
        """True while we find out by ourselves what became of an unanswered create."""
        return self.status == ResourceStatus.UNKNOWN and self.due_at is not None

    @property
    def waits_long(self) -> bool:
        """True when a worker should have taken it up by now."""
        is_ready = self.status == ResourceStatus.WAITING and not self.waits_for
        return is_ready and timezone.now() - (self.due_at or self.stepped_at) > USUAL_WAIT

    @property
    def can_be_looked_up(self) -> bool:
        return self.status == ResourceStatus.UNKNOWN and self.connection.is_reachable

    @property
    def can_be_chosen(self) -> bool:
        """Several resources at Adobe fit, and it is left to a person which one it is."""
        return self.can_be_looked_up and not self.is_being_looked_up and bool(self.candidates)

    @property
    def can_be_tried_again(self) -> bool:
        """Whether it, or something that it waits for, was not made, and can be asked for once more."""
        failed = any(row.status == ResourceStatus.FAILED for row in (self, *self.waits_for))
        return failed and self.connection.is_reachable
