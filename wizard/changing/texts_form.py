"""The form for what every connection has, whatever its source: name and description."""

from typing import Any

from django import forms

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import NO_NAME_OF_ITS_OWN
from wizard.names import SeenField


class TextsForm(forms.Form):
    name = SeenField(max_length=255)
    description = SeenField(max_length=1000, required=False)

    def __init__(self, *args: Any, connection: BaseConnection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection = connection
        for name, field in self.fields.items():
            # Somebody at Adobe may have chosen it.
            field.kept = getattr(connection, name)  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        here = {"organization": self.connection.organization_id, "sandbox_name": self.connection.sandbox_name}
        others = BaseConnection.objects.filter(name=name, **here).exclude(pk=self.connection.pk)
        if others.exclude(status__in=NO_NAME_OF_ITS_OWN).exists():
            raise forms.ValidationError(f"A connection named “{name}” exists in this sandbox already.")
        return name
