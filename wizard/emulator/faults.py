"""What can be made to go wrong on purpose, and for which calls.

Each fault is a JSON object: {"kind": ..., "match": {"method"?: "POST", "path"?: "/connections/*"}, "times"?: 1 | null}
with the fields of its kind. Paths of the Flow Service are matched below its base, others whole; `*` stands for
anything. Without `times`, or with null, the fault stays until it is deleted. A call meets every fault of the first
three kinds that matches it, waits as long as they say, and then meets the first other fault that matches.

    latency      {seconds}                  the answer comes that much later
    initializing {seconds}                  what POST /connections creates is `initializing` for that long: it has no
                                            etag, its test is false, PATCH, DELETE and action answer 1417-400
    in_use       {}                         DELETE /connections/{id} answers 1418-400, as if something were built on it
    status       {status, code?, message?}  that error, in the documented shape that goes with the code; nothing is done
    throttle     {retry_after}              429 with Retry-After, in seconds; nothing is done
    refuse       {seconds}                  at once, whatever `match` says: nobody listens for that long
    lose_before  {}                         the connection closes without a reply, nothing is done
    lose_after   {}                         the call is carried out, then the connection closes without a reply
    garbage      {}                         the call is carried out, its answer is no JSON
    drip         {interval}                 the call is carried out, its answer comes byte by byte, seconds apart
    huge         {bytes}                    the call is carried out, its answer has a body of at least that length
    test_fails   {}                         a connection's test answers {"result": false}

`initializing` and `in_use` meet the one call that they are about, whatever else `match` would let through.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from wizard.emulator.errors import documented, gateway, problem
from wizard.emulator.gateway import Circumstances
from wizard.emulator.messages import Request, Response
from wizard.emulator.resources import ROOT

LONG = 600
# The numbers that each kind needs: type, least and largest value.
FIELDS: dict[str, dict[str, tuple[type, float, float]]] = {
    "latency": {"seconds": (float, 0, LONG)},
    "initializing": {"seconds": (float, 0, LONG)},
    "in_use": {},
    "status": {"status": (int, 400, 599)},
    "throttle": {"retry_after": (int, 0, LONG)},
    "refuse": {"seconds": (float, 0, LONG)},
    "lose_before": {},
    "lose_after": {},
    "garbage": {},
    "drip": {"interval": (float, 0, LONG)},
    "huge": {"bytes": (int, 1, 64 * 1024 * 1024)},
    "test_fails": {},
}
LASTING = ("latency", "initializing")
JOINING = (*LASTING, "in_use")
# The calls that some kinds are about.
ABOUT = {"initializing": ("POST", "/connections"), "in_use": ("DELETE", "/connections/*")}
# The texts that it may have, and what they are without.
TEXTS = {"status": {"code": "", "message": "This error was asked for."}}


@dataclass
class Fault:
    """`times` is how often it still happens, None without end; `numbers` and `texts` are the fields of its kind."""

    kind: str
    method: str | None
    path: str | None
    times: int | None
    numbers: dict[str, Any]
    texts: dict[str, str]

    @classmethod
    def read(cls, value: object) -> "Fault":
        """Raises Refusal for anything that the table above does not have."""
        if not isinstance(value, dict) or value.get("kind") not in FIELDS:
            raise problem(400, f"A fault is an object whose kind is one of {', '.join(FIELDS)}.")
        kind, match, times = value["kind"], value.get("match", {}), value.get("times")
        numbers = {name: _number(value.get(name), name, *limits) for name, limits in FIELDS[kind].items()}
        texts = {name: str(value.get(name, default)) for name, default in TEXTS.get(kind, {}).items()}
        if unknown := set(value) - {"kind", "match", "times", *numbers, *texts}:
            raise problem(400, f"A fault of kind {kind} has no field '{min(unknown)[:100]}'.")
        if times is not None:
            times = _number(times, "times", int, 1, 1_000_000)
        return cls(kind, *_match(match), times, numbers, texts)

    @property
    def is_answer(self) -> bool:
        """True if the fault answers by itself, and the call is not carried out."""
        return self.kind in ("status", "throttle")

    def matches(self, request: Request) -> bool:
        path = request.path.removeprefix(ROOT) or "/"
        wanted = ((self.method, self.path), ABOUT.get(self.kind, (None, None)))
        return all(
            method in (None, request.method) and (pattern is None or fnmatchcase(path, pattern))
            for method, pattern in wanted
        )

    def as_json(self) -> dict[str, Any]:
        match = {name: value for name, value in (("method", self.method), ("path", self.path)) if value}
        return {"kind": self.kind, "match": match, "times": self.times} | self.numbers | self.texts

    def response(self, request_id: str) -> Response:
        """The answer of a status or a throttle."""
        if self.kind == "throttle":
            refusal = gateway(429, "429050", "Too many requests")
            refusal.headers = {"Retry-After": str(self.numbers["retry_after"])}
        else:
            refusal = documented(self.numbers["status"], self.texts["code"], self.texts["message"])
        response = refusal.response(request_id)
        return Response(response.status, response.body, {"x-request-id": request_id, **response.headers})


@dataclass(frozen=True)
class Met:
    """What one call meets: `delay` in seconds comes first, then at most one fault that does not join others."""

    delay: float
    circumstances: Circumstances
    fault: Fault | None


class Faults:
    """The faults that are set; each call takes what it has to suffer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []

    def set(self, faults: list[Fault]) -> None:
        with self._lock:
            self._faults = faults

    def as_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_json() for fault in self._faults]

    def take(self, request: Request) -> Met:
        with self._lock:
            met = [fault for fault in self._faults if fault.matches(request)]
            joining = [fault for fault in met if fault.kind in JOINING]
            others = [fault for fault in met if fault.kind not in JOINING][:1]
            for fault in joining + others:
                self._use(fault)
        seconds = {kind: sum(fault.numbers["seconds"] for fault in joining if fault.kind == kind) for kind in LASTING}
        is_in_use = any(fault.kind == "in_use" for fault in joining)
        return Met(seconds["latency"], Circumstances(seconds["initializing"], is_in_use), next(iter(others), None))

    def _use(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)


def _match(match: object) -> tuple[str | None, str | None]:
    if not isinstance(match, Mapping) or set(match) - {"method", "path"}:
        raise problem(400, "A match has a method, a path, or both.")
    if not all(isinstance(value, str) for value in match.values()):
        raise problem(400, "Method and path of a match are texts.")
    return match.get("method"), match.get("path")


def _number(value: object, name: str, kind: type, least: float, largest: float) -> Any:
    is_number = isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
    if not is_number or not least <= value <= largest:  # type: ignore[operator]
        raise problem(400, f"'{name}' must be a number between {least} and {largest}.")
    return value
