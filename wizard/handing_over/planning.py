"""The requests of a connection, from what is typed and from what was chosen."""

from wizard.dataflows.bodies import takes_delta_column
from wizard.dataflows.schedules import ONCE
from wizard.handing_over.next_form import NextStepsForm
from wizard.handing_over.placeholders import Placeholder
from wizard.handing_over.requests import Handover, Plan, handover
from wizard.values.shown import target


def handover_of(form: NextStepsForm) -> Handover:
    """All of them; what is not typed, or wrong, is a placeholder."""
    found = form.chosen
    connection = found.connection
    plan = Plan(
        base_connection_id=connection.base_connection_id or Placeholder("BASE_CONNECTION_ID"),
        connection_spec={"id": connection.connection_spec_id, "version": connection.connection_spec_version},
        object_type=found.object_type,
        path=found.path,
        columns=found.columns,
        options=found.options,
        name=form.known("name") or found.name,
        description=form.known("description") or "",
        dataset_id=form.known("dataset_id") or Placeholder("DATASET_ID"),
        schema_id=form.known("schema_id") or Placeholder("SCHEMA_ID"),
        prefix=form.known("schema_prefix") or "",
        schedule=form.schedule,
        delta_column=_delta_column(form),
    )
    return handover(target(connection.organization, connection.sandbox_name), plan)


def _delta_column(form: NextStepsForm) -> str:
    if form.schedule.frequency == ONCE or not takes_delta_column(form.chosen.object_type):
        return ""
    return form.known("delta_column") or Placeholder("DELTA_COLUMN")
