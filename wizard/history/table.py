"""The history as a table: filtered, under saved views, and as a file."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST, require_safe

from wizard.connections.models import BaseConnection
from wizard.history.listing import COLUMNS, HistoryFilter
from wizard.pages import Request
from wizard.tables.models import Table
from wizard.tables.pages import TablePage


def _more(filters: HistoryFilter, _rows: list[BaseConnection]) -> dict[str, Any]:
    return {"total_is_filtered": filters.is_active}


PAGE = TablePage(Table.HISTORY, "history/history.html", HistoryFilter, "connections", COLUMNS, _more)


@require_safe
def history(request: Request) -> HttpResponse:
    return PAGE.show(request)


@require_POST
def save_view(request: Request) -> HttpResponse:
    return PAGE.save_view(request)


@require_GET
def export(request: Request, form: str) -> HttpResponseBase:
    return PAGE.export(request, form)
