"""Stops the start where CREDENTIAL_KEYS holds no usable key."""

from django.apps import AppConfig

from wizard.vault.sealing import key_ring


class VaultConfig(AppConfig):
    name = "wizard.vault"

    def ready(self) -> None:
        key_ring()
