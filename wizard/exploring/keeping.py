"""The names of what stands in a source, kept for some minutes in the cache that all processes share."""

import hashlib
import json
import zlib

from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection as database
from django.utils import timezone

from wizard.connections.models import BaseConnection
from wizard.exploring.listing import Listing

MINUTES = 5
LARGEST = 2 * 1024 * 1024  # bytes, compressed; what is larger is read anew each time


def kept(connection: BaseConnection, object_type: str, path: str) -> Listing | None:
    """None where nothing is kept, or the connection has changed since."""
    content = cache.get(_key(connection, object_type, path))
    return Listing.from_json(json.loads(zlib.decompress(content))) if content else None


def keep(connection: BaseConnection, object_type: str, path: str, listing: Listing) -> None:
    # The fastest level: it is a third of the time of reading, and names compress well anyway.
    content = zlib.compress(json.dumps(listing.as_json()).encode(), 1)
    if len(content) <= LARGEST:
        cache.set(_key(connection, object_type, path), content, MINUTES * 60)


def erase_outdated() -> None:
    """A cache in the database keeps what is over until somebody asks for it, and nobody need ever do."""
    if isinstance(caches["default"], DatabaseCache):
        now = database.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
        with database.cursor() as cursor:
            cursor.execute("DELETE FROM cache WHERE expires < %s", [now])


def _key(connection: BaseConnection, object_type: str, path: str) -> str:
    named = "\n".join((str(connection.uuid), connection.etag, object_type, path))
    return f"explored:{hashlib.sha256(named.encode()).hexdigest()}"
