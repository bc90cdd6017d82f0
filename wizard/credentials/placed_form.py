"""How the fields of a generated form stand on the page: in groups, the common ones before the rare ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django import forms
from django.forms import BoundField

from wizard.catalog.datatypes import AuthParam
from wizard.credentials.params import Asked, is_empty


@dataclass
class Group:
    """Fields that stand together: those of an object of the schema, with its title; the page itself has none."""

    param: AuthParam | None = None
    items: "list[BoundField | Group]" = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.param.title if self.param else ""


class PlacedForm(forms.Form):
    asked: tuple[Asked, ...] = ()

    def in_order(self) -> Iterator[BoundField]:
        """As they stand on the page."""
        yield from (self[field.name] for field in sorted(self.asked, key=lambda field: not field.is_common))

    @property
    def has_common_fields(self) -> bool:
        return any(field.is_common for field in self.asked)

    def common(self) -> Group:
        """The fields that everybody looks at; all of them, where none is more common than another."""
        return self._group(field for field in self.asked if field.is_common or not self.has_common_fields)

    def more(self) -> Group:
        """Optional and rare ones."""
        return self._group(field for field in self.asked if not field.is_common and self.has_common_fields)

    @property
    def more_is_open(self) -> bool:
        """Whether one of the rare fields holds something, or is wrong."""
        rare = [self[field.name] for field in self.asked if not field.is_common]
        return any(bound.errors or self._is_filled(bound) for bound in rare)

    @property
    def is_filled(self) -> bool:
        """Whether a field holds something that it did not hold by itself."""
        return any(self._is_filled(self[field.name]) for field in self.asked)

    @staticmethod
    def _is_filled(bound: BoundField) -> bool:
        value = bound.value()
        return not is_empty(value) and str(value) != str(bound.field.initial)

    def _group(self, wanted: Iterator[Asked]) -> Group:
        top = Group()
        for asked_for in wanted:
            group = top
            for outer in asked_for.objects:
                group = _inner(group, outer)
            group.items.append(self[asked_for.name])
        return top


def _inner(group: Group, outer: AuthParam) -> Group:
    """The group of one object, the last one if that is it."""
    if group.items and isinstance(last := group.items[-1], Group) and last.param is outer:
        return last
    inner = Group(outer)
    group.items.append(inner)
    return inner
