"""The console's handler as the product sets it up, whose lines a test reads."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from wizard.reports import LinkFilter, SecretFilter


class Lines(logging.Handler):
    """What the console would show."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.addFilter(LinkFilter())
        self.addFilter(SecretFilter())
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("wizard.emulator"):
            self.said.append(self.format(record))

    def objects(self, event: str) -> list[dict[str, object]]:
        return [found for found in map(json.loads, self.said) if found.get("event") == event]


@contextmanager
def listening(formatter: logging.Formatter) -> Iterator[Lines]:
    lines, root = Lines(formatter), logging.getLogger()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(lines)
        root.setLevel(before)
