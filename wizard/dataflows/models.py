"""The rows of this room, by subject."""

from wizard.dataflows.resources import Resource, ResourceKind, ResourceStatus
from wizard.dataflows.selections import ObjectType, Selection

__all__ = ["ObjectType", "Resource", "ResourceKind", "ResourceStatus", "Selection"]
