"""What every page with a table does: show it, keep its filters as a view, hand it out as a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect

from wizard.pages import Request, page_or_fragment
from wizard.tables.exporting import Export
from wizard.tables.filtering import TableFilter
from wizard.tables.models import Table
from wizard.tables.paging import page_of
from wizard.tables.saving import SavedViewForm, query_of, saved_views

Row = TypeVar("Row", bound=Model)
Filters = TypeVar("Filters", bound=TableFilter)


@dataclass(frozen=True)
class TablePage(Generic[Row, Filters]):
    """`file` is the name of an export, `columns` what stands in it; `more` is what the template asks for besides."""

    table: Table
    template: str
    filters: type[Filters]
    file: str
    columns: Mapping[str, Callable[[Row], Any]]
    more: Callable[[Filters, list[Row]], dict[str, Any]]

    def show(self, request: Request) -> HttpResponse:
        return self._page(request, self.filters(request.GET, request.user), request.GET)

    def save_view(self, request: Request) -> HttpResponse:
        """Keeps the filters under a name; where that cannot be, the page says why at its field."""
        query = query_of(request)
        filters = self.filters(query, request.user)
        form = SavedViewForm(request.POST, request.user, self.table, filters)
        view = form.save()
        return redirect(view) if view else self._page(request, filters, query, form)

    def export(self, request: Request, form: str) -> HttpResponseBase:
        filters = self.filters(request.GET, request.user)
        return Export[Row](self.file, filters, self.columns).response(request, form)

    def _page(
        self, request: Request, filters: Filters, query: QueryDict, form: SavedViewForm | None = None
    ) -> HttpResponse:
        page = page_of(filters.parts(), filters.shown(), query)
        context = {
            "filters": filters,
            **vars(page),
            **self.more(filters, page.rows),
            "view_form": form or SavedViewForm(None, request.user, self.table, filters),
            "views": saved_views(request.user, self.table),
        }
        return page_or_fragment(request, self.template, "results", context, status=422 if form else 200)
