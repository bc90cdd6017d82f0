"""`python -m wizard.web_server`: granian, by its own arguments, in a process that has loaded the wizard.

On Linux the workers are forked from it: they share the memory of what is loaded, and one that takes a dead one's place
answers at once. Elsewhere each loads it for itself.
"""

import gc
import signal
import time
from contextlib import suppress
from threading import Thread

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
    listen_for_signals()
    share_connections(connection.settings_dict, settings.WEB_THREADS)
    # What counts may be missing; what is asked for here may not.
    with suppress(OSError):
        files.gather()
    return application


def listen_for_signals() -> None:
    """Has a thread of its own wait for SIGINT and SIGTERM, in this process; its forks have to call this themselves.

    The kernel may give a signal to any thread that lets it in. A handler of Python's runs in the main thread alone,
    which sleeps, in granian, without end: it would learn of the signal when something else woke it. See signal(7).
    """
    for number in STOPPED_BY:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPED_BY)
    Thread(target=_pass_on, daemon=True).start()


def _pass_on() -> None:
    number = signal.sigwait(STOPPED_BY)
    while not callable(handler := signal.getsignal(number)):  # granian has not come so far
        time.sleep(0.01)
    handler(number, None)


if __name__ == "__main__":
    orphans.forks_end_with_us()
    # Or a garbage collection would write to all that is loaded, and each worker get a copy of its own.
    gc.freeze()
    listen_for_signals()
    entrypoint()
