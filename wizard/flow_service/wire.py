"""Reads foreign JSON: each reader gives the value that its API page promises, or raises Unreadable."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from wizard.flow_service.errors import one_line

T = TypeVar("T")

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}")
_VISIBLE = re.compile(r"[!-~]{1,16384}")
_ETAG_LIMIT = 256
_TEXT_LIMIT = 10_000
# No database takes the one, and no encoding the others.
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unreadable(ValueError):
    """An answer is not what its API page says."""


def anything(body: Any) -> Any:
    """`body` itself, whatever it is."""
    return body


def json_object(body: Any) -> dict[str, Any]:
    """`body` itself, if it is a JSON object."""
    if not isinstance(body, dict):
        raise Unreadable("The answer is not a JSON object.")
    return body


def items_of(body: Any) -> list[Any]:
    """What a list holds that comes as an array, or as `items`."""
    items = body if isinstance(body, list) else json_object(body).get("items")
    if not isinstance(items, list):
        raise Unreadable("The answer holds no list of items.")
    return items


def page(read: Callable[[Any], T]) -> Callable[[Any], tuple[list[T], str]]:
    """A reader of one page of a list: its items, and the query that asks for the next page, "" on the last one."""

    def read_page(body: Any) -> tuple[list[T], str]:
        return [read(item) for item in items_of(body)], _next_query(body)

    return read_page


def single(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """A reader of answers that hold one thing, as it is or as an `items` array of one."""

    def read_single(body: Any) -> T:
        items = items_of(body) if isinstance(body, list) or "items" in json_object(body) else [body]
        if len(items) != 1:
            raise Unreadable(f"The answer holds {len(items)} items instead of one.")
        return read(items[0])

    return read_single


def connectivity(body: Any) -> bool:
    """The result of a connection's test."""
    result = json_object(body).get("result")
    if not isinstance(result, bool):
        raise Unreadable("The answer holds no result.")
    return result


def id_of(item: dict[str, Any]) -> str:
    """The `id`, fit for a URL."""
    found = item.get("id")
    if not isinstance(found, str) or not is_id(found):
        raise Unreadable("The answer holds no usable id.")
    return found


def etag_of(item: dict[str, Any]) -> str:
    """The `etag`, or the `version` that equals it; "" if there is none that fits a header."""
    found = item.get("etag") or item.get("version")
    return found if isinstance(found, str) and len(found) <= _ETAG_LIMIT and is_header_value(found) else ""


def text(item: dict[str, Any], key: str) -> str:
    """The text under `key`, "" if it is absent or null."""
    found = item.get(key)
    if found is not None and not isinstance(found, str):
        raise Unreadable(f"{key} is not a text.")
    return found or ""


def line(item: dict[str, Any], key: str, most: int) -> str:
    """The text under `key` in one line of at most `most` characters: for people, and not to compare with."""
    return one_line(text(item, key))[:most]


def storable(item: dict[str, Any], key: str) -> str:
    """The text under `key` as it is, but for what no database takes, and for the rest of one that is endless."""
    return UNSTORABLE.sub("", text(item, key)[:_TEXT_LIMIT])


def moment(milliseconds: Any) -> datetime | None:
    """Epoch milliseconds as an aware datetime in UTC; None if they are none."""
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def is_id(value: str) -> bool:
    """Whether `value` can stand in a URL's path as one id."""
    return _ID.fullmatch(value) is not None


def is_header_value(value: str) -> bool:
    """Whether `value` is visible ASCII without spaces, as every header value of ours is."""
    return _VISIBLE.fullmatch(value) is not None


def _next_query(body: Any) -> str:
    """Of the link only the query counts, so that it can never lead to another host or path."""
    link: Any = body
    for key in ("_links", "next", "href"):
        link = link.get(key) if isinstance(link, Mapping) else None
    if link in (None, ""):
        return ""
    if not isinstance(link, str) or not is_header_value(link) or not (query := urlsplit(link).query):
        raise Unreadable("The link to the next page cannot be read.")
    return query
