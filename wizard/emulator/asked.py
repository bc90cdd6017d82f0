"""The query of an explore call, parameter by parameter."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from wizard.emulator.errors import flow, invalid
from wizard.emulator.messages import Request

NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)


class Asked:
    """Every method raises Refusal for what the API refuses."""

    def __init__(self, request: Request, kind: str) -> None:
        self._request = request
        self._kind = kind

    def text(self, name: str) -> str:
        """A parameter that must be there."""
        value = self.optional(name)
        if value is None:
            raise flow("1359-400", f"The param {name} is missing in the request.")
        if not value:
            raise flow("1337-400", f"The {name} cannot be empty for objectType={self._kind}.")
        return value

    def optional(self, name: str) -> str | None:
        """Its first letter may be a capital, as in the OpenAPI file."""
        value = self._request.value(name)
        return self._request.value(name[:1].upper() + name[1:]) if value is None else value

    def truth(self, name: str) -> bool:
        value = (self.optional(name) or "false").lower()
        if value not in ("true", "false"):
            raise invalid(name)
        return value == "true"

    def file_type(self, known: Collection[str]) -> str:
        value = self.text("fileType").lower()
        if value not in known:
            raise flow("1399-400", "A valid requestFileType could not be found.")
        return value

    def preview(self, rows: Sequence[Any]) -> dict[str, Any]:
        """The rows that are wanted, if any are."""
        count = self.rows_wanted(len(rows))
        return {} if count is None else {"data": rows[:count]}

    def rows_wanted(self, default: int) -> int | None:
        """How many, None if none are."""
        if not self.truth("preview"):
            return None
        count = self.optional("previewCount")
        if count is not None and not NUMBER.fullmatch(count):
            raise invalid("previewCount")
        if count is not None and int(count) < 1:
            raise flow("1394-400", "The minimum value for a parameter previewCount is one.")
        return default if count is None else int(count)
