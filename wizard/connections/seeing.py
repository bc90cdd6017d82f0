"""Keeps on record who has looked at a connection."""

from datetime import timedelta

from django.utils import timezone

from wizard.connections.models import BaseConnection
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event

ONCE_IN = timedelta(minutes=10)


def note_view(connection: BaseConnection, person: User) -> None:
    """Once in ten minutes: whoever works on it comes back to its page again and again."""
    seen = Event.objects.filter(kind=Kind.VIEWED, connection=connection, actor=person)
    now = timezone.now()
    # Not one in the future, which the clock of before has written: that would hide all looks until then.
    if not seen.filter(at__gt=now - ONCE_IN, at__lt=now + ONCE_IN).exists():
        Event.objects.create(kind=Kind.VIEWED, connection=connection, actor=person)
