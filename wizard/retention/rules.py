"""What is kept for how long, and how it is removed afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from wizard.connections.models import Call
from wizard.record.pruning import older_than, prune_some
from wizard.retention import batches
from wizard.retention.models import ChoreKind

FAILED_TASKS_DAYS = 30


@dataclass(frozen=True)
class Rule:
    """`days` after which it is removed; None for never. `setting` is where that number comes from.

    `remove` takes the moment before which all is removed, and what is to be told of each batch in its transaction;
    it gives the number of removed rows, None where nothing is left. `over` counts them. `recorded` is the word for many
    of them in an event at the end; "" where each batch has one of its own, or where it is no part of the record.
    """

    kind: ChoreKind
    days: float | None
    setting: str
    remove: Callable[[datetime, batches.Count], int | None]
    over: Callable[[datetime], int]
    recorded: str = ""

    def before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days or 0)


def rules() -> tuple[Rule, ...]:
    """In the order in which they are followed: what is removed first names the rest."""
    return (
        Rule(ChoreKind.CALLS, *_days("KEEP_CALLS_DAYS"), batches.remove_calls, _calls_before, "calls"),
        Rule(
            ChoreKind.CONNECTIONS,
            *_days("KEEP_DELETED_DAYS"),
            batches.remove_connections,
            lambda before: batches.removable(before).count(),
        ),
        Rule(ChoreKind.EVENTS, *_days("KEEP_EVENTS_DAYS"), _remove_events, lambda before: older_than(before).count),
        Rule(
            ChoreKind.SESSIONS,
            0,
            "SESSION_HOURS",
            batches.remove_sessions,
            lambda before: batches.ended_sessions(before).count(),
        ),
        Rule(
            ChoreKind.TASKS,
            FAILED_TASKS_DAYS,
            "",
            batches.remove_tasks,
            lambda before: batches.failed_tasks(before).count(),
        ),
    )


def _days(setting: str) -> tuple[float | None, str]:
    return getattr(settings, setting) or None, setting


def _calls_before(before: datetime) -> int:
    return Call.objects.filter(at__lt=before).count()


def _remove_events(before: datetime, count: batches.Count) -> int | None:
    removed = prune_some(before)
    if removed:
        count(removed)
    return removed
