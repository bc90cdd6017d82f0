"""Adobe's Flow Service API, one thin method for each endpoint that we use."""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

from wizard.flow_service import wire
from wizard.flow_service.datatypes import Created, RemoteConnection, RemoteObject, RemoteSandbox
from wizard.flow_service.errors import NoAnswer, NotSent, Refused
from wizard.flow_service.http import Session, call
from wizard.flow_service.redaction import secrets_in, texts_in

MAX_PAGES = 1000
# A whole catalog of connection specs comes as one answer: Adobe documents no paging for it.
CATALOG_LIMIT = 64 * 1024 * 1024  # bytes, decompressed
SANDBOXES_PER_PAGE = 50

T = TypeVar("T")

# How the filter language escapes a quote, a comma or a backslash is not documented.
_FILTERABLE = re.compile(r"[\w .:/()-]+")


class FlowService:
    """The Flow Service as one organization's API credential sees it, in one sandbox.

    `base_url` and `sandbox_management_url` have no query. `timeout` is in seconds, for each whole call;
    none goes on beyond `ends_at`, on the monotonic clock. `token(None)`
    gives a usable access token, `token(stale)` another one than `stale`; it may raise NotSent. `hide` are secrets that
    an answer may quote, beyond those that a request's own names give away: no error repeats them.

    Every method raises NotSent, NoAnswer, Refused or Unavailable; ValueError for an id that cannot be one.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ims_org_id: str,
        client_id: str,
        sandbox_name: str,
        token: Callable[[str | None], str],
        timeout: float,
        sandbox_management_url: str = "",
        ends_at: float = inf,
        hide: Iterable[str] = (),
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._sandboxes_url = (sandbox_management_url or _beside(self._base_url, "sandbox-management")).rstrip("/")
        self._headers = {"x-api-key": client_id, "x-gw-ims-org-id": ims_org_id, "x-sandbox-name": sandbox_name}
        for name, value in self._headers.items():
            if not wire.is_header_value(value):
                raise ValueError(f"{name} has to be visible ASCII without spaces.")
        self._token = token
        self._most_seconds, self._ends_at = timeout, ends_at
        self._hide = tuple(hide)
        self._session = Session(connect_retries=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections that are kept open between calls."""
        self._session.close()

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/createConnection
    def create_connection(self, body: dict[str, Any], *, before_send: Callable[[], None] = lambda: None) -> Created:
        """Create a base connection from the whole documented body. Sent at most once, whatever happens.

        `before_send` is called when all is ready, right before the first byte may leave; what it raises stops the call.
        """
        content = json.dumps(body, allow_nan=False).encode()
        token = self._usable_token(None)
        before_send()
        # A connection of its own: on one that is kept open, a close by the server could cross with the request, and
        # nobody could say whether it was received.
        with Session() as session:
            return call(
                session,
                "POST",
                f"{self._base_url}/connections",
                headers=self._with(token) | {"Content-Type": "application/json", "Connection": "close"},
                body=content,
                timeout=self._timeout,
                read=Created.from_wire,
                hide=[token, *secrets_in(body), *self._hide],
            )

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnectionById
    def get_connection(self, connection_id: str) -> RemoteConnection:
        return self._get(f"/connections/{_checked(connection_id)}", wire.single(RemoteConnection.from_wire))

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnections
    def list_connections(self, *, name: str | None = None, limit: int = 100) -> Iterator[RemoteConnection]:
        """All base connections of the sandbox, or those of exactly this name; `limit` is the size of a page."""
        filters = [f'name=="{name}"'] if name and _FILTERABLE.fullmatch(name) else []
        for connection in self._items("/connections", RemoteConnection.from_wire, filters, limit):
            if name is None or connection.name == name:
                yield connection

    # https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/update
    def update_connection(self, connection_id: str, operations: Sequence[Mapping[str, Any]], etag: str) -> Created:
        """Change a connection by a list of {op, path, value}, all of them or none; the answer has its new etag.

        Refused with 412 unless the connection still has this etag: what is sent twice is done once.
        """
        secrets = [text for operation in operations for text in texts_in(operation.get("value"))]
        body = json.dumps(list(operations), allow_nan=False).encode()
        path = f"/connections/{_checked(connection_id)}"
        return self._write("PATCH", path, Created.from_wire, body, {"If-Match": etag}, secrets)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/actionConnectionById
    def act_on_connection(self, connection_id: str, operation: str) -> Created:
        """`enable` or `disable` a connection: where it is so already, that changes nothing."""
        return self._write("POST", f"/connections/{_checked(connection_id)}/action?op={operation}", Created.from_wire)

    # https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/delete
    def delete_connection(self, connection_id: str) -> None:
        self._write("DELETE", f"/connections/{_checked(connection_id)}", wire.anything)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/exploreConnection
    def explore_root(self, connection_id: str) -> list[RemoteObject]:
        """What stands at the source's root: tables and views, or folders and files."""
        path = f"/connections/{_checked(connection_id)}/explore?objectType=root"
        return self._get(path, wire.plain_list(RemoteObject.from_wire))

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/testConnection
    def test_connection(self, connection_id: str) -> bool:
        """Whether Adobe can reach the source with the connection's credentials at this moment."""
        return self._get(f"/connections/{_checked(connection_id)}/test", wire.connectivity)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnectionSpecs
    def list_connection_specs(self, *, spec_id: str | None = None) -> list[Any]:
        """Connection specs as they come, of sources and destinations; with an id, the filter finds that one or none.

        Not one of them is looked at here: each may be any JSON value.
        """
        filters = [f'id=="{_checked(spec_id)}"'] if spec_id is not None else []
        return list(self._items("/connectionSpecs", wire.anything, filters, answer_limit=CATALOG_LIMIT))

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnectionSpecById
    def get_connection_spec(self, spec_id: str) -> dict[str, Any]:
        return self._get(f"/connectionSpecs/{_checked(spec_id)}", wire.single(wire.json_object))

    # https://experienceleague.adobe.com/en/docs/experience-platform/sandbox/api/available
    def list_sandboxes(self) -> list[RemoteSandbox]:
        """The sandboxes that the credential may use."""
        found: list[RemoteSandbox] = []
        for _ in range(MAX_PAGES):
            query = urlencode({"limit": SANDBOXES_PER_PAGE, "offset": len(found)})
            page = self._get_url(f"{self._sandboxes_url}/?{query}", RemoteSandbox.page_from_wire)
            found += page
            if len(page) < SANDBOXES_PER_PAGE:
                return found
        raise NoAnswer("The list of sandboxes has no end.")

    def _items(
        self,
        path: str,
        read: Callable[[Any], T],
        filters: Sequence[str],
        limit: int | None = None,
        answer_limit: int | None = None,
    ) -> Iterator[T]:
        """The items of all pages of a list, each as `read` makes it."""
        parameters = [("property", text) for text in filters] + ([("limit", str(limit))] if limit else [])
        # %20 for a space: a plus sign is one of the filter language's own characters.
        query = urlencode(parameters, quote_via=quote)
        asked: set[str] = set()
        while query not in asked and len(asked) < MAX_PAGES:
            asked.add(query)
            items, query = self._get(f"{path}?{query}".rstrip("?"), wire.page(read), answer_limit)
            yield from items
            if not query:
                return
        raise NoAnswer("The list has no end.")

    def _get(self, path: str, read: Callable[[Any], T], answer_limit: int | None = None) -> T:
        return self._get_url(self._base_url + path, read, answer_limit)

    def _get_url(self, url: str, read: Callable[[Any], T], answer_limit: int | None = None) -> T:
        return self._with_a_good_token(
            lambda token: call(
                self._session,
                "GET",
                url,
                headers=self._with(token),
                timeout=self._timeout,
                read=read,
                hide=[token, *self._hide],
                answer_limit=answer_limit,
            )
        )

    def _write(
        self,
        method: str,
        path: str,
        read: Callable[[Any], T],
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
    ) -> T:
        """A call that changes something, and that may be repeated: nothing more comes of it."""
        more = {**(headers or {}), "Content-Type": "application/json"}
        return self._with_a_good_token(
            lambda token: call(
                self._session,
                method,
                self._base_url + path,
                headers=self._with(token) | more,
                timeout=self._timeout,
                read=read,
                body=body,
                hide=[token, *secrets, *self._hide],
            )
        )

    def _with_a_good_token(self, send: Callable[[str], T]) -> T:
        """Sent, and once again with another token if the first one is not accepted."""
        token = self._usable_token(None)
        try:
            return send(token)
        except Refused as refused:
            if refused.status != 401:
                raise
        return send(self._usable_token(token))

    @property
    def _timeout(self) -> float:
        """Seconds for the next call; next to none where the end of all of them has come."""
        return max(min(self._most_seconds, self._ends_at - time.monotonic()), 0.001)

    def _usable_token(self, stale: str | None) -> str:
        token = self._token(stale)
        if not wire.is_header_value(token):
            raise NotSent("The access token has characters that no token has.")
        return token

    def _with(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}", **self._headers}


def _checked(text: str) -> str:
    if not wire.is_id(text):
        raise ValueError("An id may hold letters, digits, dashes and underscores only.")
    return text


def _beside(url: str, service: str) -> str:
    return f"{url.rpartition('/')[0]}/{service}"
