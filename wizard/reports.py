"""What error reports, log lines and the results of tasks leave out: what is secret by its place, and by its value."""

import html
import logging
import re
import traceback
from collections.abc import Callable, ItemsView, Iterator, Mapping
from functools import wraps
from types import FrameType, TracebackType
from typing import Any, ParamSpec

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from wizard.flow_service.redaction import HIDDEN, secrets_in, texts_in
from wizard.flow_service.spellings import spellings
from wizard.vault.secret import forgetting, known

SHORTEST = 4  # characters; a shorter text stands in every line
LONG_LINE = 16  # characters; of a secret of many lines each of these is one, too
Ids = ParamSpec("Ids")
LINK = re.compile(r"(/(?:first|join|new-password)/)[\w-]+")
# Their own words quote what could not be shown.
UNWRITABLE = "A line that cannot be written: its arguments do not fit."


# --- By its value ---


def blanked(text: str, request: HttpRequest | None = None) -> str:
    """`text` without what this request or task has opened or was sent, whichever way it is written there."""
    return _without(text, _hidden(request))


def _hidden(request: HttpRequest | None) -> list[str]:
    """All that must not be repeated, in every form, the longest first."""
    values = (*known(), *_posted(request))
    texts = {found for value in values for found in _texts(value) if len(found) >= SHORTEST}
    return sorted({form for found in texts for form in _forms(found)}, key=len, reverse=True)


def _without(text: str, hidden: list[str]) -> str:
    for form in hidden:
        text = text.replace(form, HIDDEN)
    return text


def _posted(request: HttpRequest | None) -> list[dict[str, Any]]:
    """What was read of a form, if that has come so far."""
    found = getattr(request, "_post", None)
    return [dict(found.lists())] if isinstance(found, QueryDict) else []


def _texts(value: Any) -> Iterator[str]:
    """Of an object what is secret by its name: the rest of one is not, and would blank words that anybody uses."""
    found = secrets_in(value) if isinstance(value, Mapping) else texts_in(value)
    for text in found:
        yield text
        lines = text.splitlines()
        yield from (line for line in lines if len(lines) > 1 and len(line) >= LONG_LINE)


def _forms(text: str) -> Iterator[str]:
    quoted, raw = repr(text)[1:-1], text.encode("utf-8", "surrogatepass")
    found = (*spellings(text), quoted, html.escape(quoted), raw.hex(), raw.hex().upper())
    yield from (form for form in found if len(form) >= SHORTEST)


class SecretFilter(logging.Filter):
    """Blanks in message, fields, traceback and stack what the request or task at hand has opened."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if not (known() or _posted(request)):
            return True
        try:
            self._blank(record, _hidden(request))
        except Exception:  # better no words than those
            record.msg, record.args, record.fields = UNWRITABLE, (), {}
            record.exc_info = record.exc_text = record.stack_info = None
        return True

    def _blank(self, record: logging.LogRecord, hidden: list[str]) -> None:
        try:
            message = _without(record.getMessage(), hidden)
        except Exception:  # whatever an argument raises when it is asked for its text
            message = UNWRITABLE
        record.msg, record.args = message, ()
        fields: dict[str, Any] = getattr(record, "fields", {})
        texts = {name: value for name, value in fields.items() if isinstance(value, str)}
        record.fields = fields | {name: _without(value, hidden) for name, value in texts.items()}
        if record.exc_info:
            told = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = _without(told, hidden)
        if record.stack_info:
            record.stack_info = _without(record.stack_info, hidden)


class Reporter(ExceptionReporter):
    """Django's error page and error mail, where an exception's own words repeat no secret either."""

    def get_traceback_html(self) -> SafeString:
        found = super().get_traceback_html()
        return type(found)(blanked(found, self.request))

    def get_traceback_text(self) -> SafeString:
        found = super().get_traceback_text()
        return type(found)(blanked(found, self.request))


def forget_afterwards(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware around all others: with the request ends what it knows."""

    def respond(request: HttpRequest) -> HttpResponse:
        with forgetting():
            return get_response(request)

    return respond


class TaskBroke(Exception):
    """What broke in a task, told without the secrets that stood in its words."""


def quietly(run: Callable[Ids, None]) -> Callable[Ids, None]:
    """For a task: what it raises ends in a table and in the log, so no secret that it opened may stand in that."""

    @wraps(run)
    def run_quietly(*ids: Ids.args, **named: Ids.kwargs) -> None:
        told = ""
        with forgetting():
            try:
                return run(*ids, **named)
            except Exception as error:
                told = traceback.format_exc()
                if blanked(told) == told:
                    raise
                told = f"{type(error).__name__}: {blanked(str(error))}\n{_places(error.__traceback__)}"
        # Out of the except block: what is raised in one keeps the other exception as its context.
        raise TaskBroke(told)

    return run_quietly


def _places(tb: TracebackType | None) -> str:
    return "".join(traceback.format_tb(tb))


# --- By its place ---


class ReportFilter(SafeExceptionReporterFilter):
    """Hides, with DEBUG too, what was typed, every variable, and every URL in the settings: one may hold a password.

    A secret passes through every library on its way: no frame is one that never sees one.
    """

    hidden_settings = re.compile(SafeExceptionReporterFilter.hidden_settings.pattern + "|URL|DATABASES", re.IGNORECASE)

    def is_active(self, request: HttpRequest | None) -> bool:  # noqa: ARG002
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, str]:
        found = getattr(request, "_post", None)
        return dict.fromkeys(found or (), self.cleansed_substitute)

    def get_traceback_frame_variables(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        tb_frame: FrameType,
    ) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()


class LinkFilter(logging.Filter):
    """Blanks the links that let somebody in: a refused request would put one into the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_link(value) for value in record.args)
        return True


def without_links(text: str) -> str:
    return LINK.sub(r"\1[hidden]", text)


def _without_link(value: Any) -> Any:
    return without_links(value) if isinstance(value, str) else value
