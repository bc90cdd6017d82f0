"""What becomes of a column's name: the XDM field that it is mapped to, and how a mapping calls the column itself.

https://experienceleague.adobe.com/en/docs/experience-platform/data-prep/functions
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

# Names that a mapping takes as they are; all others stand in ${}.
_PLAIN = re.compile(r"[^\W\d]\w*")
_WORDS = json.loads(Path(__file__).with_name("data_prep_words.json").read_text("utf-8"))
_RESERVED = frozenset([*_WORDS["keywords"], *_WORDS["functions"]])
_SPECIAL = re.compile(r"[\\.}]")
_NO_XDM = re.compile(r"[^A-Za-z0-9_]+", re.ASCII)
XDM_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)


def xdm_paths(columns: Sequence[str], prefix: str) -> dict[str, str]:
    """Column to path, in their order. A name is kept if it can be a field's; else it loses its accents, and what is no
    letter, digit or underscore becomes an underscore; a number follows where two would become the same.
    """
    # Two that differ in their letters' case alone would be one column in the lake. To the last number given to each.
    taken: dict[str, int] = {}
    found: dict[str, str] = {}
    # Names that need no change come first to theirs.
    for column in sorted(dict.fromkeys(columns), key=lambda name: xdm_name(name) != name):
        found[column] = _take(xdm_name(column), taken)
    start = f"{prefix}." if prefix else ""
    return {column: start + found[column] for column in dict.fromkeys(columns)}


def xdm_name(column: str) -> str:
    """The name of a field; `column` where nothing of it can stay."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", column) if not unicodedata.combining(letter))
    name = _NO_XDM.sub("_", plain)
    if name != plain:
        name = name.strip("_")
    if not name:
        return "column"
    return f"column_{name}" if name[0].isdigit() else name


def source_attribute(column: str) -> str:
    """The column's name as a mapping writes it: ${First\\.Name} for one that is no plain name."""
    if _PLAIN.fullmatch(column) and column not in _RESERVED:
        return column
    return "${" + _SPECIAL.sub(r"\\\g<0>", column) + "}"


def _take(name: str, taken: dict[str, int]) -> str:
    found, number = name, taken.get(name.lower(), 1)
    while found.lower() in taken:
        number += 1
        found = f"{name}_{number}"
    taken[found.lower()] = 1
    taken[name.lower()] = number
    return found
