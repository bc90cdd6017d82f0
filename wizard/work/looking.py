"""What is made of a look for something whose create was not answered: a connection, or what is made beneath one."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone

from wizard.flow_service.datatypes import RemoteResource
from wizard.flow_service.errors import one_line
from wizard.work import pauses
from wizard.work.outcomes import Row, fail

# Adobe's clock and ours may differ by this much.
CLOCK_SKEW = timedelta(minutes=2)
MOST_CANDIDATES = 20
NO_LOOK = "The look-up did not succeed"
PUT_BACK = "The server’s clock was put back since the send, so that no time tells which one it is."
TAKEN = "What was found belongs to another one by now."

Remote = TypeVar("Remote", bound=RemoteResource)


def is_since(remote: RemoteResource, row: Row) -> bool:
    """Whether it may have been made by the row's send."""
    if cannot_be_told_by_time(row):
        return True
    return remote.created_at is None or remote.created_at >= (row.sent_at or row.created_at) - CLOCK_SKEW


def cannot_be_told_by_time(row: Row) -> bool:
    """Sent in the future: our clock was ahead then, nobody knows by how much, and was put back since."""
    return row.sent_at is not None and row.sent_at > timezone.now() + CLOCK_SKEW


def settle(row: Row, found: Sequence[Remote], adopt: Callable[[Remote], None]) -> None:
    """Adopts the only one that fits; leaves it to a person which of several it is; looks again a few times for none."""
    if len(found) == 1 and not cannot_be_told_by_time(row):
        adopt(found[0])
    elif found:
        ids = ", ".join(remote.id for remote in found[:10])
        candidates = [_described(remote) for remote in found[:MOST_CANDIDATES]]
        reason = f"Several in the sandbox fit: {ids}. Nothing more is sent."
        if cannot_be_told_by_time(row):
            reason = f"{PUT_BACK} In the sandbox there is {ids}. Nothing more is sent."
        row.plan_look(None, row.looks, reason, candidates=candidates)
    elif again := pauses.next_look(row.looks):
        row.plan_look(again, row.looks + 1, "Not found in the sandbox yet.")
    else:
        fail(row, "Not found in the sandbox after the last look: nothing was made. It is safe to try again.")


def after_a_failed_look(row: Row) -> datetime:
    """A look that failed says nothing about the row: again, ever less often."""
    age = timezone.now() - (row.sent_at or row.created_at)
    return pauses.after(min(max(age.total_seconds() / 4, settings.FLOW_SERVICE_TIMEOUT), pauses.LONGEST))


def _described(remote: RemoteResource) -> dict[str, Any]:
    """What a person sees of it, to tell whether it is the one."""
    texts = {name: one_line(getattr(remote, name))[:300] for name in ("name", "description", "state", "created_by")}
    created_at = remote.created_at.isoformat() if remote.created_at else ""
    return {"id": remote.id, "etag": remote.etag, "created_at": created_at, **texts}
