"""What the web server imports in each of its workers."""

import os
import signal
import sys
from contextlib import suppress
from multiprocessing import parent_process

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

from wizard import orphans
from wizard.database_settings import share_connections

# What we write holds sessions and sealed credentials: for its owner alone.
os.umask(0o077)
if server := parent_process():
    orphans.end_with_parent(server.pid or 0)
    # Until granian listens for these, a fork has the handlers of its parent, and would miss that it is to stop.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wizard.settings")

try:
    application = get_wsgi_application()
    share_connections(connection.settings_dict, settings.WEB_THREADS)
    # Models can be imported only now.
    from wizard.catalog.loader import load_catalog
    from wizard.telemetry import files
    from wizard.vault import canary

    canary.verify_or_owe()
    # Read now, so that nobody has to wait for it.
    load_catalog()
    connection.close()
    # What counts may be missing; what is asked for here may not.
    with suppress(OSError):
        files.gather()
except (ImproperlyConfigured, DatabaseError) as error:
    sys.exit(str(error))
