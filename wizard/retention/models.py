"""What is done once a day or so by one of all workers, and what the tables held on each day."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# Whoever has claimed a chore and is silent for so long is taken for dead.
LEASE = timedelta(minutes=10)
# What is planned for later than this was planned by a clock that was wrong.
FARTHEST = timedelta(days=2)
LONG = timedelta(days=7)


class ChoreKind(models.TextChoices):
    EVENTS = "events", "Events"
    CALLS = "calls", "Calls to Adobe"
    CONNECTIONS = "connections", "Deleted and failed connections"
    SESSIONS = "sessions", "Sessions that have ended"
    TASKS = "tasks", "Failed background tasks"
    SIZES = "sizes", "Sizes"
    # Nothing that a worker does: when one was made last is noted here.
    BACKUP = "backup", "Backup"


class Chore(models.Model):
    """`before` and `removed` are of a run that has begun and not ended; `last_…` of the last one that has."""

    kind = models.CharField(max_length=20, choices=ChoreKind, unique=True)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    before = models.DateTimeField(null=True)
    removed = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    last_before = models.DateTimeField(null=True)
    last_removed = models.PositiveBigIntegerField(default=0)
    # Why the last run could not remove anything, in a sentence.
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.get_kind_display()

    @staticmethod
    def by_kind() -> dict[str, "Chore"]:
        """Each kind's, to be shown; those that were never done are not in the database yet."""
        return {kind: Chore(kind=kind) for kind in ChoreKind} | {chore.kind: chore for chore in Chore.objects.all()}

    @staticmethod
    def made() -> dict[str, "Chore"]:
        """Each kind's, to be done; those that are not in the database yet are made here."""
        found = Chore.by_kind()
        if missing := [chore for chore in found.values() if chore.pk is None]:
            Chore.objects.bulk_create(missing, ignore_conflicts=True)
            found = Chore.by_kind()
        return found

    def is_due(self, now: datetime) -> bool:
        is_free = self.claimed_until is None or not now < self.claimed_until <= now + LEASE
        return is_free and not now < self.due_at <= now + FARTHEST

    def is_overdue(self, now: datetime) -> bool:
        """No worker has run for long, or it was not wanted until now, or the clock is wrong."""
        return self.before is None and self.due_at < now - LONG

    def postpone(self, due_at: datetime) -> None:
        self._row().filter(due_at=self.due_at).update(due_at=due_at)

    def claim(self, now: datetime, before: datetime | None = None) -> bool:
        """True for the one process that is to go on with it now; a run that begins removes what is from before that."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + LEASE)
        due = Q(due_at__lte=now) | Q(due_at__gt=now + FARTHEST)
        if not self._row().filter(free, due).update(claimed_until=now + LEASE):
            return False
        self._row().filter(before=None).update(before=before, removed=0)
        self.refresh_from_db()
        return True

    def count(self, removed: int) -> None:
        """So many more; together with what is removed, in its transaction."""
        self._row().update(removed=F("removed") + removed)

    def release(self) -> None:
        """The run goes on at the next turn, in whichever process."""
        self._row().update(claimed_until=None)

    def end(self, due_at: datetime, trouble: str = "") -> bool:
        """The run is over, and the next one is due then. False if another process has ended it."""
        ended = {"last_before": F("before"), "last_removed": F("removed"), "ended_at": timezone.now()}
        over = {"before": None, "removed": 0, "claimed_until": None, "due_at": due_at, "trouble": trouble[:500]}
        return self._row().filter(before=self.before, due_at=self.due_at).update(**ended, **over) == 1

    def _row(self) -> models.QuerySet["Chore"]:
        return Chore.objects.filter(pk=self.pk)


class Size(models.Model):
    """What the tables of one kind of thing held on a day; of each day the last figures. `rows` may be an estimate."""

    kind = models.CharField(max_length=20)
    day = models.DateField()
    rows = models.BigIntegerField()
    # With indexes; None where the database does not say.
    bytes = models.BigIntegerField(null=True)
    oldest_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "day"), name="one_size_a_day"),)
        indexes = (models.Index(fields=("day",), name="sizes_of_a_day"),)

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}"
