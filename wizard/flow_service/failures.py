"""How a broken call, or an answer that is not a 2xx, becomes one of our errors.

Adobe has three shapes of error body: the gateway's `error_code`, the Flow Service's `type` with a `report`, and plain
problem details. A body in none of them, such as a proxy's page of HTML, gives its status alone.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import RemoteDisconnected
from typing import Any

import requests
import urllib3
from urllib3.util import Retry

from wizard.flow_service.errors import MESSAGE_LIMIT, FlowServiceError, NoAnswer, NotSent, Refused, Unavailable
from wizard.flow_service.parsing import parsed
from wizard.flow_service.redaction import without
from wizard.flow_service.wire import Unreadable, is_header_value

RETRY_AFTER_MAX = 600  # seconds
LONGEST_SEARCH = 64 * 1024  # characters in which secrets are looked for

# requests raises these before there is a connection; their own words can hold a proxy's password.
_UNUSABLE = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
_FLOW_CODE = re.compile(r"(\d{4}-\d{3})$")
_PLAIN_CODE = re.compile(r"[0-9A-Za-z_.-]{1,64}")


@dataclass(frozen=True)
class Answer:
    """An answer of any status. `content` is None if it broke off or was too large; `request_id` is the one we sent."""

    status: int
    headers: Mapping[str, str]
    content: bytes | None
    request_id: str


def decoded(answer: Answer) -> Any:
    """The answer's JSON; None where there is nothing to read. Raises Unreadable, without what it could not read."""
    if answer.content is None:
        raise Unreadable("The answer broke off or is too large.")
    if answer.status == 204:
        return None
    try:
        return parsed(answer.content)
    except ValueError:
        pass
    raise Unreadable("The answer is not JSON.")


def from_break(error: Exception, host: str, request_id: str, *, unconnected: bool) -> NotSent | NoAnswer:
    """The error for a call that broke; NotSent only if it is certain that not one byte of it was written."""
    if isinstance(error, _UNUSABLE):
        return NotSent(f"{host}: The address or the proxy that is set up cannot be used.", request_id=request_id)
    kind = NotSent if unconnected else NoAnswer
    return kind(f"{host}: {_reason(error)}", request_id=request_id)


def from_unreadable(error: Unreadable, answer: Answer) -> NoAnswer:
    """The error for a 2xx that does not say what it should."""
    return NoAnswer(str(error), status=answer.status, request_id=_request_id(answer, {}))


def from_answer(answer: Answer, hide: Collection[str]) -> FlowServiceError:
    """The error for an answer that is not a 2xx, in Adobe's words with the texts in `hide` blanked.

    https://experienceleague.adobe.com/en/docs/experience-platform/landing/troubleshooting
    """
    fields = _fields(answer)
    message, code, request_id = _redacted(_words(fields), hide), _code(fields), _request_id(answer, fields)
    if answer.status == 429 or 500 <= answer.status < 600:
        wait = _retry_after(answer.headers.get("Retry-After"))
        return Unavailable(message, status=answer.status, code=code, request_id=request_id, retry_after=wait)
    # A redirect that is not followed says nothing about what became of the request.
    kind = Refused if 400 <= answer.status < 500 else NoAnswer
    return kind(message, status=answer.status, code=code, request_id=request_id)


def _reason(error: BaseException) -> str:
    """The operating system's or OpenSSL's words. Those of an HTTP parser are kept out: they quote what was received."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    if isinstance(error, RemoteDisconnected):
        return "The connection was closed without an answer."
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        return error.strerror or str(error)
    return "The answer is not HTTP as it should be."


def _fields(answer: Answer) -> Mapping[str, Any]:
    try:
        body = decoded(answer)
    except Unreadable:
        return {}
    return body if isinstance(body, Mapping) else {}


def _words(fields: Mapping[str, Any]) -> str:
    candidates = (
        _report(fields).get("detailed-message"),
        *(fields.get(key) for key in ("errorMessage", "detail", "error_description", "message", "title")),
    )
    return next((text for text in candidates if isinstance(text, str) and text.strip()), "")


def _redacted(text: str, hide: Collection[str]) -> str:
    """Cut last, or a part of a secret would be left. Where even the longest search ends, nothing near it is shown."""
    words = without(hide, text[:LONGEST_SEARCH])
    return (words if len(text) <= LONGEST_SEARCH else words[: -LONGEST_SEARCH // 2])[:MESSAGE_LIMIT]


def _code(fields: Mapping[str, Any]) -> str:
    """`1415-400` from the tail of `type`; else the gateway's `error_code`, or IMS's `error`."""
    kind = fields.get("type")
    if isinstance(kind, str) and (found := _FLOW_CODE.search(kind)):
        return found[1]
    codes = (fields.get("error_code"), fields.get("error"))
    return next((code for code in codes if isinstance(code, str) and _PLAIN_CODE.fullmatch(code)), "")


def id_in_header(answer: Answer) -> str:
    """The id that they gave the call, where it is one and not ours; else empty."""
    theirs = _request_id(answer, {})
    return "" if theirs == answer.request_id else theirs


def _request_id(answer: Answer, fields: Mapping[str, Any]) -> str:
    """Theirs, by which Adobe's support finds the call, if there is one; else ours."""
    candidates = (_report(fields).get("request-id"), answer.headers.get("x-request-id"))
    theirs = (text for text in candidates if isinstance(text, str) and len(text) <= 128 and is_header_value(text))
    return next(theirs, answer.request_id)


def _report(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    report = fields.get("report")
    return report if isinstance(report, Mapping) else {}


def _retry_after(value: str | None) -> float | None:
    """Seconds from either form of the header; None if it is not there or says nothing."""
    try:
        return Retry(retry_after_max=RETRY_AFTER_MAX).parse_retry_after(value) if value else None
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None
