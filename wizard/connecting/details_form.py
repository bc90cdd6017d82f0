"""The form for what every connection has, whatever its source."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from wizard.access.roles import Role
from wizard.access.rules import sandboxes_for
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import NO_NAME_OF_ITS_OWN, Keeps
from wizard.names import SeenField
from wizard.organizations.models import Sandbox
from wizard.people.models import User

KEEPS = {
    Keeps.SEALED: "A sealed copy: edits need only what changes",
    Keeps.NOTHING: "Nothing, once Adobe has accepted them: an edit asks for all of them again",
    Keeps.REFERENCES: "Only references: the operator keeps them, and they are read whenever they are sent",
}
TARGET_LABEL = "Organization and sandbox"
NOTHING_OPEN = "No sandbox is open for new connections. An admin can open one on the Organizations page."


class TargetField(forms.ModelChoiceField):
    def label_from_instance(self, sandbox: Sandbox) -> str:
        title = f" ({sandbox.title})" if sandbox.title and sandbox.title.lower() != sandbox.name else ""
        mark = " – production" if sandbox.is_production else ""
        return f"{sandbox.organization.name} / {sandbox.name}{title}{mark}"


class KeepsField(forms.ChoiceField):
    """Where nothing is chosen, a sealed copy is."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value or Keeps.SEALED))


class DetailsForm(forms.Form):
    """Name, description, and the sandbox that it is made in: one in which the person may connect."""

    name = SeenField(
        max_length=255,
        help_text="How you will find it again, here and in Adobe's pages.",
    )
    description = SeenField(max_length=1000, required=False)
    keeps = KeepsField(label="Keep the credentials", widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, person: User, submission_id: UUID, again: BaseConnection | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.submission_id = submission_id
        self.again = again
        reachable = sandboxes_for(person, Role.CONNECTOR).open_for_use()
        target = TargetField(reachable.select_related("organization"), label=TARGET_LABEL, empty_label=None)
        self.fields["target"] = target
        # No more of them than tell whether there is any choice at all.
        self.organizations = reachable.order_by().values_list("organization", flat=True).distinct()[:2]
        if not self.organizations:
            target.help_text = NOTHING_OPEN
        if not self.is_bound and "target" not in self.initial:
            target.initial = reachable.first()
        self._offer_keeps()

    def _offer_keeps(self) -> None:
        """References only where some are declared; a copy is what is kept where nobody chooses."""
        offered = [(keeps, label) for keeps, label in KEEPS.items() if keeps != Keeps.REFERENCES or self.has_references]
        self.fields["keeps"].choices = offered  # type: ignore[attr-defined]
        if self.initial.get("keeps") not in dict(offered):
            self.initial["keeps"] = Keeps.SEALED

    @property
    def has_references(self) -> bool:
        return bool(settings.SECRET_REFERENCES)

    @property
    def chosen_keeps(self) -> str:
        """What stands there now, whether the rest is valid or not."""
        chosen = self["keeps"].value()
        return chosen if chosen in dict(self.fields["keeps"].choices) else Keeps.SEALED  # type: ignore[attr-defined]

    def switch_with_organization(self, secret_names: Sequence[str]) -> None:
        """Another organization's catalog may ask for other credentials: choosing its sandbox shows those."""
        if len(self.organizations) > 1:
            self.fields["target"].widget.attrs |= {
                "hx-post": "",
                "hx-trigger": "change",
                "hx-vals": '{"intent": "switch"}',
                "hx-params": f"not {','.join(secret_names)}",
                "hx-target": "#credentials",
                "hx-swap": "outerHTML",
                "hx-sync": "closest form:replace",
            }

    def chosen_sandbox(self) -> Sandbox | None:
        """What stands in `target` now, whether the rest is valid or not."""
        try:
            return self.fields["target"].clean(self["target"].value())
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "name" in cleaned and "target" in cleaned and self._name_is_taken(cleaned["name"], cleaned["target"]):
            self.add_error("name", name_taken(cleaned["name"], cleaned["target"].name))
        return cleaned

    def _name_is_taken(self, name: str, target: Sandbox) -> bool:
        others = BaseConnection.objects.filter(organization=target.organization_id, sandbox_name=target.name, name=name)
        # What this very form made before is no other connection.
        others = others.exclude(status__in=NO_NAME_OF_ITS_OWN).exclude(submissions=self.submission_id)
        return (others.exclude(pk=self.again.pk) if self.again else others).exists()


def name_taken(name: str, sandbox_name: str) -> str:
    return f"A connection named “{name}” exists in the sandbox {sandbox_name} already. Choose another name."
