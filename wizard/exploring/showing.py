"""What the templates are given: a page of names, or columns and rows."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from wizard.connections.models import BaseConnection
from wizard.dataflows.models import Selection
from wizard.exploring import columns as columns_of
from wizard.exploring.forms import FileForm, shown_options
from wizard.exploring.listing import PER_PAGE, TYPES, Listing, grouped
from wizard.exploring.rows import row_table
from wizard.exploring.wanting import ROWS, Asked
from wizard.flow_service.explored import Contents
from wizard.parsing import whole_number

# By what a file is read, or records are asked for, beside the name of the thing itself.
READ_BY = ("detect", "fileType", "columnDelimiter", "compressionType", "encoding")
# What links go on with; whatever else was sent, in a form above all, is no part of an address.
KEPT = ("type", "object", *READ_BY, "find", "q", "only", "cells")


def listing_page(listing: Listing, given: QueryDict) -> dict[str, Any]:
    """The names that are searched for, one page of them."""
    text, kind = given.get("q", "").strip()[:200], given.get("only", "")
    kind = kind if kind in TYPES else ""
    found = listing.matching(text, kind)
    page = Paginator(found, PER_PAGE).get_page(given.get("page"))
    return {
        "listing": listing,
        "found": len(found),
        "total": len(listing.entries),
        "page": page,
        "groups": grouped(list(page), found),
        "types": listing.types(),
        "text": text,
        "only": kind,
        "query": query(given),
    }


def contents_page(contents: Contents, asked: Asked, given: QueryDict, kept: Selection | None) -> dict[str, Any]:
    """The columns that are searched for, all of which can be chosen; and the rows, where there are any."""
    columns = columns_of.shown(contents)
    text = given.get("find", "").strip()[:200]
    found = columns_of.matching(columns, text) if text else columns
    keys = columns_of.keys_of(kept.columns) if kept else set()
    context: dict[str, Any] = {
        "contents": contents,
        "columns": found,
        "number_of_columns": len(columns),
        "bar": columns_of.picture(columns),
        "find": text,
        "chosen_keys": keys,
        "query": query(given),
        "rows_choices": ROWS,
        "of_form": of_form(asked, given),
    }
    if isinstance(asked.form, FileForm) and contents.properties:
        context["form"] = FileForm(initial=shown_options(dict(contents.properties)))
    if contents.rows is not None:
        only = _only(given, keys, found if text else None)
        context["table"] = row_table(contents, columns, only, whole_number(given.get("part")) or 1)
        context["rows"] = len(contents.rows)
    return context


def _only(given: QueryDict, keys: set[str], found: list[columns_of.ShownColumn] | None) -> set[str] | None:
    """The keys of the columns whose cells are wanted; None for all of them."""
    if given.get("cells") == "chosen" and keys:
        return keys
    return None if found is None else {column.key for column in found}


def of_form(asked: Asked, given: QueryDict) -> list[tuple[str, str]]:
    """Names and values by which the choice of columns is sent with what it is a choice of."""
    more = [(name, str(given[name])) for name in (*READ_BY, "sourceParams", "find") if given.get(name)]
    return [("type", asked.type), ("object", asked.path), *more]


def query(given: QueryDict) -> str:
    """What the address has that stays; ends so that more can follow."""
    kept = [(name, str(given[name])) for name in KEPT if given.get(name)]
    return f"{urlencode(kept)}&" if kept else ""


def selection_of(connection: BaseConnection, asked: Asked) -> Selection | None:
    return selections_of(connection).filter(path=asked.path).first()


def selections_of(connection: BaseConnection) -> QuerySet[Selection]:
    found: QuerySet[Selection] = Selection.objects.filter(connection=connection).select_related("chosen_by")
    return found
