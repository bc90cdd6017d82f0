"""The three ways in which a documented connection string writes its pairs: ADO.NET's, without quotes, and as a URL."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote as percent_encode
from urllib.parse import unquote

from wizard.connection_strings import ado_net
from wizard.connection_strings.ado_net import ConnectionStringError, PartError, refuse_control_characters


class AdoNet:
    """`Key="value";`, quoted by .NET's rules. The other dialects change what differs."""

    def templates(self, pattern: str) -> Iterator[tuple[str, str]]:
        """(key, value with its placeholders) of each pair. Raises ConnectionStringError for a text that has none."""
        return _pairs(pattern.rstrip(";"), ";")

    def encode(self, part: str, text: str) -> str:
        """A part as it stands in its value. Raises PartError if it cannot stand there."""
        refuse_control_characters(part, text)
        return text

    def separators(self, literals: Sequence[str]) -> tuple[str, ...]:
        """What an encoded part may not contain, for it would read as something else."""
        return tuple(filter(None, literals))

    def decode(self, text: str) -> str:
        """The part that `encode` gave."""
        return text

    def pair(self, key: str, value: str) -> str:
        """One pair, its value being made of encoded parts."""
        return f"{key.replace('=', '==')}={ado_net.quote(value)}"

    def join(self, pairs: Sequence[str]) -> str:
        """All pairs, as one text."""
        return ";".join(pairs)

    def further(self, key: str, value: str) -> str:
        """A pair that the pattern has not. Raises ConnectionStringError for one that would not read back."""
        written = self.pair(key, value)
        try:
            reads_back = self.parse(written) == [(key, value)]
        except ConnectionStringError:
            reads_back = False
        if not reads_back:
            raise ConnectionStringError(f"“{key}” and its value cannot be written into this connection string.")
        return written

    def parse(self, text: str) -> list[tuple[str, str]]:
        """Keys, and values with their parts encoded. Raises ConnectionStringError for a text that cannot be read."""
        return ado_net.parse(text)


class Plain(AdoNet):
    """`Key=value;` where no quotes are known: a value goes as it is, or not at all."""

    def encode(self, part: str, text: str) -> str:
        if text != text.strip():
            raise PartError(part, "May not begin or end with a blank.")
        return super().encode(part, text)

    def separators(self, literals: Sequence[str]) -> tuple[str, ...]:
        inside_quotes = ('"', "\\") if any('"' in literal for literal in literals) else ()
        return (*super().separators(literals), ";", *inside_quotes)

    def pair(self, key: str, value: str) -> str:
        return f"{key}={value}"

    def parse(self, text: str) -> list[tuple[str, str]]:
        if ado_net.has_control_characters(text):
            raise ConnectionStringError("A connection string may not contain line breaks or other control characters.")
        pairs = list(_pairs(text.rstrip("; "), ";"))
        return [(key.strip(), value.strip()) for key, value in pairs]


class Url(AdoNet):
    """`scheme://head?key=value&…`; the head is the pair whose key is empty."""

    def templates(self, pattern: str) -> Iterator[tuple[str, str]]:
        head, _, query = pattern.partition("?")
        if "://" not in head:
            raise ConnectionStringError("This is no URL.")
        yield "", head
        if query:
            yield from _pairs(query, "&")

    def encode(self, part: str, text: str) -> str:
        text = super().encode(part, text)
        # A part that is shown as its own placeholder, being secret or not typed yet, stays readable.
        return text if text == f"{{{part}}}" else percent_encode(text, safe="")

    def decode(self, text: str) -> str:
        return percent_decode(text)

    def pair(self, key: str, value: str) -> str:
        return f"{key}={value}" if key else value

    def join(self, pairs: Sequence[str]) -> str:
        head, *query = pairs
        return f"{head}?{'&'.join(query)}" if query else head

    def further(self, key: str, value: str) -> str:
        if not key.strip() or ado_net.has_control_characters(key + value):
            raise ConnectionStringError(f"“{key}” and its value cannot be written into this connection string.")
        return self.pair(percent_encode(key, safe=""), percent_encode(value, safe=""))

    def parse(self, text: str) -> list[tuple[str, str]]:
        return list(self.templates(text))


def percent_decode(text: str) -> str:
    """The text without its percent-encoding (RFC 3986); as it is where its “%” were never meant as that."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _pairs(text: str, separator: str) -> Iterator[tuple[str, str]]:
    for piece in text.split(separator):
        key, equals, value = piece.partition("=")
        if not equals or not key.strip():
            raise ConnectionStringError("Expected key=value pairs.")
        yield key, value


DIALECTS = {"ado.net": AdoNet(), "plain": Plain(), "url": Url()}
