"""What a web server imports: the application, loaded and proved to fit its database."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from django.urls import reverse

# What we write holds sessions and sealed credentials: for its owner alone.
os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wizard.settings")

try:
    application = get_wsgi_application()
    # Models can be imported only now.
    from wizard.catalog.loader import load_catalog
    from wizard.vault import canary

    canary.verify_or_owe()
    # Read now, so that nobody has to wait for it: all sources, and by the first address all addresses with their views.
    load_catalog()
    reverse("home")
    connection.close()
except (ImproperlyConfigured, DatabaseError) as error:
    sys.exit(str(error))
