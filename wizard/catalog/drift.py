"""How our files and the live specs differ: what one side has and the other has not, and what they say differently."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from wizard.catalog import live
from wizard.catalog.conditions import conditional
from wizard.catalog.datatypes import AuthParam, AuthSpec, ConnectionSpec
from wizard.catalog.ways import matched, shape, values
from wizard.json_schema.keywords import clean_text

LONGEST_TEXT = 300
MISSING = "missing"


class Kind(StrEnum):
    """What differs, in the words of the report."""

    USABLE = "usable"
    VERSION = "version"
    WAY = "authentication type"
    FIELD = "field"
    REQUIRED = "required"
    CONDITION = "required in some cases"
    SECRET = "secret"  # noqa: S105 - a word
    TYPE = "type"
    FORMAT = "format"
    VALUES = "allowed values"


@dataclass(frozen=True)
class Difference:
    """`place` names the way to authenticate and the param in it; all texts are on one line, and bounded."""

    spec_id: str
    label: str
    place: str
    kind: Kind
    ours: str
    theirs: str


def drift(files: tuple[ConnectionSpec, ...], item: object) -> list[Difference]:
    """What differs between the files of one id and its live spec. The ways of several files count together."""
    if fault := live.fault_of(item):
        return [unusable(files, fault)]
    return differences(files, item)


def differences(files: tuple[ConnectionSpec, ...], item: Any) -> list[Difference]:
    """What differs from a live spec without a fault."""
    difference = partial(Difference, files[0].id, label_of(files))
    return [
        difference(_short(place), kind, _short(ours), _short(theirs))
        for place, kind, ours, theirs in _differences(files, item)
    ]


def unusable(files: tuple[ConnectionSpec, ...], fault: str) -> Difference:
    """The one difference of a live spec that is broken."""
    return Difference(files[0].id, label_of(files), "", Kind.USABLE, "yes", _short(fault))


def label_of(files: tuple[ConnectionSpec, ...]) -> str:
    return " / ".join(file.label for file in files)


Found = Iterator[tuple[str, Kind, str, str]]


def _differences(files: tuple[ConnectionSpec, ...], item: Any) -> Found:
    spec = live.connection_spec(item, None)
    if spec.version != files[0].version:
        yield "", Kind.VERSION, files[0].version, spec.version
    ours, theirs = _once(files), _once([spec])
    our_auths, their_auths = [way.auth for way in ours], [way.auth for way in theirs]
    matches = matched(their_auths, our_auths)
    for index, their in enumerate(their_auths):
        if index not in matches:
            yield their.name, Kind.WAY, MISSING, _names(their)
    for index, our in enumerate(our_auths):
        if index not in matches.values():
            yield _place(our, our_auths), Kind.WAY, _names(our), MISSING
    for index, our_index in matches.items():
        yield from _of_ways(ours[our_index], theirs[index], _place(our_auths[our_index], our_auths))


class Way(NamedTuple):
    """One way to authenticate, and its schema as it stands on the wire."""

    auth: AuthSpec
    schema: object


def _once(specs: Iterable[ConnectionSpec]) -> list[Way]:
    """Files that share an id may describe the same way, in other words."""
    found = {}
    for spec in specs:
        for auth, wire in zip(spec.auth_specs, spec.wire.get("authSpec") or (), strict=True):
            key = auth.name, frozenset((param.name, shape(param)) for param in auth.params)
            found[key] = Way(auth, wire["spec"])
    return list(found.values())


def _of_ways(ours: Way, theirs: Way, place: str) -> Found:
    if ours.auth.name != theirs.auth.name:
        yield place, Kind.WAY, ours.auth.name, theirs.auth.name
    yield from _of_params(ours.auth.params, theirs.auth.params, f"{place}: ")
    our, their = _conditional(ours), _conditional(theirs)
    for name in sorted(our ^ their):
        yield f"{place}: {name}", Kind.CONDITION, _yes_or_no(name in our), _yes_or_no(name in their)


def _of_params(ours: Iterable[AuthParam], theirs: Iterable[AuthParam], prefix: str) -> Found:
    our, their = ({param.name: param for param in params} for params in (ours, theirs))
    for name in our:
        if name in their:
            yield from _of_param(our[name], their[name], prefix + name)
        else:
            yield prefix + name, Kind.FIELD, _described(our[name]), MISSING
    for name in their:
        if name not in our:
            yield prefix + name, Kind.FIELD, MISSING, _described(their[name])


def _of_param(ours: AuthParam, theirs: AuthParam, place: str) -> Found:
    sides = ours, theirs
    facts = (
        (Kind.REQUIRED, [_yes_or_no(param.required) for param in sides]),
        (Kind.SECRET, [_yes_or_no(_is_secret(param)) for param in sides]),
        (Kind.TYPE, [param.schema.get("type", "not stated") for param in sides]),
        (Kind.FORMAT, ["" if _is_secret(param) else param.schema.get("format", "none") for param in sides]),
        (Kind.VALUES, [", ".join(values(param)) or "any" for param in sides]),
    )
    for kind, (our, their) in facts:
        if our != their and not (kind is Kind.FORMAT and "" in (our, their)):
            yield place, kind, our, their
    yield from _of_params(ours.params, theirs.params, f"{place}.")


def _conditional(way: Way) -> set[str]:
    """Only params count: a name that is no property is no requirement to us elsewhere either."""
    return conditional(way.schema) & set(_places(way.auth.params))


def _places(params: Iterable[AuthParam]) -> Iterator[str]:
    for param in params:
        yield param.name
        yield from (f"{param.name}.{place}" for place in _places(param.params))


# --- Words ---


def _place(auth: AuthSpec, ways: Iterable[AuthSpec]) -> str:
    """The name of a way; with our label where several of ours have that name."""
    several = sum(other.name == auth.name for other in ways) > 1
    return f"{auth.name} ({auth.label})" if several else auth.name


def _names(auth: AuthSpec) -> str:
    return ", ".join(param.name for param in auth.params) or "no fields"


def _described(param: AuthParam) -> str:
    facts = (param.schema.get("type", ""), "required" if param.required else "optional")
    return ", ".join(filter(None, (*facts, "secret" if _is_secret(param) else "")))


def _is_secret(param: AuthParam) -> bool:
    """As the schema says it, whatever we would make of the name."""
    return param.schema.get("format") == "password" or "writeOnly" in param.schema


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def _short(text: str) -> str:
    return clean_text(text, LONGEST_TEXT)
