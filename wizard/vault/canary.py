"""Proves at every start that CREDENTIAL_KEYS opens what this database holds."""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from wizard.upgrading.fitting import demand_prepared
from wizard.vault import macs
from wizard.vault.keyring import CannotOpen
from wizard.vault.models import KeyCanary, MacKey

TEXT = "sealed with the keys of this database"

_log = logging.getLogger(__name__)
# This process started while the database was away.
_is_owed = False


def ensure(*, is_new: bool) -> None:
    """Makes the canary in a new database, and verifies it in any other. Raises ImproperlyConfigured."""
    if is_new:
        fresh = KeyCanary()
        fresh.seal("sealed", TEXT)
        KeyCanary.objects.get_or_create(pk=1, defaults={"sealed": fresh.sealed})
    verify()
    macs.ensure()


def verify() -> None:
    """Raises ImproperlyConfigured unless the canary is there, and opens, as does the key of our hashes."""
    canary = KeyCanary.objects.filter(pk=1).first()
    if canary is None:
        raise ImproperlyConfigured(
            "The database is not prepared, or its key canary is gone. Run: python manage.py prepare. If that says the "
            "same, restore the table vault_keycanary from a backup: it proves that CREDENTIAL_KEYS fits the data."
        )
    try:
        canary.unseal("sealed")
        for key in MacKey.objects.all():
            key.unseal("sealed")
    except CannotOpen as error:
        raise ImproperlyConfigured(
            f"Settings: CREDENTIAL_KEYS does not open this database ({error}). "
            "Give the keys that it was sealed with; no new key was made."
        ) from None


def verify_at_start() -> None:
    """Raises ImproperlyConfigured unless this version and these keys fit the database; DatabaseError."""
    demand_prepared()
    verify()


def verify_or_owe() -> None:
    """At the start of a web server: while the database is away, pages say so, and the proof comes before the first one.

    Raises ImproperlyConfigured.
    """
    global _is_owed
    try:
        verify_at_start()
    except DatabaseError as error:
        _log.warning("The database does not answer: %s", str(error).strip().partition("\n")[0])
        _is_owed = True


def verify_owed() -> None:
    """Before each request; nothing once it was proved. Raises ImproperlyConfigured, or DatabaseError."""
    global _is_owed
    if _is_owed:
        verify_at_start()
        _is_owed = False
