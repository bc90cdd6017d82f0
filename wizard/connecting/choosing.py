"""The chooser: what one can connect, by category, as the chosen organization really has it."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from wizard.access.roles import Role
from wizard.access.rules import demand_anywhere, organizations_for
from wizard.asking import services
from wizard.catalog.categories import is_category
from wizard.catalog.datatypes import Source
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.pages import Request, page_or_fragment
from wizard.people.models import User
from wizard.sources.offered import absent, sources, sync_of
from wizard.tables.newest import MOST_COUNTED, newest_keys

LONGEST_QUERY = 200
# More than these of one category are a page of their own.
MOST_TOGETHER = 60
# With the number of its connections; "" for none.
Card = tuple[Source, str]


class Group(NamedTuple):
    """Sources of one category; `number` is how many there are, whether shown or not."""

    category: str
    label: str
    cards: list[Card]
    number: int = 0


@require_safe
def choose(request: Request) -> HttpResponse:
    demand_anywhere(request.user, Role.CONNECTOR)
    organization = services.organization_for(request.user, organization=request.GET.get("organization", ""))
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    category = request.GET.get("category", "")
    category = category if is_category(category) else ""
    reachable = list(organizations_for(request.user, Role.CONNECTOR).reachable())
    kept = {"organization": str(organization.uuid)} if organization and len(reachable) > 1 else {}
    found = matching(sources(organization), query)
    connected = _connected(request.user)
    usable = [(source, connected.get(source.slug, "")) for source in found if not source.fault]
    shown = [card for card in usable if category in ("", card[0].category)]
    lacking = [] if category else matching(absent(organization), query)
    context = {
        "drafts": list(BaseConnection.objects.drafts_of(request.user).with_marks().select_related("organization")),
        "groups": _groups(card for card in shown if card[0].can_be_connected and not card[0].is_on_the_way_out),
        "elsewhere": [card for card in shown if card[0].instead],
        "leaving": [card for card in shown if card[0].can_be_connected and card[0].is_on_the_way_out],
        "categories": _categories([source for source, _ in usable], query, category, kept),
        "broken": [source for source in found if source.fault],
        "absent": [(source, connected.get(source.slug, "")) for source in lacking],
        "number": len(shown),
        "number_elsewhere": len(usable) - len(shown),
        "query": query,
        "category": category,
        "everywhere": urlencode({"q": query, **kept}),
        "sync": sync_of(organization),
        "organization": organization,
        "organizations": reachable if kept else [],
        "of_organization": f"?{urlencode(kept)}" if kept else "",
    }
    return page_or_fragment(request, "connecting/choose.html", "sources", context)


def matching(offered: Iterable[Source], query: str) -> list[Any]:
    """Those that have every word of the query somewhere in what a search looks into."""
    words = query.lower().split()
    return [source for source in offered if all(word in source.searchable for word in words)]


def _groups(cards: Iterable[Card]) -> list[Group]:
    """By category, both in the order of their labels. Of a crowded one among others only the first ones are shown."""
    ordered = sorted(cards, key=lambda card: (card[0].category_label.lower(), card[0].label.lower()))
    groups = [
        Group(category, label, list(members))
        for (category, label), members in groupby(ordered, lambda card: (card[0].category, card[0].category_label))
    ]
    most = MOST_TOGETHER if len(groups) > 1 else len(ordered)
    return [group._replace(cards=group.cards[:most], number=len(group.cards)) for group in groups]


def _categories(found: Iterable[Source], query: str, chosen: str, kept: dict[str, str]) -> list[dict[str, Any]]:
    """The links that narrow the page down, with the number of sources behind each."""
    counts = Counter((source.category_label, source.category) for source in found)
    links = [("All", "", counts.total()), *((label, key, number) for (label, key), number in sorted(counts.items()))]
    return [
        {"label": label, "key": key, "number": number, "is_chosen": key == chosen, "query": _query(query, key, kept)}
        for label, key, number in links
    ]


def _query(query: str, category: str, kept: dict[str, str]) -> str:
    return urlencode({name: value for name, value in {"q": query, "category": category, **kept}.items() if value})


def _connected(person: User) -> dict[str, str]:
    """How many connections each source has, of those that the person sees; of very many the newest are counted."""
    rows = BaseConnection.objects
    keys = newest_keys(rows.parts_for(person, Q(status=Status.CONNECTED)), MOST_COUNTED + 1)
    counts = Counter(rows.filter(pk__in=keys[:MOST_COUNTED]).order_by().values_list("source", flat=True))
    more = "+" if len(keys) > MOST_COUNTED else ""
    return {source: f"{number}{more}" for source, number in counts.items()}
