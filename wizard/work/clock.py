"""A clock may be wrong, and is put right: nothing then waits until it has caught up, or is erased too early.

What is under way is told apart by attempts, not by times: no jump of a clock makes anything be sent twice.
"""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Model

from wizard.connections.models import BaseConnection, Change
from wizard.dataflows.models import Resource
from wizard.organizations.models import Organization
from wizard.people.floods import forget_future_counts
from wizard.sources.models import SpecSync
from wizard.tasks import hand_out_again
from wizard.work import pauses

log = logging.getLogger(__name__)

# Clocks of several machines may differ by this much; so may one that is set by and by.
TOLERANCE = timedelta(minutes=1)
# For so long after a jump ahead nothing is erased for being old: it may have been a mistake that is put right.
STEADY = timedelta(hours=1)
UNTIL: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (BaseConnection, ("due_at", "next_look_at", "follow_at")),
    (Change, ("due_at",)),
    (Resource, ("due_at",)),
    (Organization, ("probe_at", "token_renewal_ends_at")),
)
SINCE: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (BaseConnection, ("stepped_at", "test_requested_at")),
    (Change, ("stepped_at",)),
    (Resource, ("stepped_at",)),
    (Organization, ("check_requested_at",)),
    (SpecSync, ("requested_at", "started_at")),
)


class Clock:
    """The wall clock beside one that knows no jumps. For one process."""

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()
        self._jumped_at: float | None = None

    def was_put_back(self) -> bool:
        """Since it was asked last."""
        gained = self._gained()
        if gained > TOLERANCE:
            self._jumped_at = time.monotonic()
            log.warning("The clock went ahead by %s. Nothing is erased for being old within the next hour.", gained)
        elif gained < -TOLERANCE:
            self._jumped_at = None
            log.warning("The clock was put back by %s. What waits goes on by the new time.", -gained)
        return gained < -TOLERANCE

    def is_steady(self) -> bool:
        return self._jumped_at is None or time.monotonic() - self._jumped_at > STEADY.total_seconds()

    def _gained(self) -> timedelta:
        before, self._ahead = self._ahead, time.time() - time.monotonic()
        return timedelta(seconds=round(self._ahead - before))


def go_on_by(now: datetime) -> None:
    """Nothing is planned for a time so far ahead, or begun in the future: what says so is due now, or begins now."""
    farthest = now + timedelta(seconds=max(1.2 * pauses.LONGEST, 5 * settings.FLOW_SERVICE_TIMEOUT))
    for table, limit in ((UNTIL, farthest), (SINCE, now + TOLERANCE)):
        for model, fields in table:
            for field in fields:
                model._default_manager.filter(**{f"{field}__gt": limit}).update(**{field: now})
    hand_out_again(now)
    forget_future_counts(now)
