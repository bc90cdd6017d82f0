"""What an admin changes about an organization and its sandboxes; each change is on record with its fields' names."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wizard.connections.models import BaseConnection
from wizard.credentials.secret_choice import KEEP, REPLACE
from wizard.organizations.models import NO_TOKEN, Organization, Sandbox
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.vault.secret import Secret

CREDENTIALS = {"ims_org_id", "client_id", "scopes", "client_secret"}


class WrongName(Exception):
    """What was typed is not the sandbox's name."""


@sensitive_variables()
def add_organization(person: User, organization: Organization, secret: Secret | None) -> None:
    """Keeps an unsaved organization, of the world that our Flow Service belongs to; its secret sealed."""
    organization.is_practice = settings.PRACTICE
    organization.expire_on(organization.credentials_expire_on)
    if secret:
        _seal(organization, secret)
    with transaction.atomic():
        organization.save()
        _record(Kind.ORGANIZATION_ADDED, person, organization)


@sensitive_variables()
def change_organization(
    person: User, organization: Organization, changed: Collection[str], choice: str, secret: Secret | None
) -> None:
    """Saves the fields that have changed. `choice` says whether the stored secret is kept, replaced or removed."""
    fields = set(changed)
    if choice != KEEP:
        fields.add("client_secret")
        organization.client_secret = None
    if choice == REPLACE:
        _seal(organization, secret)
    columns = fields | _what_follows(organization, fields)
    if fields:
        with transaction.atomic():
            organization.save(update_fields=columns)
            _record(Kind.ORGANIZATION_CHANGED, person, organization, fields=sorted(fields))


def _what_follows(organization: Organization, fields: set[str]) -> set[str]:
    """Sets what these fields have as a consequence; the columns of that."""
    columns: set[str] = set()
    if "client_secret" in fields:
        organization.credentials_changed_at = timezone.now()
        columns.add("credentials_changed_at")
    if "credentials_expire_on" in fields:
        organization.expire_on(organization.credentials_expire_on)
        columns.add("remind_at")
    if fields & CREDENTIALS:
        organization.forget_token()
        columns |= NO_TOKEN.keys()
    return columns


@sensitive_variables()
def _seal(organization: Organization, secret: Secret | None) -> None:
    organization.seal("client_secret", secret)
    organization.credentials_changed_at = timezone.now()


@transaction.atomic
def set_open(person: User, organization: Organization, is_open: bool) -> None:
    """A closed organization takes no new connections; what it has stays."""
    if Organization.objects.filter(pk=organization.pk, is_open=not is_open).update(is_open=is_open):
        words = "Opened again." if is_open else "Closed for new connections."
        _record(Kind.ORGANIZATION_CHANGED, person, organization, words, fields=["is_open"])


@transaction.atomic
def look_after_connection(person: User, connection: BaseConnection, changed: Collection[str]) -> None:
    """Saves who looks after its credentials, and when they end."""
    connection.expire_on(connection.credentials_expire_on)
    columns = {*changed, "remind_at"} if "credentials_expire_on" in changed else set(changed)
    if columns:
        values = {name: getattr(connection, name) for name in columns}
        BaseConnection.objects.filter(pk=connection.pk).update(**values)
        details = {"fields": sorted(changed)}
        Event.objects.create(kind=Kind.LOOKED_AFTER, actor=person, connection=connection, details=details)


# --- Sandboxes ---


def confirm_sandbox(person: User, sandbox: Sandbox, typed: str) -> None:
    """Opens one for use here. Raises WrongName unless its name was typed."""
    if typed.strip() != sandbox.name:
        raise WrongName
    _change_sandbox(person, sandbox, "Opened for use here.", is_confirmed=True)


def close_sandbox(person: User, sandbox: Sandbox) -> None:
    """No new connections there, until its name is typed again."""
    _change_sandbox(person, sandbox, "Closed for use here.", is_confirmed=False)


def set_needs_approval(person: User, sandbox: Sandbox, needed: bool) -> None:
    words = "A second person has to approve." if needed else "No approval is needed any more."
    _change_sandbox(person, sandbox, words, needs_approval=needed)


@transaction.atomic
def _change_sandbox(person: User, sandbox: Sandbox, words: str, **values: bool) -> None:
    if Sandbox.objects.filter(pk=sandbox.pk).exclude(**values).update(**values):
        _record(Kind.SANDBOX_CHANGED, person, sandbox.organization, words, sandbox.name, fields=sorted(values))


def _record(
    kind: Kind, person: User, organization: Organization, words: str = "", sandbox_name: str = "", **details: list[str]
) -> None:
    Event.objects.create(
        kind=kind,
        actor=person,
        organization=organization,
        sandbox_name=sandbox_name,
        message=words,
        details=details,
    )
