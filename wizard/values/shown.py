"""What is shown of a connection beside its row: the request that made it, and what an error means."""

from typing import Any

from django.conf import settings

from wizard.catalog.datatypes import AuthSpec
from wizard.connection_strings.pattern import ConnectionStringError
from wizard.connections.models import BaseConnection
from wizard.connections.records import KeptError
from wizard.connections.statuses import Keeps, Status
from wizard.credentials.auth_form import auth_form_class
from wizard.credentials.params import asked, placeholder, shown_params
from wizard.flow_service.explanations import Explanation, explain
from wizard.flow_service.named_fields import named_field
from wizard.organizations.models import Organization
from wizard.values.request import Preview, Target, preview
from wizard.values.typed import PREFIX, auth_spec_of, by_field, further_keys, labels, typed_values


def explanation(found: KeptError | None) -> Explanation | None:
    """What happened, who can mend it and how; None where there is no error to explain."""
    if found is None or not found.error_kind:
        return None
    error, message = found.error_kind, found.error_message
    return explain(code=found.error_code, status=found.error_status, error=error, message=message)


def kept_words(connection: BaseConnection) -> str:
    """What is kept of its credentials, where that is not a sealed copy as usual, and where it is not deleted."""
    if connection.status == Status.DELETED or connection.keeps == Keeps.SEALED:
        return ""
    if connection.keeps == Keeps.REFERENCES:
        names = sorted(set((typed_values(connection).get("references") or {}).values()))
        return f"Its secrets are references: {', '.join(names) or 'none'}. Their values are not kept here."
    if connection.auth_params is None:
        return "No copy of the credentials is kept here."
    until = "for another try" if connection.status == Status.FAILED else "for now"
    return f"The credentials are kept here, encrypted, {until}: they are erased once Adobe has accepted them."


def field_in_error(connection: BaseConnection, auth_spec: AuthSpec | None) -> str:
    """The form field that Adobe's refusal is about, where its words name one; else ""."""
    found = explanation(connection)
    if found is None or found.field != "named":
        return ""
    fields = list(asked(auth_spec))
    paths = {".".join(field.path): field.name for field in reversed(fields)}
    named = named_field(connection.error_message, [*paths, *(field.param.name for field in fields)])
    by_name = {field.param.name: field.name for field in reversed(fields)}
    return paths.get(named) or by_name.get(named, "")


def about(connection: BaseConnection) -> str:
    """What its error is about, as a person calls it: a field of its form, or a part of the request."""
    found = explanation(connection)
    if found is None or found.field != "named":
        return found.field if found else ""
    auth_spec = auth_spec_of(connection)
    return labels(auth_spec).get(PREFIX + field_in_error(connection, auth_spec), "")


def target(organization: Organization | None = None, sandbox_name: str = "") -> Target:
    """What a preview says about where its request goes; placeholders where that is not chosen yet."""
    if organization is None:
        return Target(settings.FLOW_SERVICE_URL)
    return Target(settings.FLOW_SERVICE_URL, organization.ims_org_id, organization.client_id, sandbox_name)


def request_of(connection: BaseConnection) -> Preview | None:
    """The request that made (or was to make) the connection, as its row has it; None if its fields are not known."""
    auth_spec = auth_spec_of(connection)
    if auth_spec is None and connection.auth_spec_name:
        return None
    try:
        params = _shown_params(connection, auth_spec)
    except ConnectionStringError:
        # The pattern has changed since.
        return None
    return preview(
        target(connection.organization, connection.sandbox_name),
        {"id": connection.connection_spec_id, "version": connection.connection_spec_version},
        connection.auth_spec_name,
        params,
        name=connection.name,
        description=connection.description,
        extras=connection.body_extras,
        pasted_param=auth_spec.pasted_param.name if auth_spec and auth_spec.pasted_param else "",
    )


def _shown_params(connection: BaseConnection, auth_spec: AuthSpec | None) -> dict[str, Any]:
    if auth_spec is None:
        return {}
    values = typed_values(connection)
    hidden = [(key, placeholder(key)) for key in values.get("pasted_secrets", ())]
    wire_values = auth_form_class(auth_spec)(initial=by_field(values)).wire_values()
    return shown_params(auth_spec, wire_values, values.get("given", ()), (*further_keys(values), *hidden))
