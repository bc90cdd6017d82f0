"""`python -m wizard.web_server`: granian, by its own arguments, in a process that has loaded the wizard.

The workers are forked from it: they share the memory of what is loaded, and one that takes a dead one's place answers
at once.
"""

import os
import signal
from typing import Any

from django.conf import settings
from django.db import connection
from granian.cli import entrypoint

from wizard import orphans
from wizard.database_settings import share_connections
from wizard.wsgi import application


def in_worker() -> Any:
    """The WSGI application, in a process that forks no other: its threads share a pool of connections."""
    share_connections(connection.settings_dict, settings.WEB_THREADS)
    return application


def end_by_signals() -> None:
    """Until granian listens for these, a fork has the handlers of its parent, and would miss that it is to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    orphans.forks_end_with_us()
    os.register_at_fork(after_in_child=end_by_signals)
    entrypoint()
