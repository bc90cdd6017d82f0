"""What is kept of a connection's secrets, and what an edit can do with each: a copy, a reference, or nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.catalog.datatypes import AuthSpec
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Keeps
from wizard.credentials.held import Held
from wizard.credentials.params import Extra
from wizard.credentials.referring import REFERENCE
from wizard.credentials.secret_choice import KEEP, REMOVE, REPLACE, Choice, forgotten_options, options
from wizard.values.stored import stored_secrets
from wizard.values.typed import PREFIX

ELSEWHERE = (
    "The connection would lead elsewhere. Type this again, so that nobody has the stored one sent to another place."
)
REFERS_ELSEWHERE = (
    "The connection would lead elsewhere. Choose “Replace” and a reference, so that nobody has the secret sent to "
    "another place unseen."
)


class KeptSecrets:
    """`stored` are those that need not be given again, with names of references in the place of secrets;

    `forgotten` are names of those that Adobe has and nobody keeps here: each is given again, or removed.
    """

    @sensitive_variables()
    def __init__(self, connection: BaseConnection, auth_spec: AuthSpec | None, now: Mapping[str, Any]) -> None:
        self.keeps = connection.keeps
        self.are_references = self.keeps == Keeps.REFERENCES
        self._references: Mapping[str, str] = now.get("references", {}) if self.are_references else {}
        keeps_nothing = self.keeps == Keeps.NOTHING
        self.forgotten = set(now.get("given", ())) if keeps_nothing else set()
        self.forgotten_keys = list(now.get("pasted_secrets", ())) if keeps_nothing else []
        if self.keeps == Keeps.SEALED:
            self.stored = stored_secrets(connection, auth_spec)
        else:
            self.stored = Held.closing(self._references, now.get("pasted", ()))

    @property
    def words_for_elsewhere(self) -> str:
        """Why a secret that would be kept cannot be, where the connection is to lead to another place."""
        return REFERS_ELSEWHERE if self.are_references else ELSEWHERE

    def has(self, name: str) -> bool:
        """Whether the connection has such a secret at Adobe, as far as we know."""
        return name in self.stored.secrets or name in self.forgotten

    def choice(self, name: str, chosen: str) -> str:
        """What is forgotten cannot be kept."""
        return REPLACE if chosen == KEEP and name in self.forgotten else chosen

    def options(self, name: str, choice: str, *, may_be_removed: bool) -> Iterator[Choice]:
        """The radio buttons of one secret."""
        if name in self.forgotten:
            return forgotten_options(choice, may_be_removed=may_be_removed)
        is_stored, reference = name in self.stored.secrets, self._references.get(name, "")
        return options(choice, is_stored=is_stored, may_be_removed=may_be_removed, reference=reference)

    def references(self, choices: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, str]:
        """Names of references by field, as they are to be: what is there, or what was chosen in its place."""
        chosen = {name: str(data.get(f"{REFERENCE}{PREFIX}{name}", "")) for name in choices}
        given = ((name, choice) for name, choice in choices.items() if choice != REMOVE)
        return {name: chosen[name] if choice == REPLACE else self._references.get(name, "") for name, choice in given}

    @sensitive_variables()
    def held(self, choices: Mapping[str, str], replaced: Mapping[str, Any], extra: Extra) -> Held:
        """What need not be typed: secrets that are kept, and those that were typed before."""
        if self.are_references:
            return Held(extra=extra)
        kept = {name: value for name, value in self.stored.secrets.items() if choices.get(name) == KEEP}
        return Held({**kept, **replaced}, extra)
