"""The nouns of the catalog: a source's ConnectionSpec, its AuthSpecs, and their AuthParams."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from wizard.catalog.categories import category_label
from wizard.connection_strings.pattern import Pattern
from wizard.json_schema.sanitising import titled_values

# What stands last in the chooser: Adobe has taken it back, or is about to.
ON_THE_WAY_OUT = ("deprecated", "removed")
YES_OR_NO = ((True, "Yes"), (False, "No"))


@dataclass(frozen=True)
class AuthParam:
    """One property of an authSpec's JSON Schema, or one part of a connection string.

    `name` is the wire name; `schema` is the property's JSON Schema with our labels laid over it. `params` are the
    properties of an object, `parts` the placeholders of a connection string. A `destination` decides to which server
    or account the secrets go; an `identity` tells apart two connections that go to the same one.
    """

    name: str
    schema: Mapping[str, Any]
    required: bool
    secret: bool = False
    common: bool = False
    destination: bool = False
    identity: bool = False
    upload: str = ""
    pattern: Pattern | None = None
    parts: "tuple[AuthParam, ...]" = ()
    params: "tuple[AuthParam, ...]" = ()

    @property
    def key(self) -> str:
        """The name as one step of a form field's name: the wire name wherever that has letters and digits alone."""
        return quote(self.name, safe="").replace(".", "%2E")

    @property
    def title(self) -> str:
        return self.schema.get("title") or self.name

    @property
    def help(self) -> str:
        """What the schema says about the property."""
        return self.schema.get("description", "")

    @property
    def hidden(self) -> bool:
        return bool(self.schema.get("uiAttributes", {}).get("hidden"))

    @property
    def kind(self) -> str:
        """What is asked for: text, integer, number, choice, date, list (of texts), json, upload or object."""
        declared = self.schema.get("type")
        if self.params:
            return "object"
        if self.choices:
            return "choice"
        if self.upload:
            return "upload"
        if declared == "array":
            return "list" if self.schema.get("items", {}).get("type") == "string" else "json"
        if declared == "string" and self.schema.get("format") == "date" and not self.secret:
            return "date"
        return {"integer": "integer", "number": "number", "object": "json"}.get(str(declared), "text")

    @cached_property
    def choices(self) -> tuple[tuple[str, Any, str], ...]:
        """(key in the form, value on the wire, label) of an enumeration; empty for any other property."""
        titled = titled_values(self.schema)
        if self.schema.get("type") == "boolean":
            values: list[tuple[Any, str]] = list(YES_OR_NO)
        elif "const" in self.schema:
            values = [(self.schema["const"], str(self.schema["const"]))]
        elif "enum" in self.schema:
            titles = {_identity(value): title for value, title in titled}
            values = [(value, titles.get(_identity(value), str(value))) for value in self.schema["enum"]]
        else:
            values = titled
        plain = all(isinstance(value, str) and value for value, _ in values)
        return tuple((value if plain else json.dumps(value), value, label) for value, label in values)

    def choice_key(self, value: Any) -> str:
        """The key of a wire value; "" for one that is no choice."""
        return next((key for key, wire, _ in self.choices if _identity(wire) == _identity(value)), "")


def _identity(value: Any) -> str:
    """Tells 1 from true, and 1 from "1"."""
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True)
class AuthSpec:
    """One way to authenticate. `name` is the wire's auth.specName; `key` tells apart two that share it.

    `type` goes beside the name where Adobe documents it so.
    """

    key: str
    name: str
    label: str
    schema: Mapping[str, Any]
    params: tuple[AuthParam, ...]
    note: str = ""
    type: str = ""

    @property
    def pasted_param(self) -> AuthParam | None:
        """The param that a connection string can be pasted for, in parts."""
        return next((param for param in self.params if param.pattern), None)

    @property
    def asks_for(self) -> list[str]:
        """Labels of what one has to have ready."""
        asked = [part for param in self.params for part in (param.parts or (param,)) if part.required]
        return [param.title for param in asked if not param.hidden]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What the chooser shows of a source. `status` is beta, deprecated, removed, or empty for a normal one.

    `instead` says what to do where no base connection is made from here; `fault` why a live spec cannot be used.
    """

    slug: str
    label: str
    category: str
    monogram: str
    hue: int
    summary: str
    keywords: tuple[str, ...] = ()
    status: str = ""
    doubt: str = ""
    instead: str = ""
    fault: str = ""
    is_popular: bool = False

    @property
    def category_label(self) -> str:
        return category_label(self.category)

    @property
    def can_be_connected(self) -> bool:
        return not self.instead and not self.fault

    @property
    def is_on_the_way_out(self) -> bool:
        return self.status in ON_THE_WAY_OUT

    @cached_property
    def searchable(self) -> str:
        """What a search for a source looks into, in lower case."""
        words = (self.label, self.slug, self.category_label, *self.keywords, self.summary)
        return " ".join(words).lower()


@dataclass(frozen=True, kw_only=True)
class ConnectionSpec(Source):
    """One source with all that its form needs. `wire` is the Flow Service's own connectionSpec.

    `body` is sent beside the documented fields; `variant` tells apart sources that are documented with one id.
    `ui` is what all but `wire` is made of.
    """

    wire: Mapping[str, Any]
    ui: Mapping[str, Any] = field(default_factory=dict)
    documentation: str
    needs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    licence: str = ""
    look_up_first: bool = False
    variant: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    auth_specs: tuple[AuthSpec, ...] = ()

    @property
    def id(self) -> str:
        """Empty for a source that only Adobe's own pages know."""
        return self.wire.get("id", "")

    @property
    def version(self) -> str:
        return self.wire.get("version", "")

    def auth_spec(self, key: str) -> AuthSpec | None:
        """The way to authenticate with that key; else the first one; None for a source without credentials."""
        return next((auth for auth in self.auth_specs if auth.key == key), next(iter(self.auth_specs), None))


@dataclass(frozen=True)
class Catalog:
    """Every source that our files describe, in the order of their labels."""

    specs: tuple[ConnectionSpec, ...]

    def get(self, slug: str) -> ConnectionSpec | None:
        return self._by_slug.get(slug)

    def with_id(self, spec_id: str) -> tuple[ConnectionSpec, ...]:
        """The sources that are documented with this id, the owner of the id first."""
        return self._by_id.get(spec_id, ())

    @cached_property
    def _by_slug(self) -> dict[str, ConnectionSpec]:
        return {spec.slug: spec for spec in self.specs}

    @cached_property
    def _by_id(self) -> dict[str, tuple[ConnectionSpec, ...]]:
        found: dict[str, list[ConnectionSpec]] = {}
        for spec in sorted(self.specs, key=lambda spec: spec.variant):
            if spec.id:
                found.setdefault(spec.id, []).append(spec)
        return {spec_id: tuple(specs) for spec_id, specs in found.items()}
