"""Saved views: kept by one person for one page, so many at most."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, QueryDict

from wizard.names import SeenField
from wizard.people.models import User
from wizard.tables.filtering import TableFilter
from wizard.tables.models import SavedView, Table

MOST = 30
LONGEST_QUERY = 1000


class SavedViewForm(forms.Form):
    """The name; what is kept is what the page's own filters make of the query."""

    name = SeenField(label="Name of this view", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Any, person: User, table: Table, filters: TableFilter) -> None:
        super().__init__(data, auto_id="view_%s")
        self.person, self.table, self.filters = person, table, filters

    def save(self) -> SavedView | None:
        """The view; None where the form says what is wrong."""
        if not self.is_valid():
            return None
        try:
            return self._made()
        except ValidationError as error:
            self.add_error("name", error)
            return None

    def clean(self) -> None:
        query = self.filters.query
        if not query:
            self.add_error("name", "Choose a filter first: this view would show everything.")
        elif len(query) > LONGEST_QUERY:
            self.add_error("name", "These filters are too long to be saved.")

    @transaction.atomic
    def _made(self) -> SavedView:
        # One at a time for each person: of two that come together neither is one too many.
        User.objects.select_for_update().get(pk=self.person.pk)
        known = SavedView.objects.filter(person=self.person, page=self.table)
        name = self.cleaned_data["name"]
        if known.filter(name=name).exists():
            raise ValidationError("You have a view of this name here already.")
        if known.count() >= MOST:
            raise ValidationError(f"You have {MOST} saved views here. Remove one that you need no more.")
        return known.create(person=self.person, page=self.table, name=name, query=self.filters.query)


def query_of(request: HttpRequest) -> QueryDict:
    """The filters that are to be saved, as the page has sent them along."""
    return QueryDict(request.POST.get("query", "")[: 2 * LONGEST_QUERY])


def saved_views(person: User, table: Table) -> list[SavedView]:
    return list(SavedView.objects.filter(person=person, page=table))
