"""Lets the record hear what happens at sign-in, and the rotation of keys know of the factors."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "wizard.people"

    def ready(self) -> None:
        # Both need the models, which are there only now.
        import_module("wizard.people.recording")
        import_module("wizard.people.factors").register()
