"""Has what is past its retention removed: by the worker a little at each turn, or by a command all at once."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.record.pruning import NotProven
from wizard.retention.models import Chore, ChoreKind
from wizard.retention.rules import Rule, rules
from wizard.retention.tasks import measure_later

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
# The worker's loop has others to look after.
TURN_SECONDS = 1.0
# After a batch others write, for as long as it took, and for so long at least.
PAUSE_SECONDS = 0.05
REMEDY = "Run: manage.py verify_history"


def remove_due() -> None:
    """For the worker's loop: a little of what is due. Safe to run in many processes at once."""
    chores, now, stop = Chore.made(), timezone.now(), time.monotonic() + TURN_SECONDS
    for rule in rules():
        if rule.days is not None and chores[rule.kind].is_due(now) and time.monotonic() < stop:
            _begin(rule, chores[rule.kind], now, stop)
    sizes = chores[ChoreKind.SIZES]
    if sizes.is_due(now) and sizes.claim(now):
        measure_later()


def remove_all(rule: Rule) -> int:
    """Everything that is past its retention now; how many rows, and how many a killed run had removed before.

    Raises NotProven.
    """
    chore, now = Chore.made()[rule.kind], timezone.now()
    Chore.objects.filter(pk=chore.pk).update(due_at=now, claimed_until=None)
    if not chore.claim(now, rule.before(now)):
        return 0
    while _remove_some(rule, chore):
        pass
    return _end(rule, chore)


def _begin(rule: Rule, chore: Chore, now: datetime, stop: float) -> None:
    """After a long pause not at once: a clock that leaps ahead for an hour must not cost the record."""
    if chore.is_overdue(now):
        chore.postpone(now + EVERY)
    elif chore.claim(now, rule.before(now)):
        _take_turn(rule, chore, stop)


def _take_turn(rule: Rule, chore: Chore, stop: float) -> None:
    try:
        while _remove_some(rule, chore):
            if time.monotonic() > stop:
                chore.release()
                return
    except NotProven as error:
        log.error("No event was removed: %s %s", error, REMEDY)
        chore.end(timezone.now() + EVERY, str(error))
    else:
        _end(rule, chore)


def _remove_some(rule: Rule, chore: Chore) -> bool:
    """False if nothing is left."""
    started = time.monotonic()
    if rule.remove(chore.before or rule.before(timezone.now()), chore.count) is None:
        return False
    time.sleep(max(time.monotonic() - started, PAUSE_SECONDS))
    return True


@transaction.atomic
def _end(rule: Rule, chore: Chore) -> int:
    """On record, where something was removed; how many that were. 0 where another process has ended the run."""
    now = Chore.objects.select_for_update().get(pk=chore.pk)
    removed, before = now.removed, now.before
    if not chore.end(timezone.now() + EVERY):
        return 0
    if removed and before and rule.recorded:
        _note(rule.recorded, removed, before)
    return removed


def _note(what: str, removed: int, before: datetime) -> None:
    words = f"{removed} {what if removed != 1 else what.removesuffix('s')} from before {before:%Y-%m-%d}."
    details = {"of": what, "removed": removed, "before": before.isoformat()}
    Event.objects.create(kind=Kind.HISTORY_PRUNED, message=words, details=details)
