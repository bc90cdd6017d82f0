"""The chooser: what one can connect, by category, as the chosen organization really has it."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from wizard.catalog.datatypes import Source
from wizard.connections import services
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.pages import Request, page_or_fragment
from wizard.sources.offered import absent, sources, sync_of

LONGEST_QUERY = 200
Card = tuple[Source, int]


@require_safe
def choose(request: Request) -> HttpResponse:
    organization = services.organization_for()
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    category = request.GET.get("category", "")
    found = matching(sources(organization), query)
    usable = [source for source in found if not source.fault]
    connected = _connected()
    shown = [(source, connected.get(source.slug, 0)) for source in usable if category in ("", source.category)]
    lacking = [] if category else matching(absent(organization), query)
    context = {
        "groups": _groups(card for card in shown if card[0].can_be_connected and not card[0].is_on_the_way_out),
        "elsewhere": [card for card in shown if card[0].instead],
        "leaving": [card for card in shown if card[0].can_be_connected and card[0].is_on_the_way_out],
        "categories": _categories(usable, query, category),
        "broken": [source for source in found if source.fault],
        "absent": [(source, connected.get(source.slug, 0)) for source in lacking],
        "number": len(shown),
        "query": query,
        "sync": sync_of(organization),
        "organization": organization,
    }
    return page_or_fragment(request, "connections/choose.html", "sources", context)


def matching(offered: Iterable[Source], query: str) -> list[Any]:
    """Those that have every word of the query somewhere in what a search looks into."""
    words = query.lower().split()
    return [source for source in offered if all(word in source.searchable for word in words)]


def _connected() -> dict[str, int]:
    """How many connections each source has."""
    rows = BaseConnection.objects.filter(status=Status.CONNECTED).values_list("source").annotate(Count("pk"))
    return dict(rows.order_by("source"))


def _groups(cards: Iterable[Card]) -> list[tuple[str, str, list[Card]]]:
    """(category, its label, its sources) in the order of their labels."""
    ordered = sorted(cards, key=lambda card: (card[0].category_label.lower(), card[0].label.lower()))
    return [
        (category, label, list(group))
        for (category, label), group in groupby(ordered, lambda card: (card[0].category, card[0].category_label))
    ]


def _categories(found: Iterable[Source], query: str, chosen: str) -> list[dict[str, Any]]:
    """The links that narrow the page down, with the number of sources behind each."""
    counts: dict[tuple[str, str], int] = {}
    for source in found:
        key = (source.category_label, source.category)
        counts[key] = counts.get(key, 0) + 1
    links = [("All", "", sum(counts.values()))] + [
        (label, key, number) for (label, key), number in sorted(counts.items())
    ]
    return [
        {"label": label, "number": number, "is_chosen": key == chosen, "query": _query(q=query, category=key)}
        for label, key, number in links
    ]


def _query(**values: str) -> str:
    return urlencode({name: value for name, value in values.items() if value})
