"""Order, pages and counts of a list call.

The next page's link holds a token alone: the token carries filters, order and place, as the API's users see it.
https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/listConnections
"""

import base64
import hashlib
import json
import operator
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from wizard.emulator.errors import flow
from wizard.emulator.filters import Item, filtered, only_values
from wizard.emulator.messages import Request, Response

PARAMETERS = ("property", "limit", "orderby", "continuationToken", "count")
SORTABLE = ("id", "name", "description", "createdAt", "updatedAt", "state")
PAGE, LARGEST_PAGE = 100, 1000
DIGEST = 16
Load = Callable[[list[str] | None], Sequence[tuple[int, Item]]]


def page(request: Request, load: Load, *, path: str, fields: Collection[str]) -> Response:
    """A page of the items, or their count. `load` gives (place, item) for those names at least, for all with None.

    No place is ever used twice.
    """
    refuse_unknown(request, PARAMETERS)
    state = _state(request)
    placed = load(only_values(state["property"], "name"))
    places = {item["id"]: place for place, item in placed}
    found = filtered(state["property"], [item for _, item in placed], fields)
    if _wants_count(request):
        return Response(200, {"count": len(found)})
    rest = _remaining(_ordered(found, state["orderby"], places), state, places)
    shown = rest[: state["limit"]]
    body: dict[str, Any] = {"items": shown}
    if len(rest) > len(shown):
        after = [_sort_value(shown[-1], state["orderby"]), places[shown[-1]["id"]]]
        body["_links"] = {"next": {"href": f"{path}?continuationToken={_sealed(state | {'after': after})}"}}
    return Response(200, body)


def refuse_unknown(request: Request, allowed: Collection[str]) -> None:
    """Raises Refusal for a query parameter that this call does not have."""
    for name, _ in request.query:
        if name not in allowed:
            raise flow("1451-400", f"The query parameter '{name[:100]}' is not known.")


def _state(request: Request) -> dict[str, Any]:
    token = request.value("continuationToken")
    if token is not None:
        return _opened(token)
    orderby = request.value("orderby") or ""
    if orderby and not re.fullmatch(r"[+-]?[\w.]+", orderby, re.ASCII):
        raise flow("1432-400", "The parameter orderby is a field, with + or - before it.")
    if orderby and orderby.lstrip("+-") not in SORTABLE:
        raise flow("1433-400", f"The list cannot be ordered by '{orderby[:100]}'.")
    return {"property": request.values("property"), "orderby": orderby, "limit": _limit(request), "after": None}


def _limit(request: Request) -> int:
    limit = request.value("limit")
    if limit is not None and not re.fullmatch(r"[1-9]\d{0,8}", limit, re.ASCII):
        raise flow("1450-400", "The parameter limit must be a number, 1 or more.")
    return min(int(limit or PAGE), LARGEST_PAGE)


def _wants_count(request: Request) -> bool:
    count = request.value("count")
    if count not in (None, "true", "false"):
        raise flow("1450-400", "The parameter count must be true or false.")
    if count == "true" and request.value("limit") is not None:
        raise flow("1401-400", "The parameters limit and count cannot be used together.")
    return count == "true"


def _sort_value(item: Item, orderby: str) -> Any:
    return item.get(orderby.lstrip("+-"), "") if orderby else ""


def _ordered(items: list[Item], orderby: str, places: dict[str, int]) -> list[Item]:
    by_place = sorted(items, key=lambda item: places[item["id"]])
    # A stable sort: equal items stay in the order of creation, forwards and backwards.
    return sorted(by_place, key=lambda item: _sort_value(item, orderby), reverse=orderby.startswith("-"))


def _remaining(ordered: list[Item], state: dict[str, Any], places: dict[str, int]) -> list[Item]:
    """What comes after the last item shown, even if that one is gone by now."""
    if not state["after"]:
        return ordered
    value, place = state["after"]
    comes_later = operator.lt if state["orderby"].startswith("-") else operator.gt

    def is_later(item: Item) -> bool:
        own = _sort_value(item, state["orderby"])
        return comes_later(own, value) or (own == value and places[item["id"]] > place)

    return [item for item in ordered if is_later(item)]


def _sealed(state: dict[str, Any]) -> str:
    body = json.dumps(state).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:DIGEST] + body).decode().rstrip("=")


def _opened(token: str) -> dict[str, Any]:
    """The digest is there so that a mangled token is refused and never half understood."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        raw = b""
    digest, body = raw[:DIGEST], raw[DIGEST:]
    if not body or hashlib.sha256(body).digest()[:DIGEST] != digest:
        raise flow("1454-400", "The continuationToken is not one that was given out.")
    return json.loads(body)
