"""What tests and practice steer while the service runs. No part of Adobe's API: a client for Adobe never comes here.

GET, PUT, DELETE /_practice/faults     what goes wrong on purpose, a list as faults.py describes it
GET, DELETE      /_practice/requests   the last 1,000 requests, as journal.py notes them
PUT              /_practice/tokens     {"lifetime": seconds} of the tokens that are issued from now on
DELETE           /_practice/tokens     every token ends now, the lifetime is Adobe's again
PUT              /_practice/specs      {"specs": [...]} to serve too, whatever they are, by id
DELETE           /_practice/specs      those of the start are served, and no others
"""

from collections.abc import Callable

from wizard.emulator.app import App
from wizard.emulator.errors import Refusal, problem
from wizard.emulator.faults import Fault, Faults
from wizard.emulator.ims import LIFETIME
from wizard.emulator.journal import Journal
from wizard.emulator.messages import Request, Response, parse_json

PREFIX = "/_practice"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Practice:
    """`refuse` is called with the seconds for which nobody shall listen."""

    def __init__(self, app: App, faults: Faults, journal: Journal, refuse: Callable[[float], None]) -> None:
        self._app = app
        self._faults = faults
        self._journal = journal
        self._refuse = refuse
        self._routes: dict[tuple[str, ...], dict[str, Callable[[Request], object]]] = {
            ("faults",): {
                "GET": lambda _: faults.as_json(),
                "PUT": self._set_faults,
                "DELETE": lambda _: faults.set([]),
            },
            ("requests",): {
                "GET": lambda _: journal.entries(),
                "DELETE": lambda _: journal.clear(),
            },
            ("tokens",): {"PUT": self._set_lifetime, "DELETE": self._end_tokens},
            ("specs",): {"PUT": self._put_specs, "DELETE": lambda _: app.specs.reset()},
        }

    def handle(self, request: Request) -> Response:
        """Answers every request; 204 where there is nothing to say."""
        try:
            answer = self._route(request)(request)
        except Refusal as refusal:
            return refusal.response(request.request_id)
        return Response(204) if answer is None else Response(200, answer)

    def _route(self, request: Request) -> Callable[[Request], object]:
        # A page from elsewhere that made its own name point here must not read what was noted.
        if request.header("host").rsplit(":", 1)[0] not in LOOPBACK:
            raise problem(403, "This path answers to this machine alone.")
        handlers = self._routes.get(request.below(PREFIX) or ())
        if not handlers:
            raise problem(404, "There is nothing at this path.")
        if request.method not in handlers:
            raise problem(405, f"This path takes {', '.join(handlers)}.", {"Allow": ", ".join(handlers)})
        return handlers[request.method]

    def _set_faults(self, request: Request) -> object:
        value = _json(request)
        if not isinstance(value, list):
            raise problem(400, "The faults are a list.")
        faults = [Fault.read(entry) for entry in value]
        self._faults.set([fault for fault in faults if fault.kind != "refuse"])
        for fault in faults:
            if fault.kind == "refuse":
                self._refuse(fault.numbers["seconds"])
        return self._faults.as_json()

    def _set_lifetime(self, request: Request) -> None:
        value = _json(request)
        lifetime = value.get("lifetime") if isinstance(value, dict) else None
        if isinstance(lifetime, bool) or not isinstance(lifetime, (int, float)) or not 0 < lifetime <= LIFETIME:
            raise problem(400, f"The lifetime is a number of seconds, {LIFETIME} at most.")
        self._app.ims.lifetime = lifetime

    def _end_tokens(self, _: Request) -> None:
        self._app.ims.lifetime = LIFETIME
        self._app.ims.end_all()

    def _put_specs(self, request: Request) -> None:
        value = _json(request)
        specs = value.get("specs") if isinstance(value, dict) else None
        if not isinstance(specs, list):
            raise problem(400, "The specs are a list.")
        self._app.specs.put(specs)


def _json(request: Request) -> object:
    try:
        return parse_json(request.body)
    except ValueError:
        raise problem(400, "The request body is not valid JSON.") from None
