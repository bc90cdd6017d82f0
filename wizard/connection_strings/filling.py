"""A pattern that is being filled, pair by pair of another connection string; pairs are matched by meaning."""

import re

from wizard.connection_strings.ado_net import ConnectionStringError
from wizard.connection_strings.meanings import meaning
from wizard.connection_strings.pattern import Pair, Pattern, merge

FIXED_PORT = re.compile(r",(\d+)$")
HOST_NAME = re.compile(r"[\w.-]*")
# What the Azure portal writes where the password belongs.
STAND_IN = re.compile(r"\{?your_password(_here)?\}?")


class Filling:
    """A pattern that is being filled, pair by pair of another connection string."""

    def __init__(self, pattern: Pattern) -> None:
        self.parts: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self.differing: dict[str, str] = {}
        # The head of a URL, whose key is empty, is where its host stands.
        self.pairs = {meaning(pair.key) or "host": pair for pair in pattern.pairs}
        self.places = {meaning(part): part for part in pattern.placeholders}

    def take(self, key: str, value: str) -> None:
        """Puts one pair where it belongs. Raises ConnectionStringError where something else stands there already."""
        wanted = meaning(key)
        if wanted in self.pairs:
            self._take_into(self.pairs[wanted], key, value)
        elif wanted in self.places:
            self._add(self.places[wanted], value)
        elif not (wanted == "port" and self._has_fixed_port(key, value)):
            self._keep(self.unknown, key, value)

    def _take_into(self, pair: Pair, key: str, value: str) -> None:
        if pair.parts:
            for part, text in _parts_in(pair, value).items():
                self._add(part, text)
        elif value.casefold() != pair.literals[0].casefold():
            self._keep(self.differing, key, value)

    def _add(self, part: str, value: str) -> None:
        if value and not STAND_IN.fullmatch(value):
            merge(self.parts, {part: value})

    def _keep(self, pairs: dict[str, str], key: str, value: str) -> None:
        if pairs.setdefault(key, value) != value:
            raise ConnectionStringError("A key that this source does not have is given twice, with different values.")

    def _has_fixed_port(self, key: str, value: str) -> bool:
        """Whether the pattern has a port of its own; one that differs from it is noted."""
        fixed = FIXED_PORT.search(self.pairs["host"].literals[-1]) if "host" in self.pairs else None
        if fixed and fixed[1] != value:
            self._keep(self.differing, key, value)
        return fixed is not None


def _parts_in(pair: Pair, value: str) -> dict[str, str]:
    """The parts in the value of a pair that may lack some of the text around its only part."""
    try:
        return pair.split(value)
    except ConnectionStringError:
        if len(pair.parts) > 1:
            raise
    before, after = pair.literals
    value = value.removeprefix(before)
    for ending in (after, HOST_NAME.findall(after)[0]):
        if ending and value[-len(ending) :].lower() == ending.lower():
            return {pair.parts[0]: value[: -len(ending)]}
    return {pair.parts[0]: value}
