"""What is kept of a base connection: the columns, and what they say."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from wizard.catalog.categories import OTHER
from wizard.catalog.datatypes import Source
from wizard.catalog.live import unlisted
from wizard.catalog.loader import load_catalog
from wizard.connections.binding import BoundToItsPlace
from wizard.connections.indexes import INDEXES
from wizard.connections.records import KeptError
from wizard.connections.statuses import NO_NAME_OF_ITS_OWN, TESTABLE, Finding, Keeps, Status, TestStatus
from wizard.connections.stepping import Stepping
from wizard.organizations.expiry import Expiring
from wizard.organizations.models import Organization
from wizard.vault.fields import SealedField

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from wizard.connections.calls import Call
    from wizard.connections.changes import Change
    from wizard.record.models import Event

USUAL_WAIT = timedelta(seconds=15)


class ConnectionRow(BoundToItsPlace, Stepping, KeptError, Expiring):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="connections")
    sandbox_name = models.CharField(max_length=256)
    source = models.SlugField(max_length=100)
    source_label = models.CharField(max_length=200)
    connection_spec_id = models.CharField(max_length=100)
    connection_spec_version = models.CharField(max_length=20)
    auth_spec_name = models.CharField(max_length=200, blank=True)
    auth_spec_key = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=255, blank=True)
    description = models.CharField(max_length=1000, blank=True)
    body_extras = models.JSONField(default=dict)
    # What becomes of the credentials; with references `form_values` name them, and `auth_params` are empty.
    keeps = models.CharField(max_length=20, choices=Keeps, default=Keeps.SEALED)
    # Of a draft: the secrets by the names of their fields.
    auth_params = SealedField(null=True)
    form_values = SealedField(null=True)
    # A keyed hash: tells which connections lead to the same place, and nothing of the place.
    destination = models.CharField(max_length=64, blank=True)
    # A sealed value did not open: its secrets have to be typed again.
    is_unreadable = models.BooleanField(default=False)
    # How often these values have changed since the create; what an edit began with.
    revision = models.PositiveIntegerField(default=0)

    status = models.CharField(max_length=20, choices=Status, default=Status.WAITING)
    # Waiting on purpose: not before then, and why.
    due_at = models.DateTimeField(null=True)
    due_reason = models.CharField(max_length=300, blank=True)
    # It waits for the organization's circuit breaker, and goes on when that closes.
    is_held = models.BooleanField(default=False)
    connected_at = models.DateTimeField(null=True)
    looks = models.PositiveIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True)
    # Connections at Adobe that may be this one: id, etag, name, description, state, created_at.
    candidates = models.JSONField(default=list)

    base_connection_id = models.CharField(max_length=128, blank=True, db_index=True)
    etag = models.CharField(max_length=256, blank=True)
    remote_state = models.CharField(max_length=40, blank=True)
    follow_at = models.DateTimeField(null=True)

    test_status = models.CharField(max_length=20, choices=TestStatus, blank=True, default=TestStatus.NONE)
    test_requested_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    test_message = models.CharField(max_length=2000, blank=True)
    test_steps = models.JSONField(default=list)
    retest_at = models.DateTimeField(null=True)
    failed_retests = models.PositiveIntegerField(default=0)
    finding = models.CharField(max_length=20, choices=Finding, blank=True, default=Finding.NONE)
    found_at = models.DateTimeField(null=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Who asked for what it holds now; None for rows that are older than this field, and for drafts.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        events: RelatedManager[Event]
        changes: RelatedManager[Change]
        calls: RelatedManager[Call]

    class Meta:
        abstract = True
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "sandbox_name", "name"),
                condition=~Q(status__in=NO_NAME_OF_ITS_OWN),
                name="name_once_in_sandbox",
            ),
            models.UniqueConstraint(
                fields=("organization", "base_connection_id"),
                condition=~Q(base_connection_id=""),
                name="base_connection_once",
            ),
        )
        indexes = INDEXES

    def __str__(self) -> str:
        return self.name or f"Unnamed {self.source_label} connection"

    def get_absolute_url(self) -> str:
        return reverse("connection", args=[self.uuid])

    # --- What it is ---

    @property
    def is_pending(self) -> bool:
        """True while something is going to change by itself, and soon."""
        working = self.status in (Status.WAITING, Status.CONNECTING)
        return working or self.is_being_looked_up or self.is_being_tested or self.is_initializing or self.is_settling

    @property
    def is_being_looked_up(self) -> bool:
        """True while we find out by ourselves what became of an unanswered create."""
        return self.status == Status.UNKNOWN and self.next_look_at is not None

    @property
    def is_being_tested(self) -> bool:
        return self.test_status == TestStatus.PENDING

    @property
    def is_initializing(self) -> bool:
        """True while Adobe is still setting it up, and we ask how that goes."""
        return self.follow_at is not None and self.remote_state == "initializing"

    @property
    def is_settling(self) -> bool:
        """True for the moment in which Adobe is asked for the state of what it has just made."""
        is_new = self.connected_at is not None and timezone.now() - self.connected_at < USUAL_WAIT
        return self.follow_at is not None and not self.remote_state and is_new

    @property
    def is_reachable(self) -> bool:
        """False for a practice connection at Adobe, and the other way round: it belongs to another Flow Service."""
        return self.organization.is_practice == settings.PRACTICE

    @property
    def is_there(self) -> bool:
        """Whether it exists at the Flow Service that our settings name, as far as is known here."""
        is_known = self.status == Status.CONNECTED and bool(self.base_connection_id)
        return is_known and self.finding != Finding.VANISHED and self.is_reachable

    @property
    def can_be_tested(self) -> bool:
        return self.status in TESTABLE and self.is_reachable

    @property
    def can_be_looked_up(self) -> bool:
        return self.status == Status.UNKNOWN and self.is_reachable

    @property
    def can_be_chosen(self) -> bool:
        """Several connections at Adobe fit, and it is left to a person which one it is."""
        return self.can_be_looked_up and not self.is_being_looked_up and bool(self.candidates)

    @property
    def can_be_tried_again(self) -> bool:
        return self.status in (Status.FAILED, Status.DRAFT) and self.is_reachable

    @property
    def can_be_changed(self) -> bool:
        """Whether it can be edited, switched or deleted: not while Adobe is still setting it up."""
        return self.status == Status.CONNECTED and self.is_reachable and not self.is_initializing

    @property
    def spec(self) -> Source:
        """What is shown of its source: the catalog's entry, or what the row itself says of one that has no file."""
        return load_catalog().get(self.source) or unlisted(self.source, self.source_label, OTHER)

    @property
    def needs_attention(self) -> bool:
        return self.status in (Status.FAILED, Status.UNKNOWN)

    @property
    def waits_on_purpose(self) -> bool:
        return self.status == Status.WAITING and self.due_at is not None

    @property
    def waits_long(self) -> bool:
        """True when a worker should have taken it up by now."""
        since: datetime = self.due_at or self.stepped_at
        return self.status == Status.WAITING and timezone.now() - since > USUAL_WAIT
