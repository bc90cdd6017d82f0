"""A base connection, and every step that it can take.

status:  draft -> waiting -> connecting -> connected | failed | unknown, and deleted. Every step is one method here:
a conditional UPDATE, so that of two processes only one takes it, and one event in the same transaction.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.catalog.categories import OTHER
from wizard.catalog.datatypes import Source
from wizard.catalog.live import unlisted
from wizard.catalog.loader import load_catalog
from wizard.connections.records import ConnectionEvent, Submission
from wizard.connections.statuses import EventKind, Status, TestStatus
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.vault.fields import SealedField
from wizard.vault.sealing import seal, unseal

__all__ = ["BaseConnection", "BaseConnectionQuerySet", "ConnectionEvent", "Submission"]

# A process that has not come on by this many seconds after its call's deadline is taken for dead.
GRACE_SECONDS = 5
TASK_LOST_AFTER = timedelta(minutes=2)
USUAL_WAIT = timedelta(seconds=15)


def look_lease() -> datetime:
    """Until then a look that has begun is left alone."""
    return timezone.now() + timedelta(seconds=2 * settings.FLOW_SERVICE_TIMEOUT)


class BaseConnectionQuerySet(models.QuerySet["BaseConnection"]):
    def stalled(self, now: datetime) -> "BaseConnectionQuerySet":
        """Connecting, but whoever was at it has been silent for longer than a call may last.

        Before the create there may be two: for a token, and for the source's spec.
        """
        grace, call = timedelta(seconds=GRACE_SECONDS), timedelta(seconds=settings.FLOW_SERVICE_TIMEOUT)
        sent = Q(sent_at__isnull=False, stepped_at__lt=now - call - grace)
        unsent = Q(sent_at=None, stepped_at__lt=now - 2 * call - grace)
        return self.filter(sent | unsent, status=Status.CONNECTING)

    def left_waiting(self, now: datetime) -> "BaseConnectionQuerySet":
        """Waiting for so long that its task must have been lost, however that happened."""
        return self.filter(status=Status.WAITING, stepped_at__lt=now - TASK_LOST_AFTER)

    def due_for_a_look(self, now: datetime) -> "BaseConnectionQuerySet":
        return self.filter(status=Status.UNKNOWN, next_look_at__lte=now)


class BaseConnection(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="connections")
    sandbox_name = models.CharField(max_length=256)
    source = models.SlugField(max_length=100)
    source_label = models.CharField(max_length=200)
    connection_spec_id = models.CharField(max_length=100)
    connection_spec_version = models.CharField(max_length=20)
    auth_spec_name = models.CharField(max_length=200, blank=True)
    auth_spec_key = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=255)
    description = models.CharField(max_length=1000, blank=True)
    body_extras = models.JSONField(default=dict)
    auth_params = SealedField(null=True)
    form_values = SealedField(null=True)

    status = models.CharField(max_length=20, choices=Status, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    stepped_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField(null=True)
    looks = models.PositiveIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True)

    base_connection_id = models.CharField(max_length=128, blank=True, db_index=True)
    etag = models.CharField(max_length=256, blank=True)
    remote_state = models.CharField(max_length=40, blank=True)

    error_kind = models.CharField(max_length=40, blank=True)
    error_status = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.CharField(max_length=2000, blank=True)
    error_request_id = models.CharField(max_length=200, blank=True)

    test_status = models.CharField(max_length=20, choices=TestStatus, blank=True, default=TestStatus.NONE)
    test_requested_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    test_message = models.CharField(max_length=2000, blank=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BaseConnectionQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "sandbox_name", "name"),
                condition=~Q(status__in=("failed", "deleted")),
                name="name_once_in_sandbox",
            ),
        )
        indexes = (
            models.Index(fields=("status", "stepped_at")),
            models.Index(fields=("source", "-id")),
            models.Index(fields=("test_requested_at",), condition=Q(test_status="pending"), name="test_pending"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("connection", args=[self.uuid])

    # --- What it is ---

    @property
    def is_pending(self) -> bool:
        """True while something is going to change by itself."""
        working = self.status in (Status.WAITING, Status.CONNECTING)
        return working or self.is_being_looked_up or self.test_status == TestStatus.PENDING

    @property
    def is_being_looked_up(self) -> bool:
        """True while we find out by ourselves what became of an unanswered create."""
        return self.status == Status.UNKNOWN and self.next_look_at is not None

    @property
    def spec(self) -> Source:
        """What is shown of its source: the catalog's entry, or what the row itself says of one that has no file."""
        return load_catalog().get(self.source) or unlisted(self.source, self.source_label, OTHER)

    @property
    def needs_attention(self) -> bool:
        return self.status in (Status.FAILED, Status.UNKNOWN)

    @property
    def waits_long(self) -> bool:
        """True when a worker should have taken it up by now."""
        return self.status == Status.WAITING and timezone.now() - self.stepped_at > USUAL_WAIT

    # --- Its secrets ---

    @sensitive_variables()
    def seal(self, field: str, value: dict[str, Any]) -> None:
        """Sets a sealed field: auth_params, or form_values (what was typed, secrets aside)."""
        setattr(self, field, seal(value, *self._place(field)))

    @sensitive_variables()
    def unseal(self, field: str) -> dict[str, Any]:
        """The value of a sealed field; empty if there is none. Raises CannotOpen."""
        sealed = getattr(self, field)
        return unseal(sealed, *self._place(field)) if sealed else {}

    def _place(self, field: str) -> tuple[str, ...]:
        """What a sealed value is bound to: copied to another row, sandbox or source it does not open."""
        row = (self._meta.label_lower, field, str(self.uuid))
        return (*row, str(self.organization.uuid), self.sandbox_name, self.connection_spec_id)

    # --- Its steps ---

    def claim(self) -> bool:
        """waiting -> connecting; True for the one process that is to send it."""
        values = {"attempts": self.attempts + 1, "sent_at": None}
        return self._step(Status.CONNECTING, (Status.WAITING,), EventKind.CLAIMED, values)

    def mark_sent(self) -> bool:
        """Notes, before the first byte, that a create is under way. False: this attempt is no longer ours."""
        values = {"sent_at": timezone.now()}
        return self._step(Status.CONNECTING, (Status.CONNECTING,), EventKind.SENT, values)

    def put_back(self, reason: str) -> bool:
        """connecting -> waiting, for an attempt that is known to have made nothing."""
        return self._step(Status.WAITING, (Status.CONNECTING,), EventKind.PUT_BACK, {}, reason)

    def mark_connected(self, base_connection_id: str, etag: str, reason: str = "", **values: Any) -> bool:
        """connecting or unknown -> connected."""
        origins = (Status.CONNECTING, Status.UNKNOWN)
        values |= {"base_connection_id": base_connection_id, "etag": etag, "connected_at": timezone.now()}
        return self._step(Status.CONNECTED, origins, EventKind.CONNECTED, values | NO_ERROR, reason)

    def mark_failed(self, reason: str, **error: Any) -> bool:
        """connecting or unknown -> failed: nothing was made."""
        origins = (Status.CONNECTING, Status.UNKNOWN)
        return self._step(Status.FAILED, origins, EventKind.FAILED, {"next_look_at": None, **error}, reason)

    def mark_unknown(self, reason: str, **error: Any) -> bool:
        """connecting -> unknown: it was sent, and the answer is missing. The caller looks at once."""
        values = {"looks": 0, "next_look_at": look_lease(), **error}
        return self._step(Status.UNKNOWN, (Status.CONNECTING,), EventKind.UNKNOWN, values, reason)

    def plan_look(self, next_look_at: datetime | None, looks: int, reason: str) -> bool:
        """unknown -> unknown: it was looked up to no end; again at that time, or not by itself (None)."""
        values = {"looks": looks, "next_look_at": next_look_at}
        return self._step(Status.UNKNOWN, (Status.UNKNOWN,), EventKind.LOOKED, values, reason)

    def claim_look(self) -> bool:
        """True for the one process that is to look now; should it die, the look is due again after a while."""
        rows = BaseConnection.objects.filter(pk=self.pk, status=Status.UNKNOWN, next_look_at=self.next_look_at)
        return rows.update(next_look_at=look_lease()) == 1

    def ask_for_look(self, person: User) -> bool:
        """unknown -> unknown: somebody wants it looked up now."""
        values = {"next_look_at": look_lease()}
        return self._step(Status.UNKNOWN, (Status.UNKNOWN,), EventKind.LOOK_ASKED, values, actor=person)

    def requeue(self) -> bool:
        """Still waiting: True for the one process that is to queue it once more."""
        rows = BaseConnection.objects.filter(pk=self.pk, status=Status.WAITING, stepped_at=self.stepped_at)
        return rows.update(stepped_at=timezone.now()) == 1

    @property
    def times_put_back(self) -> int:
        """Since somebody asked for it last."""
        asked = self.events.filter(kind__in=(EventKind.ASKED, EventKind.ASKED_AGAIN)).last()
        return self.events.filter(kind=EventKind.PUT_BACK, pk__gt=asked.pk if asked else 0).count()

    def ask_again(self, person: User) -> bool:
        """failed -> waiting, with the values that the caller has set on this row."""
        values = {name: getattr(self, name) for name in ASKED_FOR} | {"sent_at": None, **NO_ERROR}
        return self._step(Status.WAITING, (Status.FAILED,), EventKind.ASKED_AGAIN, values, actor=person)

    def ask_for_test(self, person: User) -> bool:
        """Connected: a test is going to run. False if one is already."""
        with transaction.atomic():
            rows = BaseConnection.objects.filter(pk=self.pk, status=Status.CONNECTED)
            values = {"test_status": TestStatus.PENDING, "test_requested_at": timezone.now()}
            values |= {"test_message": "", "tested_at": None}
            if not rows.exclude(test_status=TestStatus.PENDING).update(**values):
                return False
            self.events.create(kind=EventKind.TEST_ASKED, actor=person)
            return True

    def keep_test(self, result: TestStatus, message: str, **values: Any) -> bool:
        """Keeps the result of the test that is going on."""
        values |= {"test_status": result, "test_message": message[:2000], "tested_at": timezone.now()}
        with transaction.atomic():
            if not BaseConnection.objects.filter(pk=self.pk, test_status=TestStatus.PENDING).update(**values):
                return False
            self.events.create(kind=EventKind.TESTED, message=f"{result.label}: {message}"[:2100])
            return True

    def _step(
        self,
        status: Status,
        origins: tuple[Status, ...],
        kind: EventKind,
        values: dict[str, Any],
        message: str = "",
        actor: User | None = None,
    ) -> bool:
        """True if the row was in one of the origins, and as far in the attempt as this process knows."""
        values = {"status": status, "stepped_at": timezone.now(), **values}
        with transaction.atomic():
            known = {"attempts": self.attempts, "sent_at": self.sent_at}
            rows = BaseConnection.objects.filter(pk=self.pk, status__in=origins, **known)
            if not rows.update(**values):
                return False
            self.events.create(kind=kind, message=message[:2100], actor=actor)
        for name, value in values.items():
            setattr(self, name, value)
        return True


# What a form sets.
ASKED_FOR = (
    *("organization", "sandbox_name", "name", "description", "source", "source_label"),
    *("connection_spec_id", "connection_spec_version", "auth_spec_name", "auth_spec_key", "body_extras"),
    *("auth_params", "form_values"),
)
NO_ERROR: dict[str, Any] = {
    "error_kind": "",
    "error_status": None,
    "error_code": "",
    "error_message": "",
    "error_request_id": "",
}
