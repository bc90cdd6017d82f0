"""The questions asked of the events, and how they are chained: each to the one before, after its own commit.

Not in the transaction of what an event is about: two of those, each with locks that the other waits for, would meet at
the head. What a dead process left without its place gets one by the next event, by the worker, or by verify_history.
A task chains what it has written at its end; should it last, the worker does so within seconds.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import DatabaseError, connection, models, transaction

from wizard.record.head import ONLY, Head
from wizard.record.kinds import Kind

if TYPE_CHECKING:
    from wizard.record.models import Event  # noqa: F401 - named by the class below

log = logging.getLogger(__name__)

BATCH = 500
# In SQL, since a million events are chained at once where a record is taken over from before there was a chain.
GIVE_PLACE = "UPDATE record_event SET position = %s, link = %s WHERE id = %s"


_together: ContextVar[bool] = ContextVar("chained together", default=False)


class EventQuerySet(models.QuerySet["Event", "Event"]):
    def happened(self) -> "EventQuerySet":
        """What was done and what came of it; not who looked at it."""
        return self.exclude(kind__in=(Kind.VIEWED, Kind.EXPLORED))

    def chain_soon(self) -> None:
        """Chains what was just committed, at once or with what else is written together."""
        if not _together.get():
            self.chain()

    @contextmanager
    def chained_together(self) -> Iterator[None]:
        """Events that are written inside are chained once, at the end; also for a function, as its decorator."""
        if _together.get():
            yield
            return
        before = _together.set(True)
        try:
            yield
        finally:
            _together.reset(before)
            self._chain_what_was_written()

    def _chain_what_was_written(self) -> None:
        """Never raises for the database's sake: the events themselves are committed, and the worker chains them."""
        try:
            self.chain()
        except DatabaseError as error:
            log.warning("What was written could not be chained yet: %s", error)

    def chain(self) -> None:
        """Gives all events that have none a position and a link, in the order of their keys."""
        while self._chain_some():
            pass

    def _chain_some(self) -> bool:
        """True if there may be more."""
        # The default manager refuses every update.
        unchained = self.model._base_manager.filter(position=None).order_by("pk")
        if not unchained.exists():
            return False
        with transaction.atomic():
            head = self._locked_head()
            if head is None or not head.is_genuine:
                log.error("The head of the record was changed or removed. Run: python manage.py verify_history")
                return False
            events = list(unchained.only("pk", "mac")[:BATCH])
            places = []
            for event in events:
                head.append(event)
                places.append((head.position, head.link, event.pk))
            with connection.cursor() as cursor:
                cursor.executemany(GIVE_PLACE, places)
            head.save()
        return len(events) == BATCH

    def _locked_head(self) -> Head | None:
        """None where it was removed; the first event makes it."""
        if head := Head.locked():
            return head
        if self.model._base_manager.filter(position__isnull=False).exists():
            return None
        Head.objects.get_or_create(pk=ONLY)
        return Head.locked()

    def update(self, **_values: Any) -> NoReturn:
        raise TypeError("Events are append-only.")

    def delete(self) -> NoReturn:
        raise TypeError("Events are append-only.")

    def bulk_create(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("Events are written one by one.")

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("Events are append-only.")
