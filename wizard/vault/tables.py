"""A table with sealed values, as those see it who rotate, count or check them: rows, bytes, places, and one UPDATE."""

import base64
import binascii
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Substr

from wizard.vault.exchanging import Changed, exchange
from wizard.vault.fields import SealedField
from wizard.vault.keyring import PREFIX_BYTES, KeyRing
from wizard.vault.sealing import context

# Nine bytes are twelve digits of base64.
PREFIX_DIGITS = PREFIX_BYTES * 4 // 3


class SealedTable(ABC):
    """`names` are those of its sealed values."""

    def __init__(self, model: type[models.Model], names: tuple[str, ...]) -> None:
        self.model, self.names = model, names

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows(self, database: str | None = None) -> models.QuerySet[Any]:
        """All of them, in order, with what their places are read from."""
        return self.model._base_manager.using(database).order_by("pk")

    def called(self, row: Any) -> str:
        """A row as a report names it."""
        return f"{self.label} {getattr(row, 'uuid', row.pk)}"

    @abstractmethod
    def values(self, row: Any) -> dict[str, bytes]:
        """The sealed values that the row has, by name."""

    def open(self, ring: KeyRing, row: Any, name: str) -> bytes:
        """The plain bytes of one value. Raises CannotOpen."""
        return ring.open(self.values(row)[name], *self._contexts(row, name))

    def seal(self, ring: KeyRing, row: Any, name: str, plain: bytes) -> bytes:
        return ring.seal(plain, self._contexts(row, name)[0])

    @abstractmethod
    def _contexts(self, row: Any, name: str) -> tuple[bytes, bytes]:
        """What one value is bound to, and what it was bound to in the former format."""

    @abstractmethod
    def keep(self, row: Any, new: Mapping[str, bytes]) -> bool:
        """Gives the row these values in the place of those that were read; False if it has others by now."""

    def keep_all(self, found: Sequence[Changed]) -> set[Any]:
        """As `keep`, of many rows; the keys of those that have other values by now."""
        return {row.pk for row, new in found if not self.keep(row, new)}

    @abstractmethod
    def note(self, row: Any, *, opens: bool) -> None:
        """The row was found to open, or not to: kept where the row keeps that."""

    @abstractmethod
    def prefix(self, name: str) -> Combinable:
        """In SQL: what `prefix_bytes` reads version and key id from."""

    def prefix_bytes(self, found: Any) -> bytes:
        return bytes(found)


class SealedColumns(SealedTable):
    """Of a Sealed model with SealedFields."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        super().__init__(model, tuple(field.name for field in fields if isinstance(field, SealedField)))

    def rows(self, database: str | None = None) -> models.QuerySet[Any]:
        related = self.model.place_relations  # type: ignore[attr-defined]
        return super().rows(database).select_related(*related)

    def values(self, row: Any) -> dict[str, bytes]:
        found = {name: getattr(row, name) for name in self.names}
        return {name: bytes(value) for name, value in found.items() if value}

    def _contexts(self, row: Any, name: str) -> tuple[bytes, bytes]:
        return context(row.place(name)), context(row.former_place(name))

    def keep(self, row: Any, new: Mapping[str, bytes]) -> bool:
        as_read = {name: getattr(row, name) for name in self.names}
        if self.model._base_manager.filter(pk=row.pk, **as_read).update(**new) != 1:
            return False
        _assign(row, new)
        return True

    def keep_all(self, found: Sequence[Changed]) -> set[Any]:
        """In a few statements; where others were there meanwhile, which is rare, row by row."""
        if not exchange(self.model, self.names, found):
            return super().keep_all(found)
        for row, new in found:
            _assign(row, new)
        return set()

    def note(self, row: Any, *, opens: bool) -> None:
        row.note_opening(opens=opens)

    def prefix(self, name: str) -> Combinable:
        return Substr(F(name), 1, PREFIX_BYTES, output_field=models.BinaryField())


class SealedTexts(SealedTable):
    """Of a foreign model: values from `sealing.seal`, in base64, under these names in one JSON column.

    `place` says what such a value of a row was sealed for.
    """

    def __init__(
        self,
        model: type[models.Model],
        column: str,
        names: tuple[str, ...],
        place: Callable[[Any, str], tuple[str, ...]],
    ) -> None:
        super().__init__(model, names)
        self.column, self.place = column, place

    def values(self, row: Any) -> dict[str, bytes]:
        found = getattr(row, self.column)
        return {name: _from_text(found[name]) for name in self.names if found.get(name)}

    def _contexts(self, row: Any, name: str) -> tuple[bytes, bytes]:
        found = context(self.place(row, name))
        return found, found

    @transaction.atomic
    def keep(self, row: Any, new: Mapping[str, bytes]) -> bool:
        """Under a lock: the column holds more than our values, which somebody may be writing."""
        now = self.model._base_manager.select_for_update().filter(pk=row.pk).first()
        if now is None or getattr(now, self.column) != getattr(row, self.column):
            return False
        texts = {name: base64.b64encode(value).decode() for name, value in new.items()}
        setattr(row, self.column, {**getattr(now, self.column), **texts})
        self.model._base_manager.filter(pk=row.pk).update(**{self.column: getattr(row, self.column)})
        return True

    def note(self, _row: Any, *, opens: bool) -> None:
        """A foreign model has no column for that."""

    def prefix(self, name: str) -> Combinable:
        return Substr(KeyTextTransform(name, self.column), 1, PREFIX_DIGITS)

    def prefix_bytes(self, found: Any) -> bytes:
        return _from_text(found)


def _assign(row: Any, new: Mapping[str, bytes]) -> None:
    for name, value in new.items():
        setattr(row, name, value)


def _from_text(text: Any) -> bytes:
    """What is no base64 at all was never sealed: no key is found for it, either."""
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        return b""
