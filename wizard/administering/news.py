"""What home says about credentials, those that are refused and those that end soon; and whether the work goes on."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from wizard.access.roles import Role
from wizard.access.rules import allowed, organizations_for, organizations_run_by
from wizard.administering.reminding import connections, organizations
from wizard.administering.subjects import Row, subject_of
from wizard.connections.models import BaseConnection
from wizard.monitoring import condition
from wizard.organizations.expiry import STEPS, today
from wizard.people.models import User
from wizard.tables.newest import MOST_COUNTED

MOST_ENDING = 10


def news_for(person: User) -> dict[str, Any]:
    """`refused`: organizations that the person sees; `ending`: what they look after, or administer.

    `run_here`: keys of the organizations that they may mend. `not_working` and `minutes_late` are for administrators of
    the installation: no worker is alive, or what was asked for waits for long.
    """
    seen = organizations_for(person).open_for_use().select_related("owner")
    run_here = set(organizations_run_by(person).values_list("pk", flat=True))
    soon = today() + timedelta(days=max(STEPS))
    ending: list[Row] = [
        *organizations().filter(Q(pk__in=run_here) | Q(owner=person, pk__in=seen), credentials_expire_on__lte=soon),
        *_connections_of(person).filter(pk__in=_ending(soon)),
    ]
    ending.sort(key=lambda row: row.credentials_expire_on or date.max)
    return {
        "refused": list(seen.exclude(token_trouble_since=None)),
        "ending": [subject_of(row) for row in ending[:MOST_ENDING]],
        "number_of_further_ending": max(0, len(ending) - MOST_ENDING),
        "run_here": run_here,
        **(_trouble_with_work() if person.is_admin else {}),
    }


def _trouble_with_work() -> dict[str, Any]:
    oldest = condition.oldest_create()
    minutes = round(oldest / 60) if oldest > condition.LATE_AFTER else 0
    return {"not_working": not condition.workers(), "minutes_late": minutes}


def _ending(soon: date) -> list[int]:
    """Keys of connections whose credentials end until then; of very many the last ones."""
    rows = BaseConnection.objects.filter(credentials_expire_on__lte=soon).order_by("-credentials_expire_on")
    return list(rows.values_list("pk", flat=True)[:MOST_COUNTED])


def _connections_of(person: User) -> QuerySet[BaseConnection]:
    mine = Q(owner=person) | Q(owner=None, created_by=person)
    return connections().filter(allowed(person)).filter(mine | Q(allowed(person, Role.ADMIN)))
