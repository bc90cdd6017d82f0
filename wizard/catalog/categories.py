"""The categories of sources: our labels, and the other spellings that live specs use for them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

OTHER = "other"


def category_label(category: str) -> str:
    """The label on screen of one of our categories."""
    entry = _categories().get(category)
    return str(entry["label"]) if entry else category.replace("-", " ").capitalize()


def is_category(category: str) -> bool:
    """Whether it is one of ours."""
    return category in _categories()


def holds_files(category: str) -> bool:
    """Whether its sources hold files, not tables."""
    return _categories().get(category, {}).get("holds") == "files"


def category_of(text: str) -> str:
    """Our category for a live spec's own word for it; `other` for a word that we do not know."""
    return _spellings().get(_plain(text), OTHER)


@cache
def _categories() -> dict[str, dict[str, Any]]:
    return json.loads((Path(__file__).parent / "categories.json").read_text(encoding="utf-8"))


@cache
def _spellings() -> dict[str, str]:
    return {
        _plain(spelling): category
        for category, entry in _categories().items()
        for spelling in (category, entry["label"], *entry["aliases"])
    }


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
