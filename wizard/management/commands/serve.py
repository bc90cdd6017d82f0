"""`manage.py serve`: the web server alone, for a machine where a service manager starts each part by itself."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from wizard.management.commands.start import check_port, web_server


class Command(BaseCommand):
    help = "Runs the web server alone. Run prepare first; work does the rest."

    def handle(self, *_args: Any, **_options: Any) -> None:
        check_port("PORT", settings.HOST, settings.PORT)
        connections.close_all()
        # In the place of this process, so that a service manager's signals reach the web server itself.
        os.chdir(settings.BASE_DIR)
        environment = os.environ | {"DATA_DIR": str(settings.DATA_DIR)}
        os.execve(sys.executable, [sys.executable, *web_server()], environment)  # noqa: S606  # nosec B606  # our own interpreter
