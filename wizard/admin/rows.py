"""Which rows the admin shows, and what of each."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from wizard.access.models import Grant, Invitation
from wizard.admin.site import Looking, ReadOnlySite
from wizard.connections.models import BaseConnection, Call, Change
from wizard.connections.seeing import note_view
from wizard.connections.statuses import Status
from wizard.dataflows.models import Resource, Selection
from wizard.organizations.models import Organization, Sandbox
from wizard.people.models import User
from wizard.record.models import Event

ERROR = ("error_kind", "error_status", "error_code", "error_message", "error_request_id")
site = ReadOnlySite()


class ConnectionRows(Looking):
    list_display = ("name", "source_label", "organization", "sandbox_name", "status", "created_by", "created_at")
    list_filter = ("status", "finding")
    search_fields = ("name", "base_connection_id", "uuid")
    fields = (
        *("uuid", "organization", "sandbox_name", "source", "source_label", "name", "description"),
        *("connection_spec_id", "connection_spec_version", "auth_spec_name", "auth_spec_key", "revision"),
        *("status", "attempts", "stepped_at", "due_at", "due_reason", "is_held", "sent_at", "connected_at"),
        *("looks", "next_look_at", "base_connection_id", "etag", "remote_state", "follow_at"),
        *("test_status", "test_requested_at", "tested_at", "test_message", "retest_at", "failed_retests"),
        *("finding", "found_at", *ERROR, "created_by", "created_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Drafts belong to one person alone."""
        return super().get_queryset(request).exclude(status=Status.DRAFT)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """On record as a visit to its own page is."""
        found = self.get_object(request, unquote(object_id))
        if isinstance(found, BaseConnection) and isinstance(request.user, User):
            note_view(found, request.user)
        return super().change_view(request, object_id, *args, **kwargs)


class ChangeRows(Looking):
    list_display = ("connection", "kind", "status", "created_by", "created_at")
    read_along = ("connection", "created_by")
    list_filter = ("kind", "status")
    fields = (
        *("uuid", "connection", "kind", "status", "revision", "labels", "attempts", "looks", "may_be_done"),
        *("stepped_at", "due_at", "sent_at", *ERROR, "created_by", "created_at"),
    )


class OfConnections(Looking):
    """Drafts belong to one person alone, and what is about them does."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(connection__status=Status.DRAFT)


class CallRows(OfConnections):
    list_display = ("at", "connection", "method", "path", "status", "outcome", "duration_ms")
    list_filter = ("method", "outcome")
    search_fields = ("path", "request_id", "answer_id")
    fields = ("connection", "at", "method", "path", "status", "outcome", "duration_ms", "request_id", "answer_id")


class SelectionRows(OfConnections):
    list_display = ("path", "connection", "object_type", "chosen_by", "chosen_at")
    list_filter = ("object_type",)
    search_fields = ("path",)
    fields = ("connection", "object_type", "path", "columns", "options", "chosen_by", "chosen_at")


class ResourceRows(Looking):
    list_display = ("name", "kind", "connection", "status", "created_by", "created_at")
    list_filter = ("kind", "status")
    search_fields = ("name", "remote_id", "uuid")
    fields = (
        *("uuid", "connection", "kind", "name", "description", "body", "selected", "source", "target", "mapping"),
        *("status", "attempts", "put_backs", "stepped_at", "due_at", "due_reason", "is_held", "sent_at", "made_at"),
        *("looks", "remote_id", "etag", "version", *ERROR, "created_by", "asked_by", "created_at"),
    )


class EventRows(Looking):
    list_display = ("at", "kind", "actor_name", "connection", "organization", "sandbox_name", "outcome")
    read_along = ("connection", "organization")
    list_filter = ("kind",)
    search_fields = ("message", "actor_name", "request_id")
    ordering = ("-pk",)
    fields = (
        *("uuid", "kind", "at", "actor", "actor_name", "connection", "organization", "sandbox_name"),
        *("message", "outcome", "details", "address", "request_id", "duration_ms", "position"),
    )


class OrganizationRows(Looking):
    list_display = ("name", "ims_org_id", "is_practice", "is_open", "checked_at")
    search_fields = ("name", "ims_org_id")
    fields = (
        *("uuid", "name", "ims_org_id", "client_id", "scopes", "is_practice", "is_open", "created_at"),
        *("checked_at", "check_error", "troubles", "trouble_since", "trouble_reason", "probe_at"),
    )


class SandboxRows(Looking):
    list_display = ("name", "organization", "type", "is_default", "is_open", "needs_approval")
    list_filter = ("type", "is_open")
    fields = ("organization", "name", "title", "type", "is_default", "is_open", "is_confirmed", "needs_approval")


class PersonRows(Looking):
    list_display = ("email", "is_admin", "is_active", "date_joined", "last_login")
    list_filter = ("is_admin", "is_active")
    search_fields = ("email",)
    fields = ("email", "is_admin", "is_active", "date_joined", "last_login")


class GrantRows(Looking):
    list_display = ("person", "organization", "sandbox_name", "role", "created_at")
    list_filter = ("role",)
    fields = ("person", "organization", "sandbox_name", "role", "created_at")


class InvitationRows(Looking):
    list_display = ("email", "organization", "sandbox_name", "role", "invited_by", "expires_at")
    read_along = ("organization", "invited_by")
    fields = (
        *("email", "organization", "sandbox_name", "role", "invited_by"),
        *("created_at", "expires_at", "used_at", "closed_at"),
    )


site.register(BaseConnection, ConnectionRows)
site.register(Change, ChangeRows)
site.register(Call, CallRows)
site.register(Selection, SelectionRows)
site.register(Resource, ResourceRows)
site.register(Event, EventRows)
site.register(Organization, OrganizationRows)
site.register(Sandbox, SandboxRows)
site.register(User, PersonRows)
site.register(Grant, GrantRows)
site.register(Invitation, InvitationRows)
