"""The record as a page: filtered, under saved views, and as a file."""

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST, require_safe

from wizard.activity.facts import shown
from wizard.activity.listing import COLUMNS, ActivityFilter
from wizard.pages import Request, page_or_fragment
from wizard.record.models import Event
from wizard.tables.exporting import Export
from wizard.tables.models import Table
from wizard.tables.paging import page_of
from wizard.tables.saving import SavedViewForm, query_of, saved_views


@require_safe
def activity(request: Request) -> HttpResponse:
    return _page(request, ActivityFilter(request.GET, request.user), request.GET)


@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keeps the filters under a name; where that cannot be, the page says why at its field."""
    query = query_of(request)
    filters = ActivityFilter(query, request.user)
    form = SavedViewForm(request.POST, request.user, Table.ACTIVITY, filters)
    view = form.save()
    return redirect(view) if view else _page(request, filters, query, form)


@require_GET
def export(request: Request, form: str) -> HttpResponseBase:
    filters = ActivityFilter(request.GET, request.user)
    return Export[Event]("activity", filters.rows(), COLUMNS).response(request, form, filters)


def _page(
    request: Request, filters: ActivityFilter, query: QueryDict, form: SavedViewForm | None = None
) -> HttpResponse:
    page = page_of(filters.rows(), query)
    context = {
        "filters": filters,
        "of_connection": filters.of_connection(),
        **vars(page),
        "rows": [shown(event) for event in page.rows],
        "view_form": form or SavedViewForm(None, request.user, Table.ACTIVITY, filters),
        "views": saved_views(request.user, Table.ACTIVITY),
    }
    return page_or_fragment(request, "activity/list.html", "results", context, status=422 if form else 200)
