"""How every call of one client is made: its headers, its token, its deadline, and the pages of a list."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import inf
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

from wizard.flow_service import wire
from wizard.flow_service.errors import NoAnswer, NotSent, Refused
from wizard.flow_service.http import Exchange, Session, call, new_call_id
from wizard.flow_service.redaction import secrets_in

MAX_PAGES = 1000

T = TypeVar("T")


class Caller:
    """One organization's API credential, in one sandbox, and the session that its calls share.

    `base_url` and `sandbox_management_url` have no query. `timeout` is in seconds, for each whole call; none goes on
    beyond `ends_at`, on the monotonic clock. `token(None)` gives a usable access token, `token(stale)` another one than
    `stale`; it may raise NotSent. `hide` are secrets that an answer may quote, beyond those that a request's own names
    give away: no error repeats them. `note` is told of each call as it ends; `new_id` makes the id of each.

    Raises ValueError for what cannot stand in a header.
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
        note: Callable[[Exchange], None] = lambda _: None,
        new_id: Callable[[], str] = new_call_id,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._sandboxes_url = (sandbox_management_url or _beside(self._base_url, "sandbox-management")).rstrip("/")
        self._conversion_url = _beside(self._base_url, "conversion")
        self._headers = {"x-api-key": client_id, "x-gw-ims-org-id": ims_org_id, "x-sandbox-name": sandbox_name}
        for name, value in self._headers.items():
            if not wire.is_header_value(value):
                raise ValueError(f"{name} has to be visible ASCII without spaces.")
        self._token = token
        self._most_seconds, self._ends_at = timeout, ends_at
        self._hide = tuple(hide)
        self._note, self._new_id = note, new_id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @cached_property
    def _session(self) -> Session:
        """Not before the first call that needs it: a create has one of its own."""
        return Session(connect_retries=1)

    def close(self) -> None:
        """Let go of the connections that are kept open between calls."""
        if "_session" in self.__dict__:
            self._session.close()

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
                note=self._note,
                new_id=self._new_id,
            )
        )

    def _create(
        self,
        path: str,
        body: Mapping[str, Any],
        before_send: Callable[[], None],
        read: Callable[[Any], T],
    ) -> T:
        """Sent at most once, whatever happens; `path` is below the base, or a whole URL.

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
                path if "://" in path else self._base_url + path,
                headers=self._with(token) | {"Content-Type": "application/json", "Connection": "close"},
                body=content,
                timeout=self._timeout,
                read=read,
                hide=[token, *secrets_in(body), *self._hide],
                note=self._note,
                new_id=self._new_id,
            )

    def _write(
        self,
        method: str,
        path: str,
        read: Callable[[Any], T],
        before_send: Callable[[], None],
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
    ) -> T:
        """A call that changes something, and that may be repeated: nothing more comes of it.

        `before_send` is called right before the first byte may leave; what it raises stops the call.
        """

        def send(token: str) -> T:
            before_send()
            return call(
                self._session,
                method,
                self._base_url + path,
                headers={**self._with(token), **(headers or {}), "Content-Type": "application/json"},
                timeout=self._timeout,
                read=read,
                body=body,
                hide=[token, *secrets, *self._hide],
                note=self._note,
                new_id=self._new_id,
            )

        return self._with_a_good_token(send)

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


def _beside(url: str, service: str) -> str:
    return f"{url.rpartition('/')[0]}/{service}"
