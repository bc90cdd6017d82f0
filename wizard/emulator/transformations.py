"""What happens to the data of a dataflow on their way: the rules for its transformations.

https://experienceleague.adobe.com/en/docs/experience-platform/sources/errors/flow-service-errors
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wizard.emulator.errors import flow, invalid, missing

FIELD = "transformations"
VERSION = re.compile(r"\d{1,9}", re.ASCII)


def check(entries: object, known: tuple[str, ...], frequency: str) -> None:
    """Raises Refusal for the first rule that is broken; `known` are the transformations that the flow spec has."""
    if entries is None:
        raise missing(FIELD)
    if not isinstance(entries, list):
        raise invalid(FIELD)
    for number, entry in enumerate(entries):
        _check_entry(entry, f"{FIELD}[{number}]", known)
    if "Copy" in known:
        _check_copies(entries, frequency)
        if not any(entry["name"] == "Mapping" for entry in entries):
            raise flow("1370-400", "The source columns could not be fetched: the mapping transformation is missing.")


def mappings(entries: list[Any]) -> Iterator[tuple[str, int]]:
    """Id and version of each mapping that they name. Raises Refusal for one that names none."""
    for params in (entry["params"] for entry in entries if entry["name"] == "Mapping"):
        mapping_id, version = params.get("mappingId"), str(params.get("mappingVersion"))
        if not mapping_id:
            raise flow("1329-400", "The param: mappingId cannot be null or empty in the provided request.")
        if not isinstance(mapping_id, str):
            raise invalid("mappingId")
        if not VERSION.fullmatch(version):
            raise flow("1412-400", "Invalid Mapping Version in request.")
        yield mapping_id, int(version)


def _check_entry(entry: object, field: str, known: tuple[str, ...]) -> None:
    if not isinstance(entry, dict):
        raise invalid(field)
    for name in ("name", "params"):
        if entry.get(name) is None:
            raise missing(f"{field}.{name}")
    if entry["name"] not in known:
        raise invalid(f"{field}.name")
    if not isinstance(entry["params"], dict):
        raise invalid(f"{field}.params")


def _check_copies(entries: list[Any], frequency: str) -> None:
    columns = [entry["params"].get("deltaColumn") for entry in entries if entry["name"] == "Copy"]
    given = [column for column in columns if column is not None]
    if frequency == "once" and given:
        raise flow("1369-400", "The delta column in copy transform is not allowed when frequency is set to once.")
    if frequency != "once" and not given:
        raise flow("1367-400", "The delta column is required in copy transformation when creating a CRM connector.")
    for column in given:
        _check_column(column)


def _check_column(column: object) -> None:
    if not isinstance(column, Mapping) or not all(isinstance(value, str) for value in column.values()):
        raise invalid("deltaColumn")
    if not column.get("name"):
        raise missing("deltaColumn.name")
