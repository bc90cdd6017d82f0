"""What a key of a connection string means, whoever wrote it: `UID`, `User Id` and `user` are all the user name."""

import json
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
NOT_COUNTED = re.compile(r"[\s_-]+")


def spelling(key: str) -> str:
    """The key without what people write differently: capitals, blanks, underscores and dashes."""
    return NOT_COUNTED.sub("", key).casefold()


def meaning(key: str) -> str:
    """The spelling of the word that synonyms.json lists the key under; of the key itself if it is in no list."""
    return _listed().get(spelling(key), spelling(key))


def is_harmless(key: str) -> bool:
    """Whether its value may be shown: nobody knows what else people keep in their connection strings."""
    return spelling(key) in _harmless() or meaning(key) in _harmless()


@cache
def _harmless() -> frozenset[str]:
    return frozenset(map(spelling, json.loads((HERE / "harmless.json").read_text(encoding="utf-8"))))


@cache
def _listed() -> dict[str, str]:
    lists = json.loads((HERE / "synonyms.json").read_text(encoding="utf-8"))
    return {spelling(synonym): spelling(word) for word, synonyms in lists.items() for synonym in synonyms}
