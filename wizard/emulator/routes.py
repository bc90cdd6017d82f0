"""Which path leads where, below the Flow Service's base and Data Prep's; `*` stands for an id."""

from collections.abc import Callable

from wizard.emulator import connections, ends, flow_specs, flows, mapping_sets
from wizard.emulator.connections import Connections
from wizard.emulator.ends import Ends
from wizard.emulator.flows import Flows
from wizard.emulator.gateway import Call
from wizard.emulator.live.looking import Live
from wizard.emulator.mapping_sets import MappingSets
from wizard.emulator.messages import Response
from wizard.emulator.resources import ROOT, Resources
from wizard.emulator.source_rules import SourceRules
from wizard.emulator.specs import Specs
from wizard.emulator.store import Store
from wizard.emulator.target_rules import TargetRules

Handler = Callable[[Call], Response]
Routes = dict[tuple[str, ...], dict[str, Handler]]


def routes(specs: Specs, store: Store, live: Live | None = None) -> dict[str, Routes]:
    """The handlers, by root, path and method."""
    bases = Resources("connections", store, connections.FIELDS)
    sources = Resources("sourceConnections", store, ends.FIELDS)
    targets = Resources("targetConnections", store, ends.FIELDS)
    dataflows = Resources("flows", store, flows.FIELDS)
    mappings = MappingSets(store)
    base = Connections(bases, specs, sources, live)
    service: Routes = {
        **_of(base),
        ("connections", "*", "test"): {"GET": base.test},
        ("connections", "*", "explore"): {"GET": base.explore},
        **_of(Ends(sources, SourceRules(specs, bases), dataflows)),
        **_of(Ends(targets, TargetRules(specs), dataflows)),
        **_specs(specs, base),
        **_of(Flows(dataflows, sources, targets, mappings)),
        **_runs(Resources("runs", store, ("flowId",))),
    }
    return {ROOT: service, mapping_sets.ROOT: {("mappingSets",): {"POST": mappings.create}}}


def _of(owner: Connections | Ends | Flows) -> Routes:
    resources = owner.resources
    return {
        (resources.kind,): {"GET": resources.listing, "POST": owner.create},
        (resources.kind, "*"): {"GET": resources.read, "PATCH": owner.patch, "DELETE": owner.delete},
        (resources.kind, "*", "action"): {"POST": owner.act},
    }


def _specs(specs: Specs, base: Connections) -> Routes:
    return {
        ("connectionSpecs",): {"GET": specs.listing},
        ("connectionSpecs", "*"): {"GET": specs.read},
        ("connectionSpecs", "*", "explore"): {"GET": base.explore_spec},
        ("flowSpecs",): {"GET": flow_specs.listing},
        ("flowSpecs", "*"): {"GET": flow_specs.read},
    }


def _runs(resources: Resources) -> Routes:
    """No dataflow ever runs here."""
    return {(resources.kind,): {"GET": resources.listing}, (resources.kind, "*"): {"GET": resources.read}}
