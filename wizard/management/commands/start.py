"""`manage.py start`: web server, worker and local Flow Service, until Ctrl-C or until one of them dies."""

import signal
import socket
import sys
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.urls import reverse

from wizard import orphans
from wizard.addresses import base_url
from wizard.management.processes import LAST, Processes, seconds_to_answer
from wizard.management.refusals import in_a_sentence
from wizard.people.services import issue_first_link

# By the signals that a person or a service manager stops us with.
STOPPED = (130, 143)
# Who listens at every address of this machine is called at this one.
LOOPBACK_OF = {str(IPv4Address(0)): "127.0.0.1", str(IPv6Address(0)): "::1"}


class Command(BaseCommand):
    help = "Prepares what is missing, then runs web server, worker and local Flow Service together."

    def add_arguments(self, parser: CommandParser) -> None:
        words = "the local Flow Service looks into the databases that connections describe, as with LIVE=true"
        parser.add_argument("--live", action="store_true", help=words)

    def handle(self, *_args: Any, **options: Any) -> None:
        is_live = options["live"] or settings.LIVE
        if is_live and not settings.STARTS_LOCAL_FLOW_SERVICE:
            raise CommandError("--live is for the local Flow Service, and FLOW_SERVICE_URL names another one.")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, leave)
        check_ports()
        call_command("prepare")
        with in_a_sentence():
            processes = Processes(commands(is_live=is_live), invitation(), answers)
        connections.close_all()
        orphans.forks_end_with_us()
        processes.loop()
        if processes.returncode not in STOPPED:
            raise CommandError(f"Stopped, because the {processes.first_to_end} ended unexpectedly.")


def leave(_signal: int, _frame: FrameType | None) -> None:
    """Stopped before anything was started; honcho takes over from here."""
    sys.exit(0)


def commands(*, is_live: bool = False) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Name -> (arguments of Python, additions to the environment). Every user can read arguments: no secret there."""
    found: dict[str, tuple[list[str], dict[str, str]]] = {
        "web server": (web_server(), {"LIVE": str(is_live).lower()}),
        "worker": (["manage.py", "work"], {}),
    }
    if settings.STARTS_LOCAL_FLOW_SERVICE:
        names = ("IMS_ORG_ID", "IMS_CLIENT_ID", "IMS_CLIENT_SECRET", "SANDBOX_NAME")
        found[LAST] = (
            local_flow_service(is_live=is_live),
            {name: getattr(settings, name) for name in names},
        )
    return found


def web_server() -> list[str]:
    """Arguments of Python for the web server; `serve` runs it by the same."""
    address = ["--host", ip_address(settings.HOST), "--port", str(settings.PORT)]
    strength = ["--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)]
    patience = ["--workers-kill-timeout", str(seconds_to_answer())]
    return [
        "-m",
        "wizard.web_server",
        "--interface",
        "wsgi",
        *address,
        *strength,
        "--respawn-failed-workers",
        *patience,
        "--log-level",
        "error",
        "--factory",
        "wizard.web_server:in_worker",
    ]


def local_flow_service(*, is_live: bool = False) -> list[str]:
    address = ["--host", "127.0.0.1", "--port", str(settings.LOCAL_FLOW_SERVICE_PORT)]
    files = ["--data-dir", str(settings.DATA_DIR), "--organizations", str(settings.PRACTICE_ORGANIZATIONS)]
    live = ["--live", "--live-hosts", ",".join(settings.LIVE_HOSTS)] if is_live else []
    return ["-m", "wizard.emulator", *address, *files, *live]


def check_ports() -> None:
    """Raises CommandError unless we can listen where we have to."""
    wanted = {"PORT": (settings.HOST, settings.PORT)}
    if settings.STARTS_LOCAL_FLOW_SERVICE:
        wanted["PORT, plus one for the local Flow Service"] = ("127.0.0.1", settings.LOCAL_FLOW_SERVICE_PORT)
    for name, (host, port) in wanted.items():
        check_port(name, host, port)


def check_port(name: str, host: str, port: int) -> None:
    """Raises CommandError unless we can listen there; `name` is the setting to change."""
    try:
        address = ip_address(host)
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        sentence = f"Cannot listen on {host}, port {port}: {error.strerror}. Free it, or set {name}."
        raise CommandError(sentence) from error


def ip_address(host: str) -> str:
    """The web server takes no names."""
    return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])


def invitation() -> str:
    """The one line that a start prints."""
    token = issue_first_link()
    if token:
        url = base_url() + reverse("first_sign_in", args=[token])
        return f"The Connection Wizard is ready. Open this link once, within 24 hours, to make your account: {url}"
    return f"The Connection Wizard is ready: {base_url()}{reverse('account_login')}"


def answers() -> bool:
    """Does the web server answer, on the address that it listens on?"""
    host = LOOPBACK_OF.get(settings.HOST, settings.HOST)
    web = HTTPConnection(host, settings.PORT, timeout=5)
    try:
        web.request("GET", "/health/live", headers={"Host": urlsplit(base_url()).netloc})
        return web.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        web.close()
