"""The questions that are asked of the connections: what is to be taken up, by whom it is seen, what is alike."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection as database
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from wizard.access.roles import Role
from wizard.access.rules import allowed, places_allowed
from wizard.connections.changes import Change
from wizard.connections.statuses import ChangeStatus, Finding, Status
from wizard.organizations.models import PRODUCTION, Sandbox
from wizard.people.models import User
from wizard.tables.newest import MOST_COUNTED, newest_keys, parted

if TYPE_CHECKING:
    from wizard.connections.models import BaseConnection

# A process that has not come on by this many seconds after its call's deadline is taken for dead.
GRACE_SECONDS = 5
TASK_LOST_AFTER = timedelta(minutes=2)
# A queue with nothing in it cannot have their task: it was lost with a process, or with the queue.
TASK_LOST_AFTER_IF_IDLE = timedelta(seconds=15)
KEPT_FOR_A_PERSON = timedelta(days=7)
APPROVED_WITHIN = timedelta(days=14)

SOURCES_IN_USE = """
    WITH RECURSIVE used(source) AS (
        SELECT min(source) FROM connections_baseconnection
        UNION ALL
        SELECT (SELECT min(source) FROM connections_baseconnection WHERE source > used.source)
        FROM used WHERE used.source IS NOT NULL
    )
    SELECT source FROM used WHERE source IS NOT NULL
"""


def needs_attention() -> tuple[Q, ...]:
    """Those that wait for a person: what was not made or does not open, what was found otherwise, changes that met.

    Each by a condition of its own, which an index answers; so below.
    """
    changes = Change.objects.filter(status__in=(ChangeStatus.CONFLICT, ChangeStatus.FAILED)).values("connection")
    by_status = (Q(status=Status.FAILED), Q(status=Status.UNKNOWN), *needs_its_password())
    return (*by_status, *was_found(), Q(pk__in=changes))


def needs_its_password() -> tuple[Q, ...]:
    """Those whose stored secrets do not open."""
    return (Q(is_unreadable=True) & ~Q(status=Status.DELETED),)


def was_found() -> tuple[Q, ...]:
    """Those that a test found otherwise than they were left."""
    return (~Q(finding=Finding.NONE),)


def waits_for_approval() -> tuple[Q, ...]:
    """Creates and deletes that another person has to agree to."""
    changes = Change.objects.filter(status=ChangeStatus.APPROVAL).values("connection")
    return (Q(status=Status.APPROVAL), Q(pk__in=changes))


def is_on_the_way() -> tuple[Q, ...]:
    """Those that a worker has, or is going to have."""
    return (Q(status=Status.WAITING), Q(status=Status.CONNECTING))


def needs_approval(connection: "BaseConnection") -> bool:
    """Whether another person has to agree to what is created or deleted in its sandbox, as of now."""
    here = {"organization": connection.organization_id, "name": connection.sandbox_name}
    return Sandbox.objects.filter(needs_approval=True, **here).exists()


def silent_for_long(now: datetime) -> Q:
    """Rows under way whose process has been silent for longer than its calls may last.

    Before the create there may be three: for a token, for a probe, and for a spec.
    """
    grace, call = timedelta(seconds=GRACE_SECONDS), timedelta(seconds=settings.FLOW_SERVICE_TIMEOUT)
    sent = Q(sent_at__isnull=False, stepped_at__lt=now - call - grace)
    return sent | Q(sent_at=None, stepped_at__lt=now - 3 * call - grace)


def lost_or_due(now: datetime, lost_after: timedelta = TASK_LOST_AFTER) -> Q:
    """Rows that have waited for so long that their task must have been lost, however that happened; or in time."""
    return Q(due_at=None, stepped_at__lt=now - lost_after) | Q(due_at__lte=now)


class BaseConnectionQuerySet(models.QuerySet["BaseConnection", "BaseConnection"]):
    def asked_for(self) -> "BaseConnectionQuerySet":
        """All but drafts, which belong to one person alone."""
        return self.exclude(status=Status.DRAFT)

    def visible_to(self, person: User, role: Role = Role.VIEWER) -> "BaseConnectionQuerySet":
        """The way to every connection that a page shows: all but drafts, where the person has at least that role."""
        return self.asked_for().filter(allowed(person, role))

    def parts_for(self, person: User, *conditions: Q) -> "list[QuerySet[BaseConnection]]":
        """The same for a long table, and of those what meets one of the conditions, if there are any."""
        places = parted([self.asked_for()], places_allowed(person))
        return parted(places, conditions) if conditions else places

    def sources_in_use(self) -> list[str]:
        """Of all connections: from each source to the next one in the index, however many connections each has."""
        with database.cursor() as cursor:
            cursor.execute(SOURCES_IN_USE)
            return [source for (source,) in cursor.fetchall()]

    def with_changes(self) -> "BaseConnectionQuerySet":
        """Each with `has_conflict`, `has_failed_change`, and `waits_to_be_deleted` (for somebody's approval)."""
        changes = Change.objects.filter(connection=OuterRef("pk"))
        return self.annotate(
            has_conflict=Exists(changes.filter(status=ChangeStatus.CONFLICT)),
            has_failed_change=Exists(changes.filter(status=ChangeStatus.FAILED)),
            waits_to_be_deleted=Exists(changes.filter(status=ChangeStatus.APPROVAL)),
        )

    def with_marks(self) -> "BaseConnectionQuerySet":
        """Each with `is_production`: whether its sandbox is known to be one."""
        here = Sandbox.objects.filter(organization=OuterRef("organization"), name=OuterRef("sandbox_name"))
        return self.annotate(is_production=Exists(here.filter(type__iexact=PRODUCTION)))

    def waiting_for_approval(self) -> "BaseConnectionQuerySet":
        """Those that wait for anybody's; asks for their keys, which are few."""
        return self.filter(pk__in=newest_keys(parted([self.model.objects.all()], waits_for_approval()), MOST_COUNTED))

    def to_be_decided_by(self, person: User) -> "BaseConnectionQuerySet":
        """Those whose create or delete waits for another person's approval, and this person may give it."""
        deletes = Change.objects.filter(status=ChangeStatus.APPROVAL).exclude(created_by=person).values("connection")
        create = Q(allowed(person, Role.CONNECTOR), ~Q(asked_by=person), status=Status.APPROVAL)
        delete = Q(allowed(person, Role.ADMIN), pk__in=deletes)
        return self.waiting_for_approval().reachable().filter(create | delete).order_by("stepped_at")

    def asked_for_by(self, person: User) -> "BaseConnectionQuerySet":
        """Those for whose create or delete this person waits for another one's approval."""
        deletes = Change.objects.filter(status=ChangeStatus.APPROVAL, created_by=person).values("connection")
        waiting = Q(asked_by=person, status=Status.APPROVAL) | Q(pk__in=deletes)
        return self.waiting_for_approval().visible_to(person).filter(waiting).order_by("stepped_at")

    def drafts_of(self, person: User) -> "BaseConnectionQuerySet":
        """The last one first; none for a sandbox in which the person may not connect any more."""
        own = self.filter(allowed(person, Role.CONNECTOR), status=Status.DRAFT, created_by=person)
        return own.order_by("-stepped_at")

    def outdated_drafts(self, now: datetime) -> "BaseConnectionQuerySet":
        return self.filter(status=Status.DRAFT, stepped_at__lt=now - KEPT_FOR_A_PERSON)

    def reachable(self) -> "BaseConnectionQuerySet":
        """Those of the Flow Service that our settings name: practice ones in practice, the others at Adobe."""
        return self.filter(organization__is_practice=settings.PRACTICE)

    def stalled(self, now: datetime) -> "BaseConnectionQuerySet":
        """Connecting, but whoever was at it has been silent for too long."""
        return self.filter(silent_for_long(now), status=Status.CONNECTING)

    def left_waiting(self, now: datetime, lost_after: timedelta = TASK_LOST_AFTER) -> "BaseConnectionQuerySet":
        """Waiting, and to be queued once more."""
        return self.filter(lost_or_due(now, lost_after), status=Status.WAITING)

    def undecided(self) -> "BaseConnectionQuerySet":
        """Asked for, and not known to have been made or not."""
        return self.filter(status__in=(Status.APPROVAL, Status.WAITING, Status.CONNECTING))

    def due_for_a_look(self, now: datetime) -> "BaseConnectionQuerySet":
        return self.filter(status=Status.UNKNOWN, next_look_at__lte=now)

    def due_to_be_followed(self, now: datetime) -> "BaseConnectionQuerySet":
        return self.filter(status=Status.CONNECTED, follow_at__lte=now)

    def due_for_a_retest(self, now: datetime) -> "BaseConnectionQuerySet":
        """Connected ones whose scheduled test has come; never tested ones first."""
        due = Q(retest_at=None) | Q(retest_at__lte=now)
        connected = self.filter(due, status=Status.CONNECTED)
        return connected.order_by(models.F("retest_at").asc(nulls_first=True))

    def alike(self, destination: str, organization_id: int, sandbox_name: str) -> "BaseConnectionQuerySet":
        """Those that lead to the same destination; failed and deleted ones do not count."""
        gone = (Status.DRAFT, Status.FAILED, Status.DELETED)
        found = self.filter(organization_id=organization_id, sandbox_name=sandbox_name).exclude(status__in=gone)
        return found.filter(destination=destination) if destination else found.none()
