"""The steps of a connection's test. Each says in a sentence what it found, or raises what is wrong and what to do."""

import time
from functools import cached_property
from typing import Any

from django.conf import settings

from wizard.connections.models import BaseConnection
from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import RemoteConnection
from wizard.flow_service.errors import FlowServiceError, one_line
from wizard.organizations.tokens import access_token
from wizard.values.client import client_of
from wizard.values.missing import missing_fields
from wizard.values.sendable import CannotCompose
from wizard.vault.keyring import CannotOpen

LABELS = {
    "form": "The form is complete",
    "token": "Adobe gives us an access token",
    "sandbox": "The sandbox is open to us",
    "spec": "Adobe knows the source and its authentication type",
    "created": "The connection exists",
    "test": "Adobe reaches the source",
    "explore": "The source can be listed",
}
# All steps together, in parts of the time that one call may last: a task has to end.
BUDGET = 2.5
NOT_EXPLORABLE = "1336-400"
MOST_NAMES = 20


class Failed(Exception):
    """A step that ends the climb, and what to do next."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message)
        self.next = next_step


class Skipped(Exception):
    """A step that has no meaning here."""


class Rungs:
    """Every method raises Failed, Skipped or a FlowServiceError. Close it after use."""

    BEFORE_IT_EXISTS = ("form", "token", "sandbox", "spec")

    def __init__(self, connection: BaseConnection) -> None:
        self._connection = connection
        self._ends_at = time.monotonic() + BUDGET * settings.FLOW_SERVICE_TIMEOUT
        self.remote: RemoteConnection | None = None
        self.is_gone = False

    @cached_property
    def _client(self) -> FlowService:
        return client_of(self._connection, ends_at=self._ends_at)

    def close(self) -> None:
        if "_client" in vars(self):
            self._client.close()

    def form(self) -> str:
        try:
            missing = missing_fields(self._connection)
        except CannotOpen as error:
            words = f"The stored credentials do not open: {error}."
            raise Failed(words, "You: type the secrets again, with “Edit” or “Try again”.") from None
        except CannotCompose as error:
            raise Failed(str(error), "Whoever runs this installation: set the reference right.") from None
        if missing:
            raise Failed(f"Still to be filled in: {', '.join(missing)}.", "You: fill in the form.")
        return "Every field that the source needs is filled in."

    def token(self) -> str:
        access_token(self._connection.organization, None)
        return "Adobe’s sign-in service accepts the API credential."

    def sandbox(self) -> str:
        name = self._connection.sandbox_name
        found = next((sandbox for sandbox in self._client.list_sandboxes() if sandbox.name == name), None)
        if found is None:
            raise Failed(
                f"The API credential has no access to the sandbox {name}, or there is none of that name.",
                "Your Adobe administrator: give the credential’s role access to the sandbox, in Permissions.",
            )
        if found.state != "active":
            raise Failed(f"The sandbox {name} is {found.state}.", "Your Adobe administrator: wait until it is active.")
        return f"{name} is an active {found.type} sandbox." if found.type else f"{name} is active."

    def spec(self) -> str:
        connection = self._connection
        specs = self._client.list_connection_specs(spec_id=connection.connection_spec_id)
        if not specs:
            raise Failed(
                "Adobe does not offer this source to the organization.",
                "Your Adobe administrator: check that the organization is licensed for the source.",
            )
        names = _auth_spec_names(specs[0])
        if connection.auth_spec_name and connection.auth_spec_name not in names:
            raise Failed(
                f"Adobe does not know the authentication type “{connection.auth_spec_name}” for this source.",
                f"You: choose another one. Adobe knows: {_told(names) or 'none'}.",
            )
        known = f"“{connection.auth_spec_name}”" if connection.auth_spec_name else "that it asks for no credentials"
        return f"Adobe knows the source, and {known}."

    def created(self) -> str:
        try:
            self.remote = self._client.get_connection(self._connection.base_connection_id)
        except FlowServiceError as error:
            if not error.says_gone:
                raise
            self.is_gone = True
            raise Failed(
                f"Adobe has no connection with this ID any more. ({error.facts})",
                "You: make it anew with “Clone”, if it is still needed.",
            ) from None
        if self.remote.state == "initializing":
            raise Failed("Adobe is still setting it up.", "You: test again in some minutes.")
        return f"Its state is {self.remote.state}." if self.remote.state else "It is there."

    def test(self) -> str:
        if self.remote and self.remote.state == "disabled":
            raise Skipped("It is disabled: Adobe does not use it.")
        if not self._client.test_connection(self._connection.base_connection_id):
            raise Failed(
                "The Flow Service reports that it did not reach the source, and gives no reason.",
                "Your database administrator: check host, allow list and login.",
            )
        return "The Flow Service reports that it reached the source."

    def explore(self) -> str:
        if self.remote and self.remote.state == "disabled":
            raise Skipped("It is disabled: Adobe does not use it.")
        try:
            found = self._client.explore_root(self._connection.base_connection_id)
        except FlowServiceError as error:
            if error.code != NOT_EXPLORABLE:
                raise
            raise Skipped("Adobe does not list the contents of this source.") from None
        return f"{len(found)} {'entry' if len(found) == 1 else 'entries'} at its root."


def _auth_spec_names(spec: Any) -> list[str]:
    """Of a foreign spec, whatever it looks like."""
    entries = spec.get("authSpec") if isinstance(spec, dict) else None
    names = (
        [entry.get("name") for entry in entries or () if isinstance(entry, dict)] if isinstance(entries, list) else []
    )
    return [name for name in names if isinstance(name, str)]


def _told(names: list[str]) -> str:
    more = ", …" if len(names) > MOST_NAMES else ""
    return ", ".join(one_line(name)[:200] for name in names[:MOST_NAMES]) + more
