"""The nouns of the catalog: a source's ConnectionSpec, its AuthSpecs, and their AuthParams."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.catalog.connection_string import Pattern


@dataclass(frozen=True)
class AuthParam:
    """One property of an authSpec's JSON Schema, or one part of a connection string.

    `name` is the wire name; `schema` is the property's JSON Schema with our labels laid over it.
    """

    name: str
    schema: Mapping[str, Any]
    required: bool
    pattern: Pattern | None = None
    parts: "tuple[AuthParam, ...]" = ()

    @property
    def title(self) -> str:
        return self.schema.get("title") or self.schema.get("description") or self.name

    @property
    def help(self) -> str:
        """What the schema says about the property, where that is not its label already."""
        description = self.schema.get("description", "")
        return "" if description == self.title else description

    @property
    def secret(self) -> bool:
        return self.schema.get("format") == "password"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(value, label) of an enumeration; empty for any other property."""
        if "oneOf" in self.schema:
            return [
                (str(option["const"]), option.get("title", str(option["const"]))) for option in self.schema["oneOf"]
            ]
        return [(str(value), str(value)) for value in self.schema.get("enum", ())]


@dataclass(frozen=True)
class AuthSpec:
    """One way to authenticate. `name` is the wire's auth.specName; `key` tells apart two that share it."""

    key: str
    name: str
    label: str
    schema: Mapping[str, Any]
    params: tuple[AuthParam, ...]

    @property
    def has_parts(self) -> bool:
        return any(param.pattern for param in self.params)


@dataclass(frozen=True)
class ConnectionSpec:
    """One source. `wire` is the Flow Service's own connectionSpec; the other fields are for the screen."""

    slug: str
    wire: Mapping[str, Any]
    label: str
    category: str
    monogram: str
    hue: int
    summary: str
    documentation: str
    needs: tuple[str, ...]
    notes: tuple[str, ...]
    look_up_first: bool
    auth_specs: tuple[AuthSpec, ...]

    @property
    def id(self) -> str:
        return self.wire["id"]

    @property
    def version(self) -> str:
        return self.wire["version"]

    @property
    def searchable(self) -> str:
        """What a search for a source looks into, in lower case."""
        return f"{self.label} {self.slug} {self.category_label} {self.summary}".lower()

    @property
    def category_label(self) -> str:
        return self.category.replace("-", " ").capitalize()

    def auth_spec(self, key: str) -> AuthSpec | None:
        """The way to authenticate with that key; else the first one; None for a source without credentials."""
        return next((auth for auth in self.auth_specs if auth.key == key), next(iter(self.auth_specs), None))


@dataclass(frozen=True)
class Catalog:
    """Every source that we know, in the order of their labels."""

    specs: tuple[ConnectionSpec, ...]

    def get(self, slug: str) -> ConnectionSpec | None:
        return next((spec for spec in self.specs if spec.slug == slug), None)
