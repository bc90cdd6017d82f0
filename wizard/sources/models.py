"""Live specs, as the Flow Service listed them, and how the reading of them stands for each organization."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from wizard.organizations.models import Organization

REFRESH_AFTER = timedelta(hours=24)
SOONEST_RETRY, LATEST_RETRY = timedelta(seconds=10), timedelta(minutes=15)


def lease() -> timedelta:
    """After so long a reading that has begun, or was asked for, is taken for lost: a task may not last longer."""
    return timedelta(seconds=4 * settings.FLOW_SERVICE_TIMEOUT)


class LiveSpec(models.Model):
    """One item of GET /connectionSpecs. `document` is its JSON, in ASCII; empty for one that is too large to be kept.

    `fault` says why it cannot be used.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="live_specs")
    spec_id = models.CharField(max_length=100)
    document = models.TextField()
    label = models.CharField(max_length=100)
    category = models.CharField(max_length=100)
    fault = models.CharField(max_length=200, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("label", "pk")
        # Its index is what the chooser reads by, too.
        constraints = (models.UniqueConstraint(fields=("organization", "spec_id"), name="spec_once_in_organization"),)

    def __str__(self) -> str:
        return self.label


class SpecSync(models.Model):
    """The last reading of an organization's catalog, and the one that is asked for or under way.

    `finished_at` is when it last succeeded: what is kept is as of then, whatever came after.
    """

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="spec_sync")
    requested_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=2100, blank=True)
    number_of_specs = models.PositiveIntegerField(default=0)
    number_left_out = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"catalog of {self.organization}"

    @property
    def is_under_way(self) -> bool:
        """True while a result is to be expected."""
        begun = [at for at in (self.requested_at, self.started_at) if at]
        return bool(begun) and max(begun) > timezone.now() - lease()

    def ask(self) -> bool:
        """True for the one that is to queue it: nobody else has asked for it, and it is not under way."""
        lost = timezone.now() - lease()
        idle = _before("requested_at", lost) & _before("started_at", lost)
        return self._change(idle, requested_at=timezone.now())

    def start(self) -> bool:
        """True for the one process that is to read the catalog now."""
        return self._change(_before("started_at", timezone.now() - lease()), started_at=timezone.now())

    def succeed(self, number_of_specs: int, number_left_out: int) -> bool:
        """False if another process has taken over since. To be called in the transaction that keeps the specs."""
        now = timezone.now()
        counts = {"number_of_specs": number_of_specs, "number_left_out": number_left_out}
        return self._end(finished_at=now, failing_since=None, next_at=now + REFRESH_AFTER, error="", **counts)

    def fail(self, error: str) -> bool:
        """Tried again after as long as it has been failing: soon at first, ever less often, up to a limit."""
        now = timezone.now()
        since = self.failing_since or now
        pause = min(max(now - since, SOONEST_RETRY), LATEST_RETRY)
        return self._end(failing_since=since, next_at=now + pause, error=error[:2100])

    def _end(self, **values: object) -> bool:
        return self._change(Q(started_at=self.started_at), started_at=None, requested_at=None, **values)

    def _change(self, condition: Q, **values: object) -> bool:
        """One conditional UPDATE, so that of two processes only one takes the step."""
        if not SpecSync.objects.filter(condition, pk=self.pk).update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True


def _before(field: str, time: datetime) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__lte": time})
