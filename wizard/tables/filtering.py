"""The filters of a table: a form that the URL fills in."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from wizard.people.models import User


class TableFilter(forms.Form):
    """A filter that makes no sense is left aside, and shown as wrong. `reader` sees the rows."""

    def __init__(self, data: QueryDict, reader: User) -> None:
        super().__init__(data)
        self.reader = reader

    def parts(self) -> list[QuerySet[Any]]:
        """What fits is in one of them at least, and each is answered by an index: of what the reader may see."""
        raise NotImplementedError

    def shown(self) -> QuerySet[Any]:
        """Rows with all that is shown of each; which of them, the parts say."""
        raise NotImplementedError

    @property
    def note(self) -> str:
        """What a reader must know of how these filters look for rows."""
        return ""

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set and make sense, as they stand in the URL."""
        self.is_valid()
        texts = ((name, str(self.data.get(name, "")).strip()) for name in self.fields if name in self.cleaned_data)
        return {name: text for name, text in texts if text}

    @property
    def query(self) -> str:
        """Those alone, as a query string: whatever else the URL has is no part of it."""
        return urlencode(self.chosen)
