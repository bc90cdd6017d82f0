"""Reminders 30, 7 and 1 days before credentials end, and when they have: one e-mail for each of these days.

remind_at <= now ──► the sweep claims it, for a while, and queues the task ──► the task sets remind_at to the next of
these days, and then sends: of two workers one does, and what was sent is not sent again.
"""

import logging
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wizard import mailing
from wizard.addresses import link_for_others
from wizard.administering import tasks
from wizard.administering.subjects import Row, Subject, subject_of
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.organizations.models import Organization
from wizard.record.kinds import Kind
from wizard.record.models import Event

log = logging.getLogger(__name__)

BATCH = 100
# After so long a task that was queued is taken for lost, and an e-mail that could not be sent is tried again.
PAUSE = timedelta(minutes=15)


def organizations() -> QuerySet[Organization]:
    return Organization.objects.open_for_use().select_related("owner")


def connections() -> QuerySet[BaseConnection]:
    rows = BaseConnection.objects.reachable().filter(status=Status.CONNECTED)
    return rows.select_related("organization", "owner", "created_by")


def queue_due_reminders() -> None:
    """For the sweep: nothing where no e-mail can be sent. Safe to run in many processes at once."""
    if not settings.EMAIL_IS_SET:
        return
    now = timezone.now()
    for rows in (organizations(), connections()):
        for row in rows.filter(remind_at__lte=now).order_by("remind_at")[:BATCH]:
            with transaction.atomic():
                if _move(row, now + PAUSE):
                    tasks.remind_later(row._meta.label_lower, row.pk)


def remind(label: str, pk: int) -> None:
    """Sends the reminder that is due; nothing when it was sent, or when the date was changed meanwhile."""
    rows = organizations() if apps.get_model(label) is Organization else connections()
    row: Row | None = rows.filter(pk=pk).first()
    following = row.reminder_after_today() if row else None
    if row is None or not row.is_ending or row.remind_at in (None, following) or not _move(row, following):
        return
    subject = subject_of(row)
    addresses = [person.email for person in subject.recipients()]
    try:
        _send(subject, addresses)
    except OSError as error:
        log.error("A reminder could not be sent: %s", type(error).__name__)
        _move(row, timezone.now() + PAUSE)
    else:
        _note(subject, len(addresses))


def _move(row: Row, remind_at: object) -> bool:
    """One conditional UPDATE: False if another process was first, or the date was changed meanwhile."""
    as_it_was = {"remind_at": row.remind_at, "credentials_expire_on": row.credentials_expire_on}
    moved = type(row)._default_manager.filter(pk=row.pk, **as_it_was).update(remind_at=remind_at)
    row.remind_at = remind_at if moved else row.remind_at  # type: ignore[assignment]
    return moved == 1


def _send(subject: Subject, addresses: list[str]) -> None:
    body = "\n\n".join(filter(None, (f"{subject.what} {subject.when}.", subject.advice, link_for_others(subject.url))))
    mailing.send(f"{subject.what} {subject.when}", body, addresses)


def _note(subject: Subject, recipients: int) -> None:
    Event.objects.create(
        kind=Kind.REMINDED,
        organization=subject.organization,
        sandbox_name=subject.sandbox_name,
        connection=None if isinstance(subject.row, Organization) else subject.row,
        message=f"{subject.what} {subject.when}."[:2100],
        details={"recipients": recipients},
    )
