"""Starts the local Flow Service: python -m wizard.emulator --port 8001 --data-dir var/

The credentials that it accepts come from IMS_ORG_ID, IMS_CLIENT_ID, IMS_CLIENT_SECRET and SANDBOX_NAME, and those of
further organizations from a file: a JSON list of {"ims_org_id", "client_id", "client_secret", "sandbox_name"}.

With --live it looks into the databases that connections describe, on this machine and on --live-hosts.
"""

import argparse
import json
import logging
import os
import signal
import sys
from ipaddress import ip_address
from pathlib import Path
from types import FrameType

from wizard.emulator.ims import Tenant
from wizard.emulator.live.probing import DEADLINE, Prober, missing_packages
from wizard.emulator.server import Server
from wizard.emulator.specs import documented

logger = logging.getLogger("wizard.emulator")
NOT_INSTALLED = (
    "With --live the local Flow Service needs packages that are not installed: {}. Install them with "
    "python -m pip install --require-hashes -r requirements/live.txt, or start by make run LIVE=1."
)
VARIABLES = ("IMS_ORG_ID", "IMS_CLIENT_ID", "IMS_CLIENT_SECRET", "SANDBOX_NAME")


def main() -> None:
    options = _options()
    if not _is_loopback(options.host):
        sys.exit(f"The local Flow Service is for this machine alone: --host {options.host} is no loopback address.")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    address, tenants = (options.host, options.port), _tenants(options.organizations)
    try:
        server = Server(address, options.data_dir, tenants, documented(), _prober(options))
    except (OSError, OverflowError) as error:
        sys.exit(f"The local Flow Service cannot start at {options.host}:{options.port}: {error}")
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    logger.info("listening on http://%s:%d for %d connection specs", options.host, server.port, len(server.app.specs))
    server.run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m wizard.emulator", description="A local Flow Service.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--data-dir", type=Path, required=True, help="where its state is kept")
    parser.add_argument("--organizations", type=Path, help="a file with further organizations and their credentials")
    parser.add_argument("--live", action="store_true", help="look into the databases that connections describe")
    parser.add_argument("--live-hosts", default="", help="which hosts beside this machine, separated by commas")
    parser.add_argument("--live-deadline", type=float, default=DEADLINE, help="seconds that one look may take")
    return parser.parse_args()


def _prober(options: argparse.Namespace) -> Prober | None:
    """None unless it shall look into real databases."""
    if not options.live:
        return None
    if missing := missing_packages():
        sys.exit(NOT_INSTALLED.format(", ".join(missing)))
    hosts = tuple(host.strip() for host in options.live_hosts.split(",") if host.strip())
    return Prober(hosts, options.live_deadline)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _tenants(path: Path | None) -> list[Tenant]:
    """The one of the environment, and those of the file; of two with one client the first."""
    found = [_tenant()]
    try:
        for entry in json.loads(path.read_text()) if path else []:
            found.append(Tenant(**entry))
    except (OSError, ValueError, TypeError) as error:
        # Its words may hold a secret.
        sys.exit(f"The local Flow Service cannot read {path}: {type(error).__name__}.")
    return list({tenant.client_id: tenant for tenant in reversed(found)}.values())


def _tenant() -> Tenant:
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if missing:
        sys.exit(f"The local Flow Service needs {', '.join(missing)} in its environment.")
    return Tenant(*(os.environ[name] for name in VARIABLES))


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
