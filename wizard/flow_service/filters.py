"""What of ours can stand in a path or a filter of the Flow Service."""

import re

from wizard.flow_service import wire

# How the filter language escapes a quote, a comma or a backslash is not documented.
_FILTERABLE = re.compile(r"[\w .:/()-]+")


def checked_id(text: str) -> str:
    """`text`, if it can stand in a path or a filter as one id. Raises ValueError."""
    if not wire.is_id(text):
        raise ValueError("An id may hold letters, digits, dashes and underscores only.")
    return text


def filters_by_name(name: str | None) -> list[str]:
    """A filter for exactly this name; none for one that no filter can hold, which is then looked for here."""
    return [f'name=="{name}"'] if name and _FILTERABLE.fullmatch(name) else []
