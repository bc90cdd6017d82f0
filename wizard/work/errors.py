"""What an error means for the work at hand, and how a row keeps it."""

from typing import Any

from wizard.access.roles import Role
from wizard.access.rules import may
from wizard.connections.models import BaseConnection
from wizard.flow_service.errors import FlowServiceError, NoAnswer, NotSent, Unavailable
from wizard.flow_service.explanations import explain
from wizard.people.models import User


class TakenOver(Exception):
    """Another process has taken the row over: this one has nothing more to do with it."""


class NoLongerAllowed(Exception):
    """Who asked for it has lost the role, or the account, before it was sent."""


def demand_still(person: User | None, role: Role, connection: BaseConnection) -> None:
    """Whoever closes an account, or takes a role away, expects that nothing more is sent in that person's name.

    Raises NoLongerAllowed. None is our own work, which nobody asked for.
    """
    place = (connection.organization, connection.sandbox_name)
    if person and not (person.is_active and may(person, role, *place)):
        raise NoLongerAllowed(f"{person} asked for this, and may not do so here any more. Nothing was sent.")


def leaves_open(error: FlowServiceError) -> bool:
    """No answer; a 5xx, which may be a gateway's that stopped waiting; or a 408, a connector's own timeout."""
    unavailable = isinstance(error, Unavailable) and error.status != 429
    return isinstance(error, NoAnswer) or unavailable or error.status == 408


def in_words(error: FlowServiceError) -> str:
    """What is wrong, for those who wait."""
    if isinstance(error, NotSent) and not error.code and error.message:
        return f"Not sent. {error.message}"
    found = explain(code=error.code, status=error.status, error=type(error).__name__, message=error.message)
    return f"{found.what} ({error.facts})" if error.facts else found.what


def error_values(error: FlowServiceError) -> dict[str, Any]:
    """An error as a row keeps it."""
    return {
        "error_kind": type(error).__name__,
        "error_status": error.status,
        "error_code": error.code[:100],
        "error_message": error.message[:2000],
        "error_request_id": error.request_id[:200],
    }
