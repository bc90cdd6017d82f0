"""Connection strings by the rules of .NET's DbConnectionStringBuilder: their values quoted, and parsed.

What is raised never quotes the text: there is a password in it.
https://learn.microsoft.com/en-us/dotnet/api/system.data.common.dbconnectionstringbuilder
"""

import re
import unicodedata

NEEDS_NO_QUOTES = re.compile(r"[^\"'=;\s]*")
KEY = re.compile(r"[\s;]*+((?:[^=;]|==)++)=(?!=)\s*")
VALUE = re.compile(r"\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'|([^;]*)")
QUOTES = ("'", '"')
END = re.compile(r"\s*(?:;|$)")
UNPRINTABLE = ("Cc", "Cs")


class ConnectionStringError(ValueError):
    """A text that is no connection string, or a value that none can carry; the message says why."""


class PartError(ConnectionStringError):
    """A part that cannot stand at its place; `part` is its placeholder."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def has_control_characters(text: str) -> bool:
    """Whether the text holds a character of Unicode's category Cc, or half of one (Cs), which no encoding carries."""
    return any(unicodedata.category(character) in UNPRINTABLE for character in text)


def refuse_control_characters(part: str, text: str) -> None:
    """Raises PartError if the text has control characters."""
    if has_control_characters(text):
        raise PartError(part, "May not contain control characters, such as line breaks or tabs.")


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
    if has_control_characters(text):
        raise ConnectionStringError(
            "A connection string may not contain line breaks, tabs or other control characters."
        )
    pairs: dict[str, tuple[str, str]] = {}
    position = 0
    while text[position:].strip("; \t\r\n"):
        key, position = _parse_key(text, position)
        value, position = _parse_value(text, position, f"pair {len(pairs) + 1}")
        if key.lower() in pairs:
            raise ConnectionStringError(f"The key of pair {len(pairs) + 1} stands there twice.")
        pairs[key.lower()] = (key, value)
    if not pairs:
        raise ConnectionStringError("Expected key=value pairs, separated by semicolons.")
    return list(pairs.values())


def _parse_key(text: str, position: int) -> tuple[str, int]:
    match = KEY.match(text, position)
    if match is None or not match[1].strip():
        raise ConnectionStringError("Expected key=value pairs, separated by semicolons.")
    return match[1].strip().replace("==", "="), match.end()


def _parse_value(text: str, position: int, pair: str) -> tuple[str, int]:
    match = VALUE.match(text, position)
    if match is None:
        raise ConnectionStringError(f"The value of {pair} cannot be read.")
    double, single, bare = match.groups()
    if bare is not None and (bare.strip()[:1] in QUOTES or bare.strip()[-1:] in QUOTES):
        raise ConnectionStringError(f"The value of {pair} has a quote at one end only: put the whole value in quotes.")
    end = END.match(text, match.end())
    if end is None:
        raise ConnectionStringError(f"After the quoted value of {pair} only a semicolon may follow.")
    if double is not None:
        return double.replace('""', '"'), end.end()
    return (single.replace("''", "'") if single is not None else bare.strip()), end.end()
