"""Starts a local Flow Service for a test, in a thread of it or as a process of its own.

with running_emulator(tmp_path) as emulator:
    emulator.set_faults([{"kind": "throttle", "retry_after": 1, "times": 1}])
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from requests import Response

from tests.emulator.service import Service
from wizard.emulator.ims import Tenant
from wizard.emulator.live.probing import Prober
from wizard.emulator.server import Server
from wizard.emulator.specs import Spec, documented

TENANT = Tenant("0123456789ABCDEF@AdobeOrg", "test-client", "test-client-secret", "prod")
# An organization of its own, with the same names of sandboxes.
OTHER_TENANT = Tenant("FEDCBA9876543210@AdobeOrg", "other-client", "other-client-secret", "prod")
# Requests to the local Flow Service are bounded.
SPECS_AT_ONCE = 100
LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")


class Emulator(Service):
    """A local Flow Service that runs, and what its control paths can do."""

    @property
    def base_url(self) -> str:
        return self.ims_url

    def set_faults(self, faults: list[dict[str, Any]]) -> None:
        """Instead of those set before; wizard/emulator/faults.py describes them."""
        self._control("PUT", "faults", json=faults)

    def faults(self) -> list[dict[str, Any]]:
        """Those that are still to come."""
        return list(self._control("GET", "faults").json())

    def requests(self, method: str | None = None, path: str | None = None) -> list[dict[str, Any]]:
        """Those that arrived, oldest first; `path` is whole, or below the Flow Service's base."""
        entries = self._control("GET", "requests").json()
        paths = (path, f"/data/foundation/flowservice{path}")
        return [
            entry
            for entry in entries
            if (method is None or entry["method"] == method) and (path is None or entry["path"] in paths)
        ]

    def clear_requests(self) -> None:
        self._control("DELETE", "requests")

    def set_token_lifetime(self, seconds: float) -> None:
        self._control("PUT", "tokens", json={"lifetime": seconds})

    def end_tokens(self) -> None:
        self._control("DELETE", "tokens")

    def set_specs(self, specs: Iterable[Any]) -> None:
        """Served too, each instead of the one that has its id; what is no spec is listed all the same."""
        rest = list(specs)
        while rest:
            self._control("PUT", "specs", json={"specs": rest[:SPECS_AT_ONCE]})
            rest = rest[SPECS_AT_ONCE:]

    def reset_specs(self) -> None:
        self._control("DELETE", "specs")

    def names(self) -> list[str]:
        """The names of the connections that exist, oldest first."""
        return [item["name"] for item in self.call("GET", "/connections").json()["items"]]

    def read(self, connection_id: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/connections/{connection_id}").json()["items"][0])

    def patch(self, made: dict[str, Any], operations: object, etag: str | None = None) -> Response:
        headers = {"If-Match": etag or made["etag"]}
        return self.call("PATCH", f"/connections/{made['id']}", json=operations, headers=headers)

    def act(self, connection_id: str, op: str) -> Response:
        return self.call("POST", f"/connections/{connection_id}/action", params={"op": op})

    def _control(self, method: str, path: str, **options: Any) -> Response:
        response = self.session.request(method, f"{self.base_url}/_practice/{path}", timeout=10, **options)
        response.raise_for_status()
        return response


@contextmanager
def running_emulator(
    data_dir: Path, *, specs: Iterable[Spec] | None = None, port: int = 0, prober: Prober | None = None
) -> Iterator[Emulator]:
    """In a thread, on a free port unless one is given; serves the catalog's specs unless others are given.

    With a prober it looks into real databases.
    """
    served = documented() if specs is None else specs
    server = Server(("127.0.0.1", port), data_dir, (TENANT, OTHER_TENANT), served, prober)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    emulator = _at(server.port)
    try:
        yield emulator
    finally:
        emulator.close()
        server.stop()
        thread.join(timeout=10)


@contextmanager
def running_process(data_dir: Path, *arguments: str) -> Iterator[tuple[Emulator, subprocess.Popen[str]]]:
    """As `make run` starts it; ended at the end if it still runs."""
    variables = dict(
        zip(("IMS_ORG_ID", "IMS_CLIENT_ID", "IMS_CLIENT_SECRET", "SANDBOX_NAME"), _credentials(), strict=True)
    )
    command = [sys.executable, "-m", "wizard.emulator", "--port", "0", "--data-dir", str(data_dir), *arguments]
    with subprocess.Popen(command, env=os.environ | variables, stderr=subprocess.PIPE, text=True) as process:
        try:
            emulator = _at(_port(process))
            yield emulator, process
            emulator.close()
        finally:
            process.kill()


def as_other(emulator: Emulator) -> Emulator:
    """The same service, as the other organization calls it."""
    return _at(int(emulator.base_url.rpartition(":")[2]), OTHER_TENANT)


def _at(port: int, tenant: Tenant = TENANT) -> Emulator:
    base = f"http://127.0.0.1:{port}"
    foundation = f"{base}/data/foundation"
    return Emulator(f"{foundation}/flowservice", base, f"{foundation}/sandbox-management", *_credentials(tenant))


def _credentials(tenant: Tenant = TENANT) -> tuple[str, str, str, str]:
    return tenant.ims_org_id, tenant.client_id, tenant.client_secret, tenant.sandbox_name


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stderr
    for line in process.stderr:
        if found := LISTENING.search(line):
            return int(found[1])
    raise AssertionError("The local Flow Service did not start.")
