"""The record as a page: filtered, under saved views, and as a file."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST, require_safe

from wizard.activity.facts import shown
from wizard.activity.listing import COLUMNS, ActivityFilter
from wizard.pages import Request
from wizard.record.models import Event
from wizard.tables.models import Table
from wizard.tables.pages import TablePage


def _more(filters: ActivityFilter, events: list[Event]) -> dict[str, Any]:
    return {"of_connection": filters.of_connection(), "rows": [shown(event) for event in events]}


PAGE = TablePage(Table.ACTIVITY, "activity/list.html", ActivityFilter, "activity", COLUMNS, _more)


@require_safe
def activity(request: Request) -> HttpResponse:
    return PAGE.show(request)


@require_POST
def save_view(request: Request) -> HttpResponse:
    return PAGE.save_view(request)


@require_GET
def export(request: Request, form: str) -> HttpResponseBase:
    return PAGE.export(request, form)
