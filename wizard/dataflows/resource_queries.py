"""Which resources are looked for: by workers, by the sweep, by pages."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from wizard.connections.queries import TASK_LOST_AFTER, lost_or_due, silent_for_long
from wizard.dataflows.resource_statuses import NEEDS, ResourceKind, ResourceStatus
from wizard.organizations.models import Organization

if TYPE_CHECKING:
    from wizard.dataflows.resources import Resource


class ResourceQuerySet(models.QuerySet["Resource", "Resource"]):
    def with_needs(self) -> "ResourceQuerySet":
        """With all that a page or a send asks of each."""
        return self.select_related("connection__organization", "asked_by", *NEEDS)

    def reachable(self) -> "ResourceQuerySet":
        """Those of the Flow Service that our settings name."""
        return self.filter(connection__organization__is_practice=settings.PRACTICE)

    def that_need(self, resource: "Resource") -> "ResourceQuerySet":
        """The dataflows that it is a part of."""
        return self.filter(Q(source=resource) | Q(target=resource) | Q(mapping=resource))

    def ready(self) -> "ResourceQuerySet":
        """Those that lack nothing which has yet to be made."""
        made = (Q(**{name: None}) | Q(**{f"{name}__status": ResourceStatus.MADE}) for name in NEEDS)
        return self.filter(*made)

    def stalled(self, now: datetime) -> "ResourceQuerySet":
        """Sending, but whoever was at it has been silent for too long."""
        return self.filter(silent_for_long(now), status=ResourceStatus.SENDING)

    def left_waiting(self, now: datetime, lost_after: timedelta = TASK_LOST_AFTER) -> "ResourceQuerySet":
        """Ready, and to be queued once more."""
        return self.ready().filter(lost_or_due(now, lost_after), status=ResourceStatus.WAITING)

    def undecided(self) -> "ResourceQuerySet":
        """Asked for, and not known to have been made or not; but for mapping sets, which may be made twice."""
        under_way = self.filter(status__in=(ResourceStatus.WAITING, ResourceStatus.SENDING))
        return under_way.exclude(kind=ResourceKind.MAPPING_SET)

    def due_for_a_look(self, now: datetime) -> "ResourceQuerySet":
        return self.filter(status=ResourceStatus.UNKNOWN, due_at__lte=now)

    def held_by(self, organization: Organization) -> "ResourceQuerySet":
        """Those that wait until that organization's trouble is over."""
        return self.filter(connection__organization=organization, is_held=True, status=ResourceStatus.WAITING)
