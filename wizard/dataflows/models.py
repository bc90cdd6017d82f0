"""The rows of this room, by subject."""

from wizard.dataflows.selections import ObjectType, Selection

__all__ = ["ObjectType", "Selection"]
