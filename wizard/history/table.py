"""The history as a table: filtered, under saved views, and as a file."""

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST, require_safe

from wizard.connections.models import BaseConnection
from wizard.history.listing import COLUMNS, HistoryFilter
from wizard.pages import Request, page_or_fragment
from wizard.tables.exporting import Export
from wizard.tables.models import Table
from wizard.tables.paging import page_of
from wizard.tables.saving import SavedViewForm, query_of, saved_views


@require_safe
def history(request: Request) -> HttpResponse:
    return _page(request, HistoryFilter(request.GET, request.user), request.GET)


@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keeps the filters under a name; where that cannot be, the page says why at its field."""
    query = query_of(request)
    filters = HistoryFilter(query, request.user)
    form = SavedViewForm(request.POST, request.user, Table.HISTORY, filters)
    view = form.save()
    return redirect(view) if view else _page(request, filters, query, form)


@require_GET
def export(request: Request, form: str) -> HttpResponseBase:
    filters = HistoryFilter(request.GET, request.user)
    return Export[BaseConnection]("connections", filters.rows(), COLUMNS).response(request, form, filters)


def _page(
    request: Request, filters: HistoryFilter, query: QueryDict, form: SavedViewForm | None = None
) -> HttpResponse:
    page = page_of(filters.rows(), query)
    context = {
        "filters": filters,
        "total_is_filtered": filters.is_active,
        **vars(page),
        "view_form": form or SavedViewForm(None, request.user, Table.HISTORY, filters),
        "views": saved_views(request.user, Table.HISTORY),
    }
    return page_or_fragment(request, "history/history.html", "results", context, status=422 if form else 200)
