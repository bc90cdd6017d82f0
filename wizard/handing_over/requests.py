"""The requests from a base connection to its dataflow, in their order, as data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizard.dataflows.bodies import (
    FLOW_SPECS,
    flow_body,
    leads_to_target,
    mapping_set_body,
    source_connection_body,
    target_connection_body,
)
from wizard.dataflows.schedules import Schedule
from wizard.handing_over.placeholders import Placeholder
from wizard.values.request import Target

FLOW_SERVICE, DATA_PREP = "FLOW_SERVICE_URL", "DATA_PREP_URL"
SOURCE_CONNECTION_ID = Placeholder("SOURCE_CONNECTION_ID")
TARGET_CONNECTION_ID = Placeholder("TARGET_CONNECTION_ID")
MAPPING_ID, MAPPING_VERSION = Placeholder("MAPPING_ID"), Placeholder("MAPPING_VERSION")
FLOW_SPEC_ID, FLOW_SPEC_VERSION = Placeholder("FLOW_SPEC_ID"), Placeholder("FLOW_SPEC_VERSION")
FLOW_ID = Placeholder("FLOW_ID")


@dataclass(frozen=True)
class Taken:
    """Which part of an answer takes the place of a placeholder in the requests that follow."""

    placeholder: Placeholder
    path: tuple[str | int, ...] = ("id",)

    @property
    def words(self) -> str:
        """As people write it: items[0].id."""
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return "".join(parts).removeprefix(".")


@dataclass(frozen=True)
class Step:
    """One request. `service` names its base URL; `path` has its placeholders as parts. All words are ours."""

    key: str
    name: str
    explanation: str
    method: str
    path: tuple[str, ...]
    body: Mapping[str, Any] | None = None
    takes: tuple[Taken, ...] = ()
    service: str = FLOW_SERVICE

    @property
    def placeholders(self) -> Iterator[Placeholder]:
        """Those that stand in it, some perhaps more than once."""
        yield from _placeholders([*self.path, self.body])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the requests are made of; Placeholders stand for what is not known yet."""

    base_connection_id: str
    connection_spec: Mapping[str, str]
    # As explore's objectType; "" where nobody has documented how its data are asked for.
    object_type: str
    path: str
    columns: Sequence[Mapping[str, Any]]
    options: Mapping[str, Any]
    name: str
    description: str
    dataset_id: str
    schema_id: str
    prefix: str
    schedule: Schedule
    delta_column: str


@dataclass(frozen=True)
class Handover:
    """All requests, and where they go."""

    target: Target
    steps: tuple[Step, ...]

    @property
    def urls(self) -> dict[str, str]:
        """The base URL of each service."""
        return {FLOW_SERVICE: self.target.url, DATA_PREP: f"{self.target.url.rpartition('/')[0]}/conversion"}

    @property
    def missing(self) -> list[Placeholder]:
        """What a person has to fill in: no answer says it."""
        taken = {taken.placeholder for step in self.steps for taken in step.takes}
        return [found for found in dict.fromkeys(_all(self.steps)) if found not in taken]


def handover(target: Target, plan: Plan) -> Handover:
    """The requests of a plan: of one that begins at a dataset, those that end there."""
    if leads_to_target(plan.connection_spec["id"]):
        return Handover(target, (_target_connection(plan),))
    return Handover(
        target,
        (
            _source_connection(plan),
            _target_connection(plan),
            _mapping_set(plan),
            _flow_spec(plan),
            _flow(plan),
            _runs(),
        ),
    )


def _source_connection(plan: Plan) -> Step:
    body = source_connection_body(
        name=plan.name,
        description=plan.description,
        base_connection_id=plan.base_connection_id,
        connection_spec=plan.connection_spec,
        object_type=plan.object_type or "rest",
        path=plan.path,
        columns=plan.columns,
        options=plan.options,
    )
    explanation = "Says which data of the source are read."
    if plan.object_type not in ("table", "file"):
        explanation += " What belongs into its params, Adobe’s page about this source says."
    taken = (Taken(SOURCE_CONNECTION_ID),)
    return Step(
        "source-connection", "Create the source connection", explanation, "POST", ("/sourceConnections",), body, taken
    )


def _target_connection(plan: Plan) -> Step:
    body = target_connection_body(
        name=plan.name, description=plan.description, dataset_id=plan.dataset_id, schema_id=plan.schema_id
    )
    explanation = "Says into which dataset the data go. Dataset and schema have to exist."
    taken = (Taken(TARGET_CONNECTION_ID),)
    return Step(
        "target-connection", "Create the target connection", explanation, "POST", ("/targetConnections",), body, taken
    )


def _mapping_set(plan: Plan) -> Step:
    names = [str(column["name"]) for column in plan.columns]
    body = mapping_set_body(schema_id=plan.schema_id, columns=names or ["x"], prefix=plan.prefix)
    if not names:
        unknown = {"destinationXdmPath": Placeholder("XDM_PATH"), "sourceAttribute": Placeholder("COLUMN_NAME")}
        body["mappings"] = [body["mappings"][0] | unknown]
    explanation = "Says which column becomes which field of the schema. It is made by Data Prep, at another address."
    taken = (Taken(MAPPING_ID), Taken(MAPPING_VERSION, ("version",)))
    return Step(
        "mapping-set", "Create the mapping set", explanation, "POST", ("/mappingSets",), body, taken, service=DATA_PREP
    )


def _flow_spec(plan: Plan) -> Step:
    name = FLOW_SPECS.get(plan.object_type) or Placeholder("FLOW_SPEC_NAME")
    explanation = "Looks up, by its name, the kind of dataflow that such a source takes."
    taken = (Taken(FLOW_SPEC_ID, ("items", 0, "id")), Taken(FLOW_SPEC_VERSION, ("items", 0, "version")))
    path = ("/flowSpecs?property=name==%22", name, "%22")
    return Step("flow-spec", "Look up the flow spec", explanation, "GET", path, takes=taken)


def _flow(plan: Plan) -> Step:
    body = flow_body(
        name=plan.name,
        description=plan.description,
        flow_spec={"id": FLOW_SPEC_ID, "version": FLOW_SPEC_VERSION},
        source_connection_id=SOURCE_CONNECTION_ID,
        target_connection_id=TARGET_CONNECTION_ID,
        mapping_id=MAPPING_ID,
        mapping_version=MAPPING_VERSION,
        schedule=plan.schedule,
        delta_column=plan.delta_column,
    )
    explanation = "Ties both ends and the mapping together, and says when it runs. The start must still lie ahead."
    return Step("flow", "Create the dataflow", explanation, "POST", ("/flows",), body, (Taken(FLOW_ID),))


def _runs() -> Step:
    explanation = "Lists what it has done so far: nothing before its start."
    return Step("runs", "Look at its runs", explanation, "GET", ("/runs?property=flowId==", FLOW_ID))


def _all(steps: Sequence[Step]) -> Iterator[Placeholder]:
    for step in steps:
        yield from step.placeholders


def _placeholders(value: Any) -> Iterator[Placeholder]:
    if isinstance(value, Placeholder):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _placeholders(part)
