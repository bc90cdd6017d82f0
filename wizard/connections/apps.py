"""Registers the room's system checks."""

from django.apps import AppConfig
from django.core.checks import register

from wizard.connections.checks import catalog_files


class ConnectionsConfig(AppConfig):
    name = "wizard.connections"

    def ready(self) -> None:
        register(catalog_files)
