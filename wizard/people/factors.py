"""Second factors: what of them is a secret is sealed, for the person whose it is.

allauth keeps the secret of an authenticator app and the seed of the recovery codes as texts inside a JSON column, so
no SealedField can hold them.
"""

import base64
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from wizard.people import recording
from wizard.people.models import User
from wizard.vault import registry
from wizard.vault.keyring import CannotOpen
from wizard.vault.sealing import seal, unseal
from wizard.vault.tables import SealedTexts

SECRET_KEYS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

_owner: ContextVar[User | None] = ContextVar("owner", default=None)
_log = logging.getLogger(__name__)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not the right one, or no longer. Type the one that is shown now.",
    }

    @sensitive_variables()
    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, *_place(_whose().pk))).decode()

    @sensitive_variables()
    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed for the same person. What does not open matches nothing that anybody could type."""
        try:
            return str(unseal(base64.b64decode(encrypted_text), *_place(_whose().pk)).open())
        except (CannotOpen, ValueError):
            _log.warning("A second factor of person %s cannot be opened with these keys.", _whose().pk)
            return generate_totp_secret()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Connection Wizard"}


@contextmanager
def belonging_to(user: User) -> Iterator[None]:
    """Inside, what is sealed and opened is this person's, who is still on the way in."""
    before = _owner.set(user)
    try:
        yield
    finally:
        _owner.reset(before)


def has_second_factor(user: User) -> bool:
    """Whether there is an authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=STRONG).exists()


@transaction.atomic
def forget(by: User, user: User) -> None:
    """An administrator removes every factor of somebody who has lost them, and who then sets up new ones.

    Who has not asked for it is told, by mail where there is any.
    """
    found = list(Authenticator.objects.filter(user=user))
    for authenticator in found:
        authenticator.delete()
        recording.factor_taken(by, user, authenticator)
    if found:
        tell = partial(get_adapter().send_notification_mail, "mfa/email/factors_forgotten", user, {"by": by})
        transaction.on_commit(tell)


def is_readable(authenticator: Authenticator) -> bool:
    """Whether its secret opens with the keys of this installation."""
    key = SECRET_KEYS.get(authenticator.type)
    try:
        if key:
            unseal(base64.b64decode(authenticator.data[key]), *_place(authenticator.user_id))
    except (CannotOpen, ValueError, KeyError):
        return False
    return True


def register() -> None:
    """The rotation of keys goes over these, too."""
    names = tuple(SECRET_KEYS.values())
    registry.add(SealedTexts(Authenticator, "data", names, lambda row, _name: _place(row.user_id)))


def _place(user_pk: int) -> tuple[str, str, str]:
    return ("mfa.authenticator", "data", str(user_pk))


def _whose() -> User:
    return _owner.get() or context.request.user
