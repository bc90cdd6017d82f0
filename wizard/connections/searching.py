"""The search among connections: a piece of text, in whatever case, in a name, a description or Adobe's id."""

from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL

from wizard.connections.models import BaseConnection
from wizard.connections.search_index import ROWS, TABLE, has_trigrams
from wizard.tables.newest import Part, parted

# What an index of trigrams can find.
LEAST = 3
# Shorter ones are looked for row by row, and only in so many.
MOST_READ = 10_000
NOTE = f"With one or two letters the newest {MOST_READ:,} connections are searched. Type three to search all of them."


def matching(parts: list[Part], text: str) -> list[Part]:
    """What of the parts has the text."""
    if len(text) >= LEAST and connection.vendor == "sqlite" and has_trigrams():
        return [_by_trigrams(part, text) for part in parts]
    has_text = Q(name__icontains=text) | Q(description__icontains=text) | Q(base_connection_id__icontains=text)
    if len(text) < LEAST:
        has_text &= Q(pk__gt=_newest() - MOST_READ)
    return parted(parts, [has_text])


def note(text: str) -> str:
    """What is left out by a search for it; "" for nothing."""
    return NOTE if 0 < len(text) < LEAST and _newest() > MOST_READ else ""


def _newest() -> int:
    return BaseConnection.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _by_trigrams(part: Part, text: str) -> Part:
    """Read in the order of the trigrams' table, which stops as soon as there are enough."""
    phrase = '"' + text.replace('"', '""') + '"'
    where = [f"{TABLE} MATCH %s", f"{TABLE}.rowid = {ROWS}.id"]
    joined: Any = part.extra(tables=[TABLE], where=where, params=[phrase])  # noqa: S610  # nosec B610  # its text is a parameter
    return joined.annotate(key=RawSQL(f"{TABLE}.rowid", [], output_field=BigIntegerField()))  # noqa: S611  # nosec B611  # names of ours
