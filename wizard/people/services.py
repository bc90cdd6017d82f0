"""The first run: a link that works once, for as long as nobody has an account."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils import timezone

from wizard.people.models import SignInLink, User

LINK_LIFETIME = timedelta(hours=24)


class LinkClosed(Exception):
    """The link is unknown, used or expired, or somebody has an account already."""


def issue_first_link() -> str | None:
    """A fresh token that replaces those nobody used; None when somebody has an account already."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if User.objects.exists():
            return None
        SignInLink.objects.filter(used_at=None).delete()
        SignInLink.objects.create(digest=digest(token), expires_at=timezone.now() + LINK_LIFETIME)
    return token


def is_open(token: str) -> bool:
    return _open_links(token).exists()


def is_known(token: str) -> bool:
    return SignInLink.objects.filter(digest=digest(token)).exists()


@transaction.atomic
def create_first_person(token: str, user: User) -> User:
    """Saves the unsaved user as an administrator and uses the link up; raises LinkClosed.

    The conditional UPDATE decides between two browsers that come at once.
    """
    if not _open_links(token).update(used_at=timezone.now()):
        raise LinkClosed
    user.is_admin = True
    user.save()
    return user


def _open_links(token: str) -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(
        ~Exists(User.objects.all()), digest=digest(token), used_at=None, expires_at__gt=timezone.now()
    )


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
