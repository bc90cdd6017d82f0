"""A person, known by an e-mail address, and the link that lets the first one in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, *, is_admin: bool = False) -> User:
        """A saved person; without a password nobody can sign in as them."""
        user = self.model(email=email, is_admin=is_admin)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None) -> User:
        """What `manage.py createsuperuser` calls: an administrator."""
        return self.create_user(email, password, is_admin=True)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    email = models.EmailField("e-mail", unique=True, error_messages={"unique": "This e-mail address is taken."})
    is_admin = models.BooleanField("administrator", default=False)
    # A closed account stays for what it has done, and lets nobody in.
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ("email",)
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_email"),)

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Sign-in looks for the address in lower case.
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class SignInLink(models.Model):
    """Printed at the first start. Only its digest is kept: the database alone lets nobody in."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"first sign-in until {self.expires_at:%Y-%m-%d %H:%M} UTC"
