"""What is still missing before a connection could be created: of a draft often something."""

from typing import Any

from django.views.decorators.debug import sensitive_variables

from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Keeps, Status
from wizard.credentials.auth_form import AuthForm, auth_form_class
from wizard.credentials.held import Held
from wizard.values.sendable import sendable_params
from wizard.values.typed import auth_spec_of, labels, typed_values
from wizard.vault.references import WORKER


@sensitive_variables()
def missing_fields(connection: BaseConnection) -> list[str]:
    """Labels of the fields that are empty or wrong; nothing for a row that was submitted.

    Raises CannotOpen, CannotCompose."""
    secrets = connection.unseal("auth_params").parts()
    if connection.status != Status.DRAFT:
        # A reference may lead nowhere by now.
        sendable_params(connection)
        return []
    auth_spec, typed = auth_spec_of(connection), typed_values(connection)
    form: AuthForm = auth_form_class(auth_spec)(typed, held=Held(secrets))
    form.refer(typed.get("references", {}), only=connection.keeps == Keeps.REFERENCES, where=WORKER)
    named: dict[str, Any] = labels(auth_spec)
    wrong = [named[form.add_prefix(name)] for name in form.errors if name in form.fields]
    wrong += [str(message) for message in form.non_field_errors()]
    return wrong if connection.name else ["Name", *wrong]
