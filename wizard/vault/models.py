"""What the vault keeps itself: the canary, by which a start proves that it holds the keys, and a key for hashes."""

from django.db import models

from wizard.vault.fields import SealedField
from wizard.vault.sealed import Sealed


class KeyCanary(Sealed, models.Model):
    """A sealed known text."""

    sealed = SealedField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return "key canary"

    def place(self, field: str) -> tuple[str, ...]:
        return (self._meta.label_lower, field)


class MacKey(Sealed, models.Model):
    """A key for keyed hashes: the same whatever the ring is, so that what was hashed before is still found."""

    name = models.CharField(max_length=100, unique=True)
    sealed = SealedField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def place(self, field: str) -> tuple[str, ...]:
        return (self._meta.label_lower, field, self.name)
