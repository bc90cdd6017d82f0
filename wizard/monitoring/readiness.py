"""Whether the wizard can do its work, for a load balancer and for monitors: words and numbers, and nobody's names."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from wizard.monitoring import condition
from wizard.monitoring.bounded import Bounded
from wizard.vault import canary

PATIENCE = 2.5  # seconds
# Without these no page can be shown. Without workers, or without a token, people can still read.
NEEDED = ("database", "keys")
NO_DATABASE: dict[str, Any] = {"database": False, "keys": False}


def readiness() -> dict[str, Any]:
    """`database` and `keys` as yes or no; `workers`, `queue` and `token` with `ok`, a `reason` and a number.

    Without a database, or where it is silent for too long, the first two alone.
    """
    try:
        return _asked.answer(PATIENCE)
    except (DatabaseError, TimeoutError):
        return NO_DATABASE


def is_ready(found: dict[str, Any], *, all_of_it: bool) -> bool:
    """Whether pages can be shown; with `all_of_it` whether all that is reported is well."""
    others = [check["ok"] for check in found.values() if isinstance(check, dict)]
    return all(found[name] for name in NEEDED) and (not all_of_it or all(others))


def _ask() -> dict[str, Any]:
    try:
        canary.verify()
    except ImproperlyConfigured:
        return {"database": True, "keys": False}
    alive, oldest, tokens = condition.workers(), condition.oldest_create(), condition.tokens().state
    is_late = oldest > condition.LATE_AFTER
    return {
        "database": True,
        "keys": True,
        "workers": {"ok": alive > 0, "reason": "alive" if alive else "none_alive", "number": alive},
        "queue": {"ok": not is_late, "reason": "late" if is_late else "in_time", "oldest_seconds": round(oldest)},
        "token": {"ok": tokens != "refused", "reason": tokens},
    }


_asked = Bounded(_ask)
