"""The codebook and Adobe's lists as their files have them, beside what the wizard makes of them."""

import json
from pathlib import Path
from typing import Any

from wizard.flow_service import explanations

GROUPS: dict[str, dict[str, dict[str, str]]] = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted(Path(explanations.__file__).with_name("codes").glob("*.json"))
}
# By code, those of all catalogs together.
CODES = {code: entry for name in explanations.CATALOGS for code, entry in GROUPS[name].items()}
DOCUMENTED: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("documented_codes.json").read_text(encoding="utf-8")
)


def pairs(groups: dict[str, Any]) -> list[tuple[str, str]]:
    """Each group's name with each of its keys."""
    return [(name, key) for name, group in groups.items() for key in group]
