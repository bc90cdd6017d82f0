"""Connection strings by the rules of .NET's DbConnectionStringBuilder: composed from a pattern, and parsed.

A pattern is a documented connection string with its values as {PLACEHOLDERS}. An optional placeholder that is left
empty goes together with the text before it: `Server={SERVER}\\{INSTANCE}` without INSTANCE is `Server={SERVER}`, and
a key whose only placeholder is empty is left out.
https://learn.microsoft.com/en-us/dotnet/api/system.data.common.dbconnectionstringbuilder
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

PLACEHOLDER = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")
NEEDS_NO_QUOTES = re.compile(r"[^\"'=;\s]*")
KEY = re.compile(r"[\s;]*+((?:[^=;]|==)++)=(?!=)\s*")
VALUE = re.compile(r"\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'|([^;]*)")
QUOTES = ("'", '"')
END = re.compile(r"\s*(?:;|$)")


class ConnectionStringError(ValueError):
    """A text that is no connection string, or a value that none can carry; the message says why."""


class PartError(ConnectionStringError):
    """A part that cannot stand at its place; `part` is its placeholder."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True)
class Pair:
    """One `key=value` of a pattern: `literals[i]` stands before `parts[i]`, the last literal at the end."""

    key: str
    literals: tuple[str, ...]
    parts: tuple[str, ...]

    @classmethod
    def from_text(cls, text: str) -> "Pair":
        key, equals, template = text.partition("=")
        if not equals or not key.strip():
            raise ConnectionStringError(f"“{text}” is not key=value.")
        pieces = PLACEHOLDER.split(template)
        return cls(key, tuple(pieces[::2]), tuple(pieces[1::2]))

    def value(self, values: Mapping[str, str]) -> str | None:
        """The value with its parts filled in; None where nothing is left of it."""
        given = [(before, part) for before, part in zip(self.literals, self.parts, strict=False) if values.get(part)]
        if self.parts and not given:
            return None
        for _, part in given:
            self._refuse_ambiguous(part, values[part])
        return "".join(before + values[part] for before, part in given) + self.literals[-1]

    def _refuse_ambiguous(self, part: str, text: str) -> None:
        for separator in filter(None, self.literals):
            if separator in text:
                raise PartError(part, f"May not contain “{separator}”.")

    def split(self, value: str) -> dict[str, str]:
        """The parts in a value that this pair's template gave.

        Raises ConnectionStringError where the value does not have the template's form.
        """
        expression = "".join(
            f"(?:{re.escape(literal)}(?P<{part}>.*?))?"
            for literal, part in zip(self.literals, self.parts, strict=False)
        )
        match = re.fullmatch(expression + re.escape(self.literals[-1]), value, re.DOTALL)
        if match is None:
            raise ConnectionStringError(f"{self.key} does not have the expected form.")
        return {part: text for part, text in match.groupdict().items() if text is not None}


@dataclass(frozen=True)
class Pattern:
    """A source's documented connection string, e.g. `Server={SERVER};Port={PORT}`."""

    text: str

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(Pair.from_text(text) for text in self.text.rstrip(";").split(";"))

    @property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(part for pair in self.pairs for part in pair.parts)

    def compose(self, values: Mapping[str, str]) -> str:
        """The connection string with every value quoted where it has to be.

        Raises PartError for a control character, or for a value that would read as two parts.
        """
        for part, text in values.items():
            refuse_control_characters(part, text)
        filled = [(pair.key, pair.value(values)) for pair in self.pairs]
        composed = ";".join(f"{key.replace('=', '==')}={quote(value)}" for key, value in filled if value is not None)
        return composed + (";" if self.text.endswith(";") else "")

    def split(self, text: str) -> dict[str, str]:
        """The parts of a string that this pattern composed; the inverse of `compose`.

        Raises ConnectionStringError for another string.
        """
        values = dict(parse(text))
        parts: dict[str, str] = {}
        for pair in self.pairs:
            if pair.key in values:
                parts |= pair.split(values[pair.key])
        return parts


def quote(value: str) -> str:
    """A value as it stands in a connection string: bare where possible, else in the quotes that it lacks."""
    if NEEDS_NO_QUOTES.fullmatch(value):
        return value
    if '"' in value and "'" not in value:
        return f"'{value}'"
    return '"' + value.replace('"', '""') + '"'


def parse(text: str) -> list[tuple[str, str]]:
    """The keys and values of a connection string, in order.

    Raises ConnectionStringError where the text breaks the rules, has control characters, or names a key twice: .NET
    takes the last one then, which nobody who typed two can have meant.
    """
    refuse_control_characters("", text)
    pairs: list[tuple[str, str]] = []
    seen: set[str] = set()
    position = 0
    while text[position:].strip("; \t\r\n"):
        key, position = _parse_key(text, position)
        value, position = _parse_value(text, position, key)
        if key.lower() in seen:
            raise ConnectionStringError(f"{key} stands there twice.")
        seen.add(key.lower())
        pairs.append((key, value))
    if not pairs:
        raise ConnectionStringError("Expected key=value pairs, separated by semicolons.")
    return pairs


def _parse_key(text: str, position: int) -> tuple[str, int]:
    match = KEY.match(text, position)
    if match is None or not match[1].strip():
        raise ConnectionStringError("Expected key=value pairs, separated by semicolons.")
    return match[1].strip().replace("==", "="), match.end()


def _parse_value(text: str, position: int, key: str) -> tuple[str, int]:
    match = VALUE.match(text, position)
    if match is None:
        raise ConnectionStringError(f"The value of {key} cannot be read.")
    double, single, bare = match.groups()
    if bare is not None and (bare.strip()[:1] in QUOTES or bare.strip()[-1:] in QUOTES):
        raise ConnectionStringError(f"The value of {key} has a quote at one end only.")
    end = END.match(text, match.end())
    if end is None:
        raise ConnectionStringError(f"After the quoted value of {key} only a semicolon may follow.")
    value = (
        double.replace('""', '"')
        if double is not None
        else single.replace("''", "'")
        if single is not None
        else bare.strip()
    )
    return value, end.end()


def refuse_control_characters(part: str, text: str) -> None:
    """Raises PartError if the text holds a character of Unicode's category Cc."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise PartError(part, "May not contain control characters, such as line breaks or tabs.")
