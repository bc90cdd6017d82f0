"""What the buttons of the page ask for: the form's values, handed to the services that make them."""

import uuid

from django.db import transaction

from wizard.connections.statuses import NotNow
from wizard.dataflows import services
from wizard.dataflows.models import Resource, ResourceStatus
from wizard.dataflows.planning import planned_source
from wizard.handing_over.choosing import Chosen
from wizard.handing_over.next_form import NextStepsForm
from wizard.people.models import User

MOST_LOOKED_AT = 100
NOTHING_CHOSEN = "Choose columns first: open “Explore”."


def make(person: User, form: NextStepsForm, submission_id: uuid.UUID) -> Resource:
    """Of a valid form: what its button is called after. Raises NotNow where that cannot be done, with the reason."""
    makers = {"source": _source_connection, "target": _target_connection, "dataflow": _dataflow}
    return makers[form.intent](person, form, submission_id)


def source_for(found: Chosen) -> Resource | None:
    """The newest source connection of exactly what was chosen, if there is one that did not fail."""
    if found.selection is None:
        return None
    wanted = planned_source(found.connection, "", "", found.selection)
    alike = Resource.objects.with_needs().filter(connection=found.connection, kind=wanted.kind)
    alive = alike.filter(selected__path=found.path).exclude(status=ResourceStatus.FAILED)
    return next((row for row in alive[:MOST_LOOKED_AT] if row.reads_as(wanted)), None)


def _source_connection(person: User, form: NextStepsForm, submission_id: uuid.UUID) -> Resource:
    selection = form.chosen.selection
    if selection is None:
        raise NotNow(NOTHING_CHOSEN)
    return services.start_source_connection(
        person,
        form.chosen.connection,
        name=form.cleaned_data["name"],
        description=form.cleaned_data["description"],
        selection=selection,
        submission_id=submission_id,
    )


def _target_connection(person: User, form: NextStepsForm, submission_id: uuid.UUID) -> Resource:
    names = ("name", "description", "dataset_id", "schema_id")
    values = {name: form.cleaned_data[name] for name in names}
    return services.start_target_connection(person, form.chosen.connection, submission_id=submission_id, **values)


@transaction.atomic
def _dataflow(person: User, form: NextStepsForm, submission_id: uuid.UUID) -> Resource:
    """From the source connection of what was chosen, asked for as well where there is none: both or neither."""
    own = uuid.uuid5(submission_id, "source")
    source = source_for(form.chosen) or _source_connection(person, form, own)
    names = ("name", "description", "dataset_id", "schema_id", "schema_prefix")
    values = {name: form.cleaned_data[name] for name in names}
    return services.start_dataflow(
        person,
        form.chosen.connection,
        source=source,
        schedule=form.schedule,
        delta_column=form.cleaned_data.get("delta_column") or "",
        submission_id=submission_id,
        **values,
    )
