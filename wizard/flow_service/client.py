"""Adobe's Flow Service API, one thin method for each endpoint that we use."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

from wizard.flow_service import wire
from wizard.flow_service.datatypes import Created, RemoteConnection, RemoteSandbox
from wizard.flow_service.errors import NoAnswer, NotSent, Refused
from wizard.flow_service.http import Session, call
from wizard.flow_service.redaction import secrets_in

MAX_PAGES = 1000
# A whole catalog of connection specs comes as one answer: Adobe documents no paging for it.
CATALOG_LIMIT = 64 * 1024 * 1024  # bytes, decompressed
SANDBOXES_PER_PAGE = 50

T = TypeVar("T")

# How the filter language escapes a quote, a comma or a backslash is not documented.
_FILTERABLE = re.compile(r"[\w .:/()-]+")


class FlowService:
    """The Flow Service as one organization's API credential sees it, in one sandbox.

    `base_url` and `sandbox_management_url` have no query. `timeout` is in seconds, for each whole call. `token(None)`
    gives a usable access token, `token(stale)` another one than `stale`; it may raise NotSent.

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
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._sandboxes_url = (sandbox_management_url or _beside(self._base_url, "sandbox-management")).rstrip("/")
        self._headers = {"x-api-key": client_id, "x-gw-ims-org-id": ims_org_id, "x-sandbox-name": sandbox_name}
        for name, value in self._headers.items():
            if not wire.is_header_value(value):
                raise ValueError(f"{name} has to be visible ASCII without spaces.")
        self._token = token
        self._timeout = timeout
        self._session = Session(connect_retries=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections that are kept open between calls."""
        self._session.close()

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/createConnection
    def create_connection(
        self, body: dict[str, Any], *, hide: Iterable[str] = (), before_send: Callable[[], None] = lambda: None
    ) -> Created:
        """Create a base connection from the whole documented body. Sent at most once, whatever happens.

        `hide` are secrets of the body beyond those that their names give away: an error does not repeat them.
        `before_send` is called when all is ready, right before the first byte may leave; what it raises stops the call.
        """
        content = json.dumps(body, allow_nan=False).encode()
        secrets = [*secrets_in(body), *hide]
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
                hide=[token, *secrets],
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
        """GET, and once again with another token if the first one is not accepted."""
        token = self._usable_token(None)
        try:
            return self._get_once(url, read, token, answer_limit)
        except Refused as refused:
            if refused.status != 401:
                raise
        return self._get_once(url, read, self._usable_token(token), answer_limit)

    def _get_once(self, url: str, read: Callable[[Any], T], token: str, answer_limit: int | None) -> T:
        return call(
            self._session,
            "GET",
            url,
            headers=self._with(token),
            timeout=self._timeout,
            read=read,
            hide=[token],
            answer_limit=answer_limit,
        )

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
