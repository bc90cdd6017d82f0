"""Lets the record hear what happens at sign-in."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "wizard.people"

    def ready(self) -> None:
        # Its receivers need the models, which are there only now.
        import_module("wizard.people.recording")
