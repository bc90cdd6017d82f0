"""Registers the room's system checks."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate

from wizard.connections import search_index
from wizard.connections.checks import catalog_files


class ConnectionsConfig(AppConfig):
    name = "wizard.connections"

    def ready(self) -> None:
        register(catalog_files)
        # Django's own signal, and the only place that knows that the tables are as they should be.
        post_migrate.connect(after_migrations, sender=self)


def after_migrations(*, using: str, **_more: Any) -> None:
    if using == DEFAULT_DB_ALIAS:
        search_index.ensure()
