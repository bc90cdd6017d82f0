"""Workers give a sign of life every few seconds; who gives none for a while is taken for dead."""

import os
import socket
import uuid
from datetime import timedelta

from django.db.models.functions import Now

from wizard.monitoring.models import Beat

ALIVE_WITHIN = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=1)


def beat(worker: uuid.UUID) -> None:
    """This worker is alive. Its first sign removes the rows of those that are long dead. Raises DatabaseError."""
    if Beat.objects.filter(pk=worker).update(at=Now()):
        return
    Beat.objects.filter(at__lt=Now() - FORGOTTEN_AFTER).delete()
    Beat.objects.create(pk=worker, machine=socket.gethostname()[:255], pid=os.getpid(), at=Now())


def end(worker: uuid.UUID) -> None:
    """It stops on purpose, and is not waited for. Raises DatabaseError."""
    Beat.objects.filter(pk=worker).delete()


def number_alive() -> int:
    """How many workers have given a sign lately. Raises DatabaseError."""
    return Beat.objects.filter(at__gt=Now() - ALIVE_WITHIN).count()
