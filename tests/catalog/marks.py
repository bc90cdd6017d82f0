"""What the fields of a way are to a connection: its destination, its identity, or neither."""

from collections.abc import Iterator

from wizard.catalog.datatypes import AuthParam, AuthSpec


def leaves(params: tuple[AuthParam, ...], prefix: str = "") -> Iterator[tuple[str, AuthParam]]:
    """(place, field) of all that is asked for: a group's own fields, and a connection string's parts."""
    for param in params:
        inner = param.params or param.parts
        yield from leaves(inner, f"{prefix}{param.name}.") if inner else [(prefix + param.name, param)]


def marked(auth: AuthSpec) -> dict[str, str]:
    """Place -> destination or identity, of the fields that are one of them."""
    fields = dict(leaves(auth.params))
    destinations = {place: "destination" for place, field in fields.items() if field.destination}
    return destinations | {place: "identity" for place, field in fields.items() if field.identity}
