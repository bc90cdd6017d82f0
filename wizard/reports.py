"""What error reports and log lines leave out."""

import logging
import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

SECRET_PLACES = re.compile(
    r"[/\\](?:jsonschema|wizard[/\\](?:asking|catalog|changing|connecting|connection_strings|connections|credentials"
    r"|flow_service|history|json_schema|values|vault|work))[/\\]"
)
# What follows lets somebody in.
LINKS = re.compile(r"(/(?:first|new-password)/)[\w-]+")


class ReportFilter(SafeExceptionReporterFilter):
    """Hides what is marked as sensitive also with DEBUG, and every URL in the settings: one may hold a password."""

    hidden_settings = re.compile(SafeExceptionReporterFilter.hidden_settings.pattern + "|URL|DATABASES", re.IGNORECASE)

    def is_active(self, request: HttpRequest | None) -> bool:  # noqa: ARG002
        return True

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        """Nothing of code that works on what was typed: there every variable may be a secret."""
        if SECRET_PLACES.search(tb_frame.f_code.co_filename):
            return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()
        return super().get_traceback_frame_variables(request, tb_frame)


class LinkFilter(logging.Filter):
    """Blanks the links that let somebody in: a refused request would put them into the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_blanked(value) for value in record.args)
        return True


def _blanked(value: Any) -> Any:
    return LINKS.sub(r"\1[hidden]", value) if isinstance(value, str) else value
