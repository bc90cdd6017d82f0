"""What an attempt's error makes of its row: a connection, or what is made beneath one."""

from collections.abc import Callable

from django.db import transaction

from wizard.connections.models import BaseConnection
from wizard.connections.records import NO_ERROR
from wizard.dataflows.models import Resource
from wizard.flow_service.errors import FlowServiceError, NotSent
from wizard.organizations.tokens import forget_token
from wizard.work import pauses
from wizard.work.errors import error_values, in_words, leaves_open
from wizard.work.trouble import words_of_trouble

Row = BaseConnection | Resource
ById = Callable[[int], None]


def keep_error(row: Row, error: FlowServiceError, *, queue: ById, look: ById) -> None:
    """Failed where the error says that nothing was made; unknown, and looked up, where it leaves that open."""
    reason, sent = str(error), row.sent_at is not None
    if sent and error.status == 401 and not row.times_put_back and forget_token(row.organization):
        put_back(row, "The access token was no longer accepted. Once more with a new one.", queue)
    elif sent and leaves_open(error):
        row.mark_unknown(reason, **error_values(error))
        look(row.pk)
    elif isinstance(error, NotSent) and row.organization.trouble_since:
        # Whatever it says: none of those that wait for the end of the trouble is lost to finding out.
        words = words_of_trouble(row.organization)
        row.put_back(words, row.organization.probe_at, words, is_held=True)
    elif due_at := pauses.next_attempt(error, row.times_put_back):
        row.put_back(f"Nothing was made, so it is sent again: {reason}", due_at, in_words(error))
    else:
        row.mark_failed(reason, **error_values(error))


def fail(row: Row, reason: str) -> None:
    """Failed by our own finding: whatever Adobe said before is no longer what matters."""
    row.mark_failed(reason, **{**NO_ERROR, "error_message": reason[:2000]})


def put_back(row: Row, reason: str, queue: ById) -> None:
    with transaction.atomic():
        if row.put_back(reason):
            queue(row.pk)
