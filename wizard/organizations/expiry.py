"""When credentials end: who looks after them, when they were last changed, and when somebody is reminded."""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# Days before the end; the last one is the end itself.
STEPS = (30, 7, 1, 0)


class Expiring(models.Model):
    """For a row with credentials: columns that are the same for an organization and for a connection."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    credentials_expire_on = models.DateField(null=True, blank=True)
    credentials_changed_at = models.DateTimeField(null=True, editable=False)
    # When the next reminder is due; None if there is none to come.
    remind_at = models.DateTimeField(null=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    @property
    def days_left(self) -> int | None:
        """Until the credentials end, by the date that somebody gave; 0 or less when they have."""
        return (self.credentials_expire_on - today()).days if self.credentials_expire_on else None

    @property
    def is_ending(self) -> bool:
        return self.days_left is not None and self.days_left <= max(STEPS)

    def expire_on(self, end: date | None) -> None:
        """Sets the date, unsaved; reminders begin anew, the first at once if its day has passed."""
        self.credentials_expire_on = end
        first = end - timedelta(days=max(STEPS)) if end else None
        self.remind_at = max(_beginning_of(first), timezone.now()) if first else None

    def reminder_after_today(self) -> datetime | None:
        """The beginning of the next day on which somebody is to be reminded."""
        end = self.credentials_expire_on
        days = [end - timedelta(days=step) for step in STEPS] if end else []
        return next((_beginning_of(day) for day in days if day > today()), None)


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def _beginning_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
