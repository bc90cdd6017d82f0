"""Every table with sealed values: those with SealedFields are found by themselves, others are added by their room."""

from collections.abc import Iterator
from itertools import chain

from django.apps import apps

from wizard.vault.fields import SealedField
from wizard.vault.models import KeyCanary
from wizard.vault.sealed import Sealed
from wizard.vault.tables import SealedColumns, SealedTable

_added: dict[str, SealedTable] = {}


def add(table: SealedTable) -> None:
    """For the `ready` of a room whose sealed values are in no SealedField: a SealedTexts, say, for a foreign model."""
    _added[table.label] = table


def sealed_tables() -> list[SealedTable]:
    """All of them; the canary's comes last: as long as something is left to do, the start still needs its key.

    Raises TypeError for a model whose SealedFields say nothing of their place.
    """
    found = chain(_found(), _added.values())
    return sorted(found, key=lambda table: (table.model is KeyCanary, table.label))


def _found() -> Iterator[SealedTable]:
    for model in apps.get_models():
        if not any(isinstance(field, SealedField) for field in model._meta.concrete_fields):
            continue
        if not issubclass(model, Sealed):
            raise TypeError(f"{model._meta.label} has sealed fields, and has to be Sealed.")
        yield SealedColumns(model)
