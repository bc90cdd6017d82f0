"""What a restored database must not take for granted: the world has gone on since the copy was made."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache

from wizard.connections.models import BaseConnection
from wizard.dataflows.models import Resource
from wizard.record.kinds import Kind
from wizard.record.models import Event

UNCERTAIN = "Restored from a backup: it may have been sent since that was made."


def settle(taken_at: datetime) -> int:
    """Has every create that was still to come looked up instead of sent; returns how many there were.

    Changes need nothing: they go by the etag, and are read back before they are sent again.
    """
    # Of a copy that was not made by us.
    UserSession.objects.all().delete()
    Session.objects.all().delete()
    cache.clear()
    # By its name: only tasks import the engine.
    apps.get_model("django_q", "OrmQ").objects.all().delete()
    undecided: tuple[BaseConnection | Resource, ...]
    undecided = (*BaseConnection.objects.undecided(), *Resource.objects.undecided())
    number = sum(found.doubt(taken_at, UNCERTAIN) for found in undecided)
    message = f"As of {taken_at:%Y-%m-%d %H:%M:%S} UTC. {number} creates are looked up before anything is sent."
    Event.objects.create(kind=Kind.RESTORED, message=message, details={"taken_at": taken_at.isoformat()})
    Event.objects.chain()
    return number
