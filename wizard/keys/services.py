"""What the pages ask of the vault, and the record of a sheet that was shown."""

from django.views.decorators.debug import sensitive_variables

from wizard.keys.sheet import Sheet, sheet
from wizard.people.models import User
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.vault.overview import Overview, overview

__all__ = ["WrongPassword", "overview_of_keys", "recovery_sheet"]


class WrongPassword(Exception):
    """It is not the person's own."""


def overview_of_keys() -> Overview:
    return overview()


@sensitive_variables()
def recovery_sheet(person: User, password: str, installation: str) -> Sheet:
    """The sheet, for somebody who proves once more who they are; it is recorded. Raises WrongPassword."""
    if not person.check_password(password):
        raise WrongPassword
    record_sheet(person, "On the page, without key texts.")
    return sheet(installation)


def record_sheet(person: User | None, message: str) -> None:
    Event.objects.create(kind=Kind.RECOVERY_SHEET, actor=person, message=message)
