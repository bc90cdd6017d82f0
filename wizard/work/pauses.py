"""How long to wait before something is done again."""

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from wizard.flow_service.errors import FlowServiceError, NotSent, Unavailable

# Seconds before each further attempt for what was not sent.
UNSENT = (5, 15, 60, 180, 600)
LONGEST = 600
# Adobe says so where it says anything.
THROTTLED = 30.0
# Before each further look, in parts of the time that one call may last: Adobe may take it to finish one.
LOOKS = (1 / 6, 1, 4)


def after(seconds: float) -> datetime:
    """Then, and up to a fifth later: many that wait shall not come back at one moment."""
    return timezone.now() + timedelta(seconds=seconds * random.uniform(1, 1.2))  # noqa: S311  # nosec B311  # no secret


def next_look(looks: int) -> datetime | None:
    """When to look again after that many looks were answered; None after the last one."""
    return after(LOOKS[looks] * settings.FLOW_SERVICE_TIMEOUT) if looks < len(LOOKS) else None


def look_pause(looks: int) -> float:
    """Seconds before a look, after that many were of no use."""
    return float(min(LOOKS[0] * settings.FLOW_SERVICE_TIMEOUT * 2**looks, LONGEST))


def next_attempt(error: FlowServiceError, times: int) -> datetime | None:
    """When to send again what made nothing, after `times` such attempts; None for what would not help.

    That is a 429, with the pause that it asks for, and what was not sent, unless it was the sign-in that refused it.
    """
    if times >= len(UNSENT):
        return None
    if isinstance(error, Unavailable) and error.status == 429:
        return after(min(error.retry_after or THROTTLED, LONGEST))
    if isinstance(error, NotSent) and not error.code and not 400 <= (error.status or 0) < 429:
        return after(UNSENT[times])
    return None
