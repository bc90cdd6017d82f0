"""`python -m wizard.web_server`: granian, by its own arguments, in a process that has loaded the wizard.

On Linux the workers are forked from it: they share the memory of what is loaded, and one that takes a dead one's place
answers at once. Elsewhere each loads it for itself.
"""

import gc
import os
import signal
from contextlib import suppress
from functools import partial

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from granian.cli import entrypoint

from wizard import orphans
from wizard.database_settings import share_connections
from wizard.telemetry import files
from wizard.wsgi import application

STOPPED_BY = (signal.SIGINT, signal.SIGTERM)


def in_worker() -> WSGIHandler:
    """The WSGI application, in a process that forks no other: its threads share a pool of connections."""
    share_connections(connection.settings_dict, settings.WEB_THREADS)
    # What counts may be missing; what is asked for here may not.
    with suppress(OSError):
        files.gather()
    return application


def lose_no_signal() -> None:
    """Until granian listens for these, a fork has the handlers of its parent, and would miss that it is to stop."""
    held_back, let_in = (
        partial(signal.pthread_sigmask, how, STOPPED_BY) for how in (signal.SIG_BLOCK, signal.SIG_UNBLOCK)
    )
    os.register_at_fork(before=held_back, after_in_parent=let_in, after_in_child=_end_by_signals)


def _end_by_signals() -> None:
    for number in STOPPED_BY:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPED_BY)


if __name__ == "__main__":
    orphans.forks_end_with_us()
    lose_no_signal()
    # Or a garbage collection would write to all that is loaded, and each worker get a copy of its own.
    gc.freeze()
    entrypoint()
