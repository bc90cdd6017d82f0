"""What a key of a connection string means, whoever wrote it: `UID`, `User Id` and `user` are all the user name."""

import json
import re
from functools import cache
from pathlib import Path

SYNONYMS = Path(__file__).parent / "synonyms.json"
NOT_COUNTED = re.compile(r"[\s_-]+")


def spelling(key: str) -> str:
    """The key without what people write differently: capitals, blanks, underscores and dashes."""
    return NOT_COUNTED.sub("", key).casefold()


def meaning(key: str) -> str:
    """The spelling of the word that synonyms.json lists the key under; of the key itself if it is in no list."""
    return _listed().get(spelling(key), spelling(key))


@cache
def _listed() -> dict[str, str]:
    lists = json.loads(SYNONYMS.read_text(encoding="utf-8"))
    return {spelling(synonym): spelling(word) for word, synonyms in lists.items() for synonym in synonyms}
