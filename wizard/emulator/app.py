"""The whole API as one function of a request: which path leads where, and who is let through."""

import logging
import traceback
from collections.abc import Callable, Iterable

from wizard.emulator import sandboxes
from wizard.emulator.connections import ROOT, Connections
from wizard.emulator.errors import Refusal, flow, problem
from wizard.emulator.gateway import Call, Circumstances, Gateway, check_content_type
from wizard.emulator.ims import Ims, Tenant
from wizard.emulator.messages import Request, Response
from wizard.emulator.specs import Spec, Specs
from wizard.emulator.store import Store

SANDBOX_ROOT = "/data/foundation/sandbox-management"
TOKEN_PATH = "/ims/token/v3"  # noqa: S105 - a path
logger = logging.getLogger(__name__)
Handler = Callable[[Call], Response]
ORDINARY = Circumstances()


class App:
    def __init__(self, tenants: Iterable[Tenant], specs: Iterable[Spec], store: Store) -> None:
        self.ims = Ims(tenants, store)
        self.specs = Specs(specs)
        self._gateway = Gateway(self.ims)
        connections = Connections(self.specs, store)
        # "*" stands for an id.
        self._routes: dict[tuple[str, ...], dict[str, Handler]] = {
            ("connections",): {"GET": connections.listing, "POST": connections.create},
            ("connections", "*"): {
                "GET": connections.read,
                "PATCH": connections.patch,
                "DELETE": connections.delete,
            },
            ("connections", "*", "test"): {"GET": connections.test},
            ("connections", "*", "explore"): {"GET": connections.explore},
            ("connections", "*", "action"): {"POST": connections.act},
            ("connectionSpecs",): {"GET": self.specs.listing},
            ("connectionSpecs", "*"): {"GET": self.specs.read},
        }

    def handle(self, request: Request, circumstances: Circumstances = ORDINARY) -> Response:
        """Answers every request, whatever is in it; never raises."""
        try:
            response = self._answer(request, circumstances)
        except Refusal as refusal:
            response = refusal.response(request.request_id)
        except RecursionError:
            response = problem(400, "The request is nested too deeply.").response(request.request_id)
        except Exception as error:
            # The words of an error may hold a secret; its type and its place do not.
            logger.error("%s at\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            response = flow("1102-500", "An internal error occurred.").response(request.request_id)
        return Response(response.status, response.body, {"x-request-id": request.request_id, **response.headers})

    def _answer(self, request: Request, circumstances: Circumstances) -> Response:
        if request.path == TOKEN_PATH:
            return self.ims.issue(request)
        if request.below(SANDBOX_ROOT) == ():
            return self._sandboxes(request)
        steps = request.below(ROOT)
        if steps is None:
            raise problem(404, "There is nothing at this path.")
        tenant = self._gateway.check(request)
        handler = self._handler(request.method, steps)
        caller = self._gateway.caller(tenant, request)
        check_content_type(request)
        return handler(Call(caller, request, "".join(steps[1:2]), circumstances))

    def _sandboxes(self, request: Request) -> Response:
        tenant = self._gateway.check(request)
        if request.method != "GET":
            raise problem(405, "This path takes GET.", {"Allow": "GET"})
        return sandboxes.listing(tenant, request)

    def _handler(self, method: str, steps: tuple[str, ...]) -> Handler:
        handlers = self._routes.get((*steps[:1], *("*" for _ in steps[1:2]), *steps[2:]))
        if not handlers:
            raise problem(404, "There is nothing at this path.")
        if method not in handlers:
            raise problem(405, f"This path takes {', '.join(handlers)}.", {"Allow": ", ".join(handlers)})
        return handlers[method]
