"""Keeps which columns somebody has chosen, as Adobe names them at that moment."""

from collections.abc import Collection

from wizard.connections.models import BaseConnection
from wizard.dataflows.models import ObjectType, Selection
from wizard.exploring import columns as columns_of
from wizard.exploring.wanting import Asked
from wizard.flow_service.explored import Contents
from wizard.people.models import User

NOTHING = "Choose at least one column."


class NothingChosen(ValueError):
    """No column that is there, and can be kept, was chosen."""


def keep_choice(
    connection: BaseConnection,
    person: User,
    asked: Asked,
    contents: Contents,
    keys: Collection[str] | None,
    *,
    text: str = "",
    earlier: Selection | None = None,
) -> Selection:
    """Keeps the columns with these keys, all of them where that is None; nothing of what the form says of them.

    Those that a search for `text` left out of the form stay as they were chosen `earlier`. Raises NothingChosen.
    """
    columns = columns_of.shown(contents)
    wanted = {column.key for column in columns} if keys is None else set(keys)
    if text and keys is not None:
        seen = {column.key for column in columns_of.matching(columns, text)}
        wanted |= (columns_of.keys_of(earlier.columns) if earlier else set()) - seen
    found = columns_of.chosen(columns, wanted)
    if not found:
        raise NothingChosen(NOTHING)
    options = dict(asked.wanted.options if asked.wanted else {}) or dict(contents.properties)
    return Selection.objects.choose(
        connection, person, object_type=ObjectType(asked.type), path=asked.path, columns=found, options=options
    )
