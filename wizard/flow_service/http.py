"""The one function that every call to Adobe passes through, and the session below it."""

import logging
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.util import Retry

from wizard.flow_service.deadline import DeadlineAdapter, attempting
from wizard.flow_service.errors import FlowServiceError
from wizard.flow_service.failures import Answer, decoded, from_answer, from_break, from_unreadable, id_in_header
from wizard.flow_service.wire import Unreadable

CONNECT_TIMEOUT = 10.0  # seconds, for each address of the host
ANSWER_LIMIT = 8 * 1024 * 1024  # bytes, decompressed

T = TypeVar("T")

_log = logging.getLogger(__name__)
# Its warnings quote the header lines that it cannot parse, and those may be an echo of ours.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


@dataclass(frozen=True)
class Exchange:
    """One call as it went: its path without the query, the status of the answer, or why there was none.

    `request_id` is the one that we sent along, `answer_id` another one that the answer has instead, if it has one.
    """

    method: str
    path: str
    status: int | None
    outcome: str
    milliseconds: int
    request_id: str
    answer_id: str = ""


class Session(requests.Session):
    """A requests session that follows no redirect, keeps no cookie, and takes nothing from .netrc.

    Proxies and REQUESTS_CA_BUNDLE are still read from the environment.
    """

    def __init__(self, *, connect_retries: int = 0) -> None:
        super().__init__()
        # Any auth, even one that changes nothing, keeps requests from looking into .netrc.
        self.auth = _as_it_is
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.clear()
        self.headers.update(
            {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "connection-wizard"}
        )
        # Nothing is repeated but a failed connect, and there is no sleeping on a Retry-After: callers choose.
        retry = Retry(
            total=connect_retries,
            read=False,
            redirect=False,
            status=False,
            other=False,
            respect_retry_after_header=False,
            retry_after_max=0,
        )
        for scheme in ("http://", "https://"):
            self.mount(scheme, DeadlineAdapter(max_retries=retry))

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Straight to this machine's own loopback, where no proxy could find what we mean."""
        if _is_loopback(urlsplit(str(request.url)).hostname or ""):
            kwargs["proxies"] = {}
        return super().send(request, **kwargs)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, also so that requests does not read the body of a redirect, of whatever size, in search of the next."""


def new_call_id() -> str:
    return str(uuid.uuid4())


def call(
    session: Session,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    timeout: float,
    read: Callable[[Any], T],
    body: bytes | None = None,
    hide: Collection[str] = (),
    answer_limit: int | None = None,
    note: Callable[[Exchange], None] = lambda _: None,
    new_id: Callable[[], str] = new_call_id,
) -> T:
    """Send one request, once; return what `read` makes of the JSON of a 2xx answer.

    `timeout` is in seconds and for all of it. The texts in `hide` are blanked wherever an answer repeats them.
    `answer_limit` is in bytes, decompressed; ANSWER_LIMIT unless given. `note` is told of the call, however it ended.
    `new_id` makes the id that is sent along. Raises NotSent, NoAnswer, Refused, Unavailable; none of them holds or
    leads to the request.
    """
    request_id = new_id()
    limit = answer_limit or ANSWER_LIMIT
    started = time.monotonic()
    answer: Answer | FlowServiceError
    with attempting(timeout) as attempt:
        try:
            answer = _exchange(session, method, url, {**headers, "x-request-id": request_id}, body, timeout, limit)
        except _BROKEN as error:
            answer = from_break(error, urlsplit(url).netloc, request_id, unconnected=attempt.unconnected)
    note(_logged(method, url, answer, round((time.monotonic() - started) * 1000), request_id))
    # Out of every except block: what is raised in one keeps the exception that holds the request as its context.
    if isinstance(answer, FlowServiceError):
        raise answer
    if not 200 <= answer.status < 300:
        raise from_answer(answer, hide)
    return _read(answer, read)


def _logged(method: str, url: str, answer: Answer | FlowServiceError, milliseconds: int, request_id: str) -> Exchange:
    status, outcome = (answer.status, "") if isinstance(answer, Answer) else (None, type(answer).__name__)
    answer_id = id_in_header(answer) if isinstance(answer, Answer) else ""
    line, told = "%s %s: %s in %d ms, request %s", f"{request_id} (theirs: {answer_id})" if answer_id else request_id
    _log.info(line, method, url.partition("?")[0], status or outcome, milliseconds, told)
    return Exchange(method, urlsplit(url).path, status, outcome, milliseconds, request_id, answer_id)


def _exchange(
    session: Session, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float, limit: int
) -> Answer:
    with session.request(
        method,
        url,
        data=body,
        headers=dict(headers),
        timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
        allow_redirects=False,
        stream=True,
    ) as response:
        return Answer(response.status_code, response.headers, _content(response, limit), headers["x-request-id"])


def _content(response: requests.Response, limit: int) -> bytes | None:
    """The decompressed body; None where it breaks off or is too large, so that the status is not lost with it."""
    content = bytearray()
    try:
        for chunk in response.iter_content(64 * 1024):
            content += chunk
            if len(content) > limit:
                return None
    except _BROKEN:
        return None
    return bytes(content)


def _read(answer: Answer, read: Callable[[Any], T]) -> T:
    try:
        return read(decoded(answer))
    except Unreadable as error:
        failure = from_unreadable(error, answer)
    raise failure


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
