"""The drift report: a whole live catalog beside our files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from wizard.catalog import live
from wizard.catalog.datatypes import Catalog, ConnectionSpec, Source
from wizard.catalog.drift import Difference, differences, label_of, unusable

AnySource = TypeVar("AnySource", bound=Source)


@dataclass(frozen=True)
class SourceDrift:
    """The differences of one id, which several of our files may share."""

    label: str
    spec_id: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Report:
    """`unlisted` are in the live catalog alone; `absent` in our files alone, and `gone` too, as Adobe has announced."""

    compared: int
    drifted: tuple[SourceDrift, ...]
    unlisted: tuple[Source, ...]
    absent: tuple[ConnectionSpec, ...]
    gone: tuple[ConnectionSpec, ...]
    broken: tuple[Source, ...]

    @property
    def number(self) -> int:
        """Of the differences of sources that both sides have."""
        return sum(len(source.differences) for source in self.drifted)

    @property
    def one_sided(self) -> int:
        """Of the sources that one side alone has, and nobody has announced."""
        return len(self.unlisted) + len(self.absent)


def report(catalog: Catalog, items: Iterable[object], others: Iterable[Source] = ()) -> Report:
    """Compares a live catalog with our files.

    `others` are live specs without their JSON: broken ones, and those with an id that our files do not know.
    """
    usable, broken = _sorted_out(items)
    unlisted = [live.unlisted_item(item) for spec_id, item in usable.items() if not catalog.with_id(spec_id)]
    for source in others:
        (broken if source.fault else unlisted).append(source)
    lacking = absent(catalog, {*usable, *(source.slug for source in broken)})
    comparable = {spec_id: files for spec_id in usable if (files := _comparable(catalog, spec_id))}
    drifted = [_source_drift(files, differences(files, usable[spec_id])) for spec_id, files in comparable.items()]
    for source in broken:
        if files := _comparable(catalog, source.slug):
            drifted.append(_source_drift(files, [unusable(files, source.fault)]))
    return Report(
        compared=len(comparable),
        drifted=tuple(sorted((source for source in drifted if source.differences), key=lambda one: one.label.lower())),
        unlisted=_sorted(unlisted),
        absent=_sorted(spec for spec in lacking if not spec.is_on_the_way_out),
        gone=_sorted(spec for spec in lacking if spec.is_on_the_way_out),
        broken=_sorted(broken),
    )


def absent(catalog: Catalog, live_ids: Iterable[str]) -> list[ConnectionSpec]:
    """Our sources with a base connection whose id is not among the live ones."""
    known = frozenset(live_ids)
    return [spec for spec in catalog.specs if (spec.auth_specs or spec.look_up_first) and spec.id not in known]


def _sorted_out(items: Iterable[object]) -> tuple[dict[str, Mapping[str, Any]], list[Source]]:
    """Live specs that can be used, by their id, and the others."""
    usable: dict[str, Mapping[str, Any]] = {}
    broken = []
    for item in items:
        if isinstance(item, dict) and not live.fault_of(item):
            usable[item["id"]] = item
        else:
            broken.append(live.unlisted_item(item))
    return usable, broken


def _comparable(catalog: Catalog, spec_id: str) -> tuple[ConnectionSpec, ...]:
    """The files that say how one authenticates, or that one need not."""
    return tuple(spec for spec in catalog.with_id(spec_id) if not spec.instead)


def _source_drift(files: tuple[ConnectionSpec, ...], found: Iterable[Difference]) -> SourceDrift:
    return SourceDrift(label_of(files), files[0].id, tuple(found))


def _sorted(sources: Iterable[AnySource]) -> tuple[AnySource, ...]:
    return tuple(sorted(sources, key=lambda source: source.label.lower()))
