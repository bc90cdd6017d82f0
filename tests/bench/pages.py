"""The pages on a connection's way beside an empty one: the chooser, the form, and a connection with a long record."""

import re
from collections.abc import Iterator

from tests.bench.filled import filled
from tests.bench.house import Visitor
from tests.bench.rows import repeat_last_event
from tests.bench.timing import Figure, Values, at_most, by_turns
from tests.catalog.specs import live_spec
from tests.start.running import post_form
from tests.story.running import wait_for

ROWS, EVENTS, SOURCES = 1_000, 1_000, 1_000
EMPTY = "/empty/"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.bench.empty_settings"}

WHY = (
    "a hundred cards, forty fields or a connection’s record are drawn anew for each reader, some ten template nodes "
    "each, where the empty page draws its navigation alone."
)
ALL_WHY = (
    "only who asks for them gets all events on one page: some 20 nodes of templates each. The page as it opens shows "
    "the newest ones, in the line above."
)


def figures(times: int) -> Iterator[Figure]:
    with filled(ROWS, **SETTINGS) as (admin, _, house):
        detail = admin.connect("With a long record")
        repeat_last_event(house.data_dir / "wizard.sqlite3", EVENTS)
        pages = {
            "chooser with 100 sources": "/connect/",
            "form of a source": "/connect/postgres/",
            f"connection with {EVENTS:,} events": detail,
            f"connection, all of its {EVENTS:,} events": f"{detail}?events=all",
        }
        yield from _beside_empty(admin, pages, times)
        _offer_many(admin)
        yield from _beside_empty(admin, {f"chooser with {SOURCES:,} sources": "/connect/"}, times)


def _beside_empty(admin: Visitor, pages: dict[str, str], times: int) -> Iterator[Figure]:
    calls = {name: lambda path=path: admin.get(path) for name, path in {"": EMPTY, **pages}.items()}
    found = by_turns(calls, times)
    floor = found.pop("")
    for name, values in found.items():
        yield _figure(name, values, floor)


def _figure(name: str, values: Values, floor: Values) -> Figure:
    why = ALL_WHY if "all of" in name else WHY
    return Figure(name, "ms", values, "an empty page", floor, (at_most(floor, 6),), why)


def _offer_many(admin: Visitor) -> None:
    """A catalog of so many sources at Adobe, read by the wizard."""
    ids = (f"{number:08}-2222-4333-8444-555555555555" for number in range(SOURCES))
    names = (
        {"attributes": {"category": "Databases", "connectorName": f"Source {spec_id[:8]}", "isSource": True}}
        | {"spec_id": spec_id}
        for spec_id in ids
    )
    admin.emulator.set_specs(live_spec(**changes) for changes in names)
    organizations = f"{admin.url}/organizations/"
    sync = re.findall(r'action="(/organizations/[^"]+/sync/)"', admin.get("/organizations/").text)[0]
    post_form(admin.browser, organizations, {}, admin.url + sync)
    wait_for(lambda: "Source 00000001" in admin.get("/connect/", q="Source 00000001").text, "the catalog to be read")
