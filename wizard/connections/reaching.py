"""The way from an address to a connection: what a person does not see is not there for them."""

import uuid as uuids

from django.core.exceptions import PermissionDenied
from django.http import Http404

from wizard.access.roles import Role
from wizard.access.rules import may
from wizard.connections.models import BaseConnection
from wizard.people.models import User


def reached(person: User, uuid: uuids.UUID, role: Role = Role.VIEWER) -> BaseConnection:
    """The connection with this uuid, drafts aside, with its organization and its owner.

    Raises Http404 where the person sees none, and PermissionDenied where they see it in a lower role.
    """
    visible = BaseConnection.objects.visible_to(person).with_marks().select_related("organization", "created_by")
    found = visible.filter(uuid=uuid).first()
    if found is None:
        raise Http404("No such connection")
    if not may(person, role, found.organization, found.sandbox_name):
        raise PermissionDenied
    return found
