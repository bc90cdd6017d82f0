"""The summary of what is wrong in a page's form, each line with the field that it leads to."""

from collections.abc import Iterable
from typing import NamedTuple

from django.forms import BoundField


class FieldError(NamedTuple):
    """One line of the summary, with the id of the field that it leads to."""

    html_id: str
    label: str
    message: str


def errors_of(fields: Iterable[BoundField]) -> list[FieldError]:
    """In the order of the fields; of radio buttons it leads to the first one."""
    return [
        FieldError(field.id_for_label or f"{field.auto_id}_0", str(field.label), str(error))
        for field in fields
        for error in field.errors
    ]
