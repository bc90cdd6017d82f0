"""Lets the record hear what happens at sign-in, and the vault know of the secrets of second factors."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "wizard.people"

    def ready(self) -> None:
        # Both need the models, which are there only now.
        for name in ("recording", "factors"):
            import_module(f"wizard.people.{name}")
