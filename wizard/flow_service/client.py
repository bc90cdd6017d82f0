"""Adobe's Flow Service API, one thin method for each endpoint that we use."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from wizard.flow_service import wire
from wizard.flow_service.caller import MAX_PAGES
from wizard.flow_service.dataflows import Dataflows
from wizard.flow_service.datatypes import Created, RemoteConnection, RemoteSandbox
from wizard.flow_service.errors import NoAnswer
from wizard.flow_service.explore import Explore
from wizard.flow_service.filters import checked_id, filters_by_name
from wizard.flow_service.redaction import texts_in

# A whole catalog of connection specs comes as one answer: Adobe documents no paging for it.
CATALOG_LIMIT = 64 * 1024 * 1024  # bytes, decompressed
SANDBOXES_PER_PAGE = 50


class FlowService(Dataflows, Explore):
    """The Flow Service as one organization's API credential sees it, in one sandbox.

    Every method raises NotSent, NoAnswer, Refused or Unavailable; ValueError for an id that cannot be one.
    """

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/createConnection
    def create_connection(self, body: dict[str, Any], *, before_send: Callable[[], None] = lambda: None) -> Created:
        """Create a base connection from the whole documented body. Sent at most once, whatever happens.

        `before_send` is called when all is ready, right before the first byte may leave; what it raises stops the call.
        """
        return self._create("/connections", body, before_send, Created.from_wire)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnectionById
    def get_connection(self, connection_id: str) -> RemoteConnection:
        return self._get(f"/connections/{checked_id(connection_id)}", wire.single(RemoteConnection.from_wire))

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnections
    def list_connections(self, *, name: str | None = None, limit: int = 100) -> Iterator[RemoteConnection]:
        """All base connections of the sandbox, or those of exactly this name; `limit` is the size of a page."""
        for connection in self._items("/connections", RemoteConnection.from_wire, filters_by_name(name), limit):
            if name is None or connection.name == name:
                yield connection

    # https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/update
    def update_connection(
        self,
        connection_id: str,
        operations: Sequence[Mapping[str, Any]],
        etag: str,
        *,
        before_send: Callable[[], None] = lambda: None,
    ) -> Created:
        """Change a connection by a list of {op, path, value}, all of them or none; the answer has its new etag.

        Refused with 412 unless the connection still has this etag: what is sent twice is done once.
        """
        secrets = [text for operation in operations for text in texts_in(operation.get("value"))]
        body = json.dumps(list(operations), allow_nan=False).encode()
        path = f"/connections/{checked_id(connection_id)}"
        headers = {"If-Match": etag}
        return self._write("PATCH", path, Created.from_wire, before_send, body=body, headers=headers, secrets=secrets)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/actionConnectionById
    def act_on_connection(
        self, connection_id: str, operation: str, *, before_send: Callable[[], None] = lambda: None
    ) -> Created:
        """`enable` or `disable` a connection: where it is so already, that changes nothing."""
        path = f"/connections/{checked_id(connection_id)}/action?op={operation}"
        return self._write("POST", path, Created.from_wire, before_send)

    # https://experienceleague.adobe.com/en/docs/experience-platform/sources/api-tutorials/delete
    def delete_connection(self, connection_id: str, *, before_send: Callable[[], None] = lambda: None) -> None:
        self._write("DELETE", f"/connections/{checked_id(connection_id)}", wire.anything, before_send)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/testConnection
    def test_connection(self, connection_id: str) -> bool:
        """Whether Adobe can reach the source with the connection's credentials at this moment."""
        return self._get(f"/connections/{checked_id(connection_id)}/test", wire.connectivity)

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnectionSpecs
    def list_connection_specs(self, *, spec_id: str | None = None) -> list[Any]:
        """Connection specs as they come, of sources and destinations; with an id, the filter finds that one or none.

        Not one of them is looked at here: each may be any JSON value.
        """
        filters = [f'id=="{checked_id(spec_id)}"'] if spec_id is not None else []
        return list(self._items("/connectionSpecs", wire.anything, filters, answer_limit=CATALOG_LIMIT))

    # https://developer.adobe.com/experience-platform-apis/references/flow-service/#operation/getConnectionSpecById
    def get_connection_spec(self, spec_id: str) -> dict[str, Any]:
        return self._get(f"/connectionSpecs/{checked_id(spec_id)}", wire.single(wire.json_object))

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
