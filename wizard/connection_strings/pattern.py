"""A source's documented connection string: composed from its parts, and taken apart again.

A pattern is that string with its values as {PLACEHOLDERS}. An optional placeholder that is left empty goes together
with the text before it: `Server={SERVER}\\{INSTANCE}` without INSTANCE is `Server={SERVER}`, and a key whose only
placeholder is empty is left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from wizard.connection_strings.ado_net import ConnectionStringError, PartError, parse, quote, refuse_control_characters
from wizard.connection_strings.dialects import DIALECTS, AdoNet

__all__ = [
    "ConnectionStringError",
    "Pair",
    "PartError",
    "Pattern",
    "merge",
    "parse",
    "quote",
    "refuse_control_characters",
]

PLACEHOLDER = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")


@dataclass(frozen=True)
class Pair:
    """One `key=value` of a pattern: `literals[i]` stands before `parts[i]`, the last literal at the end."""

    key: str
    literals: tuple[str, ...]
    parts: tuple[str, ...]

    @classmethod
    def from_text(cls, key: str, value: str) -> "Pair":
        pieces = PLACEHOLDER.split(value)
        if "" in pieces[2:-1:2]:
            raise ConnectionStringError("Between two placeholders of a value there must be some text.")
        return cls(key, tuple(pieces[::2]), tuple(pieces[1::2]))

    def value(self, values: Mapping[str, str]) -> str | None:
        """The value with its parts filled in; None where nothing is left of it."""
        before_parts = zip(self.literals, self.parts, strict=False)
        # The head of a URL, whose key is empty, cannot be left out.
        given = [(before, part) for before, part in before_parts if part in values or not self.key]
        if self.parts and not given:
            return None
        return "".join(before + values.get(part, "") for before, part in given) + self.literals[-1]

    def split(self, value: str) -> dict[str, str]:
        """The parts in a value that this pair's template gave; an empty one is none.

        Raises ConnectionStringError where the value does not have the template's form.
        """
        rest = value.removesuffix(self.literals[-1])
        parts = {}
        for index, part in enumerate(self.parts):
            if rest.startswith(self.literals[index]):
                rest = rest[len(self.literals[index]) :]
                following = (rest.find(literal) for literal in self.literals[index + 1 : -1])
                end = min((position for position in following if position >= 0), default=len(rest))
                parts[part], rest = rest[:end], rest[end:]
        if rest or not value.endswith(self.literals[-1]):
            raise ConnectionStringError(f"{self.key or 'The address'} does not have the expected form.")
        return {part: text for part, text in parts.items() if text}


@dataclass(frozen=True)
class Pattern:
    """A source's documented connection string, e.g. `Server={SERVER};Port={PORT}`, and the dialect it is written in."""

    text: str
    dialect: str = "ado.net"

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Its pairs, in order. Raises ConnectionStringError for a text that is no pattern, or an unknown dialect."""
        pairs = tuple(Pair.from_text(key, value) for key, value in self._rules.templates(self.text))
        if len({_same(pair.key) for pair in pairs}) < len(pairs):
            raise ConnectionStringError("A key stands there twice.")
        return pairs

    @property
    def _rules(self) -> AdoNet:
        if self.dialect not in DIALECTS:
            raise ConnectionStringError(f"“{self.dialect}” is no dialect of connection strings.")
        return DIALECTS[self.dialect]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Each placeholder once, in order. Raises as `pairs` does."""
        return tuple(dict.fromkeys(part for pair in self.pairs for part in pair.parts))

    def compose(self, values: Mapping[str, str], extra: Iterable[tuple[str, str]] = ()) -> str:
        """The connection string with every value written as its dialect wants, then the pairs of `extra`.

        Raises PartError for a part that cannot stand at its place, or would read as two; ConnectionStringError for an
        extra key that the pattern has already, or that cannot be written.
        """
        encoded = self._encoded(values)
        filled = [(pair.key, pair.value(encoded)) for pair in self.pairs]
        written = [self._rules.pair(key, value) for key, value in filled if value is not None]
        composed = self._rules.join([*written, *self._further(extra)])
        return composed + (";" if self.text.endswith(";") else "")

    def _encoded(self, values: Mapping[str, str]) -> dict[str, str]:
        given = {part: values[part] for part in self.placeholders if values.get(part)}
        encoded = {part: self._rules.encode(part, text) for part, text in given.items()}
        for pair in self.pairs:
            for part in filter(encoded.__contains__, pair.parts):
                for separator in self._rules.separators(pair.literals):
                    if separator in encoded[part]:
                        raise PartError(part, f"May not contain “{separator}”.")
        return encoded

    def _further(self, extra: Iterable[tuple[str, str]]) -> Iterator[str]:
        taken = {_same(pair.key) for pair in self.pairs}
        for key, value in extra:
            if _same(key) in taken:
                raise ConnectionStringError(f"{key} stands in the connection string already.")
            taken.add(_same(key))
            yield self._rules.further(key, value)

    def split(self, text: str) -> dict[str, str]:
        """The parts of a string that this pattern composed; the inverse of `compose`.

        Raises ConnectionStringError for another string, or where two places of one part disagree.
        """
        given = self._rules.parse(text)
        values = {_same(key): value for key, value in given}
        if len(values) < len(given):
            raise ConnectionStringError("A key stands there twice.")
        parts: dict[str, str] = {}
        for pair in self.pairs:
            if _same(pair.key) in values:
                merge(parts, pair.split(values[_same(pair.key)]))
        return {part: self._rules.decode(value) for part, value in parts.items()}


def merge(parts: dict[str, str], more: Mapping[str, str]) -> None:
    """Adds to the parts. Raises ConnectionStringError where one of them has another value already."""
    for part, text in more.items():
        if parts.setdefault(part, text) != text:
            raise ConnectionStringError(f"{part} is given twice, with different values.")


def _same(key: str) -> str:
    """Equal for keys that mean the same to a database: capitals and surrounding blanks do not count."""
    return key.strip().lower()
