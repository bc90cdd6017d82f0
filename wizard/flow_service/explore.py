"""The explore calls: what stands in a source, its columns, and its first rows."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from wizard.flow_service.caller import Caller
from wizard.flow_service.explored import Contents, RemoteObject
from wizard.flow_service.filters import checked_id

# Bytes, decompressed. Adobe documents no paging: a schema of ten thousand tables comes at once, and so do long cells.
LISTING_LIMIT = 16 * 1024 * 1024
CONTENTS_LIMIT = 48 * 1024 * 1024

T = TypeVar("T")


class Explore(Caller):
    """Every method raises NotSent, NoAnswer, Refused or Unavailable; ValueError for an id that cannot be one.

    `path` is what a listing names an object by. `rows` is how many first rows are wanted; none of them where it is 0.
    """

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/exploreConnection
    def explore_root(self, connection_id: str) -> list[RemoteObject]:
        """What stands at the source's root: tables and views, or folders and files."""
        return self._listing(connection_id, {"objectType": "root"})

    # https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/explore/cloud-storage
    def explore_folder(self, connection_id: str, path: str) -> list[RemoteObject]:
        return self._listing(connection_id, {"objectType": "folder", "object": path})

    # https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/explore/tabular
    def explore_table(self, connection_id: str, path: str, *, rows: int = 0) -> Contents:
        """Its columns; a view's are read in the same way."""
        return self._contents(connection_id, {"objectType": "table", "object": path, **_preview(rows)})

    def explore_file(self, connection_id: str, path: str, options: Mapping[str, str], *, rows: int = 0) -> Contents:
        """`options`: fileType, columnDelimiter, compressionType, encoding. Without any, Adobe finds them out itself."""
        given = {name: value for name, value in options.items() if value} or {"determineProperties": "true"}
        return self._contents(connection_id, {"objectType": "file", "object": path, **given, **_preview(rows)})

    def explore_records(self, connection_id: str, source_params: Mapping[str, Any], *, rows: int = 0) -> Contents:
        """What a REST API has: `source_params` are its source's own, such as the id of a list."""
        encoded = base64.b64encode(json.dumps(source_params, allow_nan=False).encode()).decode()
        query = {"objectType": "rest", "object": "json", "fileType": "json", "preview": "true"}
        if rows:
            query["previewCount"] = str(rows)
        return self._contents(connection_id, {**query, "sourceParams": encoded})

    def _listing(self, connection_id: str, query: Mapping[str, str]) -> list[RemoteObject]:
        return self._explored(connection_id, query, RemoteObject.list_from_wire, LISTING_LIMIT)

    def _contents(self, connection_id: str, query: Mapping[str, str]) -> Contents:
        return self._explored(connection_id, query, Contents.from_wire, CONTENTS_LIMIT)

    def _explored(self, connection_id: str, query: Mapping[str, str], read: Callable[[Any], T], limit: int) -> T:
        path = f"/connections/{checked_id(connection_id)}/explore?{urlencode(query, quote_via=quote, safe='')}"
        return self._get(path, read, limit)


def _preview(rows: int) -> dict[str, str]:
    return {"preview": "true", "previewCount": str(rows)} if rows else {}
