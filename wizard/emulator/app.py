"""The whole API as one function of a request: who is let through, and what becomes of what goes wrong."""

import logging
import traceback
from collections.abc import Iterable
from threading import Lock

from wizard.emulator import sandboxes
from wizard.emulator.errors import Refusal, flow, problem
from wizard.emulator.gateway import Call, Circumstances, Gateway, check_content_type
from wizard.emulator.ims import Ims, Tenant
from wizard.emulator.live.looking import Live
from wizard.emulator.messages import Request, Response
from wizard.emulator.routes import Handler, Routes, routes
from wizard.emulator.specs import Spec, Specs
from wizard.emulator.store import Store

SANDBOX_ROOT = "/data/foundation/sandbox-management"
TOKEN_PATH = "/ims/token/v3"  # noqa: S105 - a path
logger = logging.getLogger(__name__)
ORDINARY = Circumstances()


class App:
    def __init__(
        self, tenants: Iterable[Tenant], specs: Iterable[Spec], store: Store, live: Live | None = None
    ) -> None:
        self.ims = Ims(tenants, store)
        self.specs = Specs(specs)
        self._gateway = Gateway(self.ims)
        # What one call looks up and then relies on, no other may change in between.
        self._changing = Lock()
        self._roots = routes(self.specs, store, live)

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
        for root, table in self._roots.items():
            steps = request.below(root)
            if steps is not None:
                return self._below(table, steps, request, circumstances)
        raise problem(404, "There is nothing at this path.")

    def _below(self, table: Routes, steps: tuple[str, ...], request: Request, circumstances: Circumstances) -> Response:
        tenant = self._gateway.check(request)
        handler = _handler(table, request.method, steps)
        caller = self._gateway.caller(tenant, request)
        check_content_type(request)
        call = Call(caller, request, "".join(steps[1:2]), circumstances)
        if request.method == "GET":
            return handler(call)
        with self._changing:
            return handler(call)

    def _sandboxes(self, request: Request) -> Response:
        tenant = self._gateway.check(request)
        if request.method != "GET":
            raise problem(405, "This path takes GET.", {"Allow": "GET"})
        return sandboxes.listing(tenant, request)


def _handler(table: Routes, method: str, steps: tuple[str, ...]) -> Handler:
    handlers = table.get((*steps[:1], *("*" for _ in steps[1:2]), *steps[2:]))
    if not handlers:
        raise problem(404, "There is nothing at this path.")
    if method not in handlers:
        raise problem(405, f"This path takes {', '.join(handlers)}.", {"Allow": ", ".join(handlers)})
    return handlers[method]
