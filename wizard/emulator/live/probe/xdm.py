"""Which XDM type a database's type becomes: xdm_types.json, after Adobe's page on the types of XDM.

The chain is the one of Adobe's batch connectors: the database's type, the .NET type that it is read as, and the XDM
type that the page has for that. What has no place in XDM is a string.
https://experienceleague.adobe.com/en/docs/experience-platform/xdm/schema/field-constraints
"""

import json
import re
import warnings
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import NullType, TypeEngine

_DATA: dict[str, Any] = json.loads(Path(__file__).with_name("xdm_types.json").read_text("utf-8"))
NOT_RECOGNIZED = re.compile(r"Did not recognize type '(.{1,100})' of column '(.*)'", re.DOTALL)
DETAILS = re.compile(r" (?:collate|character set) .*", re.DOTALL)
PARENTHESES = re.compile(r"\([^()]*\)")
LONGEST = 100


def reflected(connection: Connection, name: str, schema: str) -> tuple[list[ReflectedColumn], dict[str, list[str]]]:
    """The columns, and for each by its name what its type is called: from the most exact name to the vaguest."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        columns = inspect(connection).get_columns(name, schema)
    foreign = {}
    for warning in caught:
        if found := NOT_RECOGNIZED.search(str(warning.message)):
            foreign[found[2]] = found[1].lower()
    return columns, {
        column["name"]: _names(connection, column["type"], foreign.get(column["name"], "")) for column in columns
    }


def described(names: list[str]) -> dict[str, Any]:
    """`type` and what it is in XDM; a type that we have no mapping for says so."""
    by_type = _DATA["by_source_type"]
    known = next((by_type[name] for name in names if name in by_type), None)
    if known is None:
        shown = f"unknown ({names[0]})" if names and names[0] else "unknown"
        return {"type": shown[:LONGEST], **_DATA["xdm"]["string"]}
    return {"type": names[0][:LONGEST], **_DATA["xdm"][known]}


def _names(connection: Connection, kind: TypeEngine[Any], foreign: str) -> list[str]:
    if isinstance(kind, NullType):
        return [foreign]
    try:
        text = kind.compile(connection.dialect).lower()
    except SQLAlchemyError:
        text = str(kind.__visit_name__).lower()
    text = DETAILS.sub("", text)
    plain = " ".join(PARENTHESES.sub("", text).split())
    # A domain is what it is made of.
    base = getattr(kind, "data_type", None)
    further = _names(connection, base, "") if isinstance(base, TypeEngine) else []
    return [text, plain, str(kind.__visit_name__).lower(), *further]
