"""What waits for approval: by whom it was asked, who may decide, and what a page shows of that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wizard.access.roles import Role
from wizard.access.rules import may, people_with
from wizard.connections.models import BaseConnection, Change
from wizard.connections.queries import needs_approval
from wizard.connections.statuses import ChangeStatus, Status
from wizard.organizations.models import Organization, Sandbox
from wizard.people.models import User

MOST_NAMES = 10
MOST_ASKS = 10


@dataclass(frozen=True)
class Ask:
    """A create that waits for approval; with a change the delete that does."""

    connection: BaseConnection
    change: Change | None = None

    @property
    def verb(self) -> str:
        return "delete" if self.change else "create"

    @property
    def role(self) -> Role:
        """Who could have asked for it: at least they may approve it."""
        return Role.ADMIN if self.change else Role.CONNECTOR

    @property
    def asker(self) -> User | None:
        return self.change.created_by if self.change else self.connection.asked_by

    @property
    def since(self) -> datetime:
        return self.change.created_at if self.change else self.connection.stepped_at

    @property
    def key(self) -> str:
        """Tells this ask from a later one: who approves has seen what this one was about."""
        return str(self.change.uuid) if self.change else self.connection.stepped_at.isoformat()

    @property
    def is_asked_still(self) -> bool:
        """False where the sandbox has stopped asking for approval meanwhile."""
        return needs_approval(self.connection)

    def is_of(self, person: User) -> bool:
        return self.asker is not None and self.asker.pk == person.pk

    def may_be_decided_by(self, person: User) -> bool:
        return self.asker is not None and not self.is_of(person) and self.is_for(person)

    def is_for(self, person: User) -> bool:
        """Whether the person could ask for it themself."""
        return may(person, self.role, self.connection.organization, self.connection.sandbox_name)

    def deciders(self) -> QuerySet[User]:
        place = (self.connection.organization, self.connection.sandbox_name)
        return _others(self.asker, self.role, *place)


def ask_of(connection: BaseConnection) -> Ask | None:
    """What of the connection waits for approval, as its row says and its changes say now."""
    if connection.status == Status.APPROVAL:
        return Ask(connection)
    change = connection.changes.filter(status=ChangeStatus.APPROVAL).select_related("created_by").first()
    return Ask(connection, change) if change else None


def _others(asker: User | None, role: Role, organization: Organization, sandbox_name: str) -> QuerySet[User]:
    found = people_with(role, organization, sandbox_name)
    return found.exclude(pk=asker.pk) if asker else found


def _named(deciders: QuerySet[User]) -> dict[str, Any]:
    """At most ten names, and how many more there are."""
    names = list(deciders[:MOST_NAMES])
    return {"deciders": names, "further_deciders": deciders.count() - len(names) if len(names) == MOST_NAMES else 0}


def shown(ask: Ask | None, person: User) -> dict[str, Any]:
    """What the page of a connection says of it to this person."""
    if ask is None:
        return {"ask": None}
    connection = ask.connection
    withdraws = ask.is_of(person) and may(person, Role.CONNECTOR, connection.organization, connection.sandbox_name)
    decides = ask.may_be_decided_by(person) and connection.is_reachable
    return {"ask": ask, "may_decide": decides, "is_asker": withdraws, **_named(ask.deciders())}


def rule_of(sandbox: Sandbox | None, person: User, role: Role) -> dict[str, Any]:
    """What a form says before anything is asked for: `needs_approval`, and who could give it."""
    if sandbox is None or not sandbox.needs_approval:
        return {"needs_approval": False}
    return {"needs_approval": True, **_named(_others(person, role, sandbox.organization, sandbox.name))}


def waiting_for(person: User) -> dict[str, Any]:
    """What home shows: what this person may decide, and what they wait for themself, the eldest first."""
    rows = BaseConnection.objects.with_marks().select_related("organization", "asked_by")
    to_decide, own = rows.to_be_decided_by(person), rows.asked_for_by(person)
    return {
        "to_decide": _asks(to_decide[:MOST_ASKS]),
        "number_to_decide": to_decide.count(),
        "own_asks": _asks(own[:MOST_ASKS]),
    }


def _asks(rows: Iterable[BaseConnection]) -> list[Ask]:
    return [ask for row in rows if (ask := ask_of(row))]
