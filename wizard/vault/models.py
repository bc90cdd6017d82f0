"""The canary: a sealed known text, by which a start proves that it holds the keys of this database."""

from django.db import models

from wizard.vault.fields import SealedField


class KeyCanary(models.Model):
    sealed = SealedField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return "key canary"
