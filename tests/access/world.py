"""Two organizations, somebody of each role, and one of everything that an address can be about."""

import uuid
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from tests.dataflows.steps import source_asked
from wizard.access.models import Grant, Invitation
from wizard.access.roles import Role
from wizard.connections.models import BaseConnection, Change
from wizard.connections.statuses import ChangeKind, ChangeStatus, Status
from wizard.dataflows.models import Resource, ResourceKind, ResourceStatus
from wizard.organizations.models import Organization
from wizard.people.models import User
from wizard.tables.models import SavedView, Table
from wizard.vault import canary


class World:
    """`people` by what they are in the matrix; `arguments` are what stands in the addresses."""

    def __init__(self, here: Organization, connection: BaseConnection) -> None:
        self.here, self.connection = here, connection
        canary.ensure(is_new=True)
        self.elsewhere = Organization.objects.create(
            name="Elsewhere", ims_org_id="E15E@AdobeOrg", is_practice=here.is_practice
        )
        self.elsewhere.sandboxes.create(name="prod", is_default=True)
        self.people = {
            "no role": self._person("charlie"),
            "elsewhere": self._person("dave", Role.ADMIN, self.elsewhere),
            "viewer": self._person("erin", Role.VIEWER, here),
            "connector": self._person("frank", Role.CONNECTOR, here),
            "admin": self._person("grace", Role.ADMIN, here),
            "administrator": User.objects.create_user("heidi@example.com", "correct horse battery", is_admin=True),
        }
        self.subject = self._person("ivan", Role.VIEWER, here)

    def _person(self, name: str, role: Role | None = None, organization: Organization | None = None) -> User:
        person = User.objects.create_user(f"{name}@example.com", "correct horse battery")
        if role and organization:
            Grant.objects.create(person=person, organization=organization, role=role)
        return person

    def arguments(self, name: str) -> dict[str, Any]:
        """For the address of that name."""
        if name in ("check_draft", "discard_draft"):
            return {"uuid": self._draft().uuid}
        if name == "end_session":
            return {"pk": self._session().pk}
        if name == "remove_view":
            return {"uuid": self._view().uuid}
        if name in ("spec_report", "sync_specs", "check_organization", "organization", "switch_organization"):
            return {"uuid": self.here.uuid}
        if name == "sandbox":
            return {"uuid": self.here.uuid, "pk": self.here.sandboxes.get(name=self.connection.sandbox_name).pk}
        grant, _ = self.subject.grants.get_or_create(organization=self.here, defaults={"role": Role.VIEWER})
        known = {"uuid": self.connection.uuid, "source": "postgres", "token": "x", "grant_pk": grant.pk}
        known |= {"uidb36": "1", "key": "x"}
        known |= {"change_uuid": self._change().uuid, "pk": self.subject.pk}
        known |= {"resource_uuid": self._resource().uuid}
        known |= {"app_label": "people", "object_id": self._row(name)}
        if name == "withdraw_invitation":
            known["pk"] = self._invitation().pk
        return known

    def _row(self, name: str) -> int:
        """The key of a row of the admin's page of that name."""
        if not name.startswith("admin:") or "_" not in name.removeprefix("admin:app_"):
            return 0
        if name.startswith("admin:access_invitation"):
            self._invitation()
        if name.startswith("admin:dataflows_"):
            source_asked(self.connection, self.people["connector"])
        row = apps.get_model(*name.removeprefix("admin:").split("_")[:2])._default_manager.first()
        assert row
        return int(row.pk)

    def _draft(self) -> BaseConnection:
        row = {"organization": self.here, "sandbox_name": self.connection.sandbox_name, "source": "postgres"}
        return BaseConnection.objects.create(status=Status.DRAFT, created_by=self.people["connector"], **row)

    def _view(self) -> SavedView:
        person = self.people["connector"]
        return SavedView.objects.get_or_create(person=person, page=Table.HISTORY, name="Mine", query="status=failed")[0]

    def _change(self) -> Change:
        change = Change(connection=self.connection, kind=ChangeKind.EDIT, status=ChangeStatus.CONFLICT, revision=0)
        change.created_by = self.people["connector"]
        change.seal("before", {})
        change.seal("wanted", {"name": "New", "description": "", "values": {}, "secrets": {}, "removed": []})
        change.save()
        return change

    def _resource(self) -> Resource:
        person = self.people["connector"]
        row = {"connection": self.connection, "kind": ResourceKind.TARGET_CONNECTION, "name": "Lake"}
        return Resource.objects.create(created_by=person, asked_by=person, status=ResourceStatus.FAILED, **row)

    def _session(self) -> UserSession:
        store = SessionStore()
        store.create()
        owner, now = self.people["connector"], timezone.now()
        return UserSession.objects.create(
            user=owner, session_key=store.session_key, ip="127.0.0.1", created_at=now, last_seen_at=now
        )

    def _invitation(self) -> Invitation:
        return Invitation.objects.create(
            digest=uuid.uuid4().hex,
            email="judy@example.com",
            organization=self.here,
            role=Role.VIEWER,
            invited_by=self.people["admin"],
            expires_at=timezone.now() + timedelta(days=1),
        )
