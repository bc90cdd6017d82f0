"""What is kept for how long, and how it is removed afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from wizard.record.pruning import prune_some
from wizard.retention import batches
from wizard.retention.models import ChoreKind

FAILED_TASKS_DAYS = 30


@dataclass(frozen=True)
class Rule:
    """`days` after which it is removed; None for never. `setting` says where that number comes from.

    `remove` takes the moment before which all is removed, and what is to be told of each batch in its transaction;
    it gives the number of removed rows, None where nothing is left. `recorded` is the word for many of them in an event
    at the end; "" where each batch has one of its own, or where it is no part of the record.
    """

    kind: ChoreKind
    days: float | None
    setting: str
    remove: Callable[[datetime, Callable[[int], None]], int | None]
    recorded: str = ""

    def before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days or 0)


def rules() -> tuple[Rule, ...]:
    """In the order in which they are followed: events last name what the others have removed."""
    return (
        Rule(ChoreKind.CALLS, settings.KEEP_CALLS_DAYS or None, "KEEP_CALLS_DAYS", batches.remove_calls, "calls"),
        Rule(
            ChoreKind.CONNECTIONS,
            settings.KEEP_DELETED_DAYS or None,
            "KEEP_DELETED_DAYS",
            batches.remove_connections,
        ),
        Rule(ChoreKind.EVENTS, settings.KEEP_EVENTS_DAYS or None, "KEEP_EVENTS_DAYS", _remove_events),
        Rule(ChoreKind.SESSIONS, 0, "SESSION_HOURS", batches.remove_sessions),
        Rule(ChoreKind.TASKS, FAILED_TASKS_DAYS, "", batches.remove_tasks),
    )


def _remove_events(before: datetime, count: Callable[[int], None]) -> int | None:
    removed = prune_some(before)
    if removed:
        count(removed)
    return removed
