"""What a start runs, and where it says that it listens."""

import json
from typing import Any

import pytest

from wizard.management.commands import start


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("localhost", "http://localhost:8123"),
        ("::1", "http://[::1]:8123"),
    ],
)
def test_it_names_its_own_address_on_this_machine(settings: Any, host: str, url: str) -> None:
    settings.HOST, settings.PORT = host, 8123
    assert start.base_url() == url


@pytest.mark.parametrize("allowed", [["wizard.example.com", "10.0.0.1"], [".wizard.example.com"]])
def test_it_names_the_public_address_behind_a_proxy(settings: Any, allowed: list[str]) -> None:
    settings.IS_LOCAL, settings.ALLOWED_HOSTS = False, allowed
    assert start.base_url() == "https://wizard.example.com"


def test_it_gives_the_web_server_an_address_for_a_name(settings: Any) -> None:
    settings.HOST = "localhost"
    argv, _ = start.commands()["web server"]
    assert argv[argv.index("--host") + 1] in ("127.0.0.1", "::1")


def test_it_hands_the_credentials_on_by_the_environment_alone(settings: Any) -> None:
    settings.IMS_CLIENT_SECRET = "not for everybody's eyes"
    argv, environment = start.commands()["local Flow Service"]
    assert environment["IMS_CLIENT_SECRET"] == "not for everybody's eyes"
    assert "not for everybody's eyes" not in " ".join(argv)


def test_it_starts_no_local_flow_service_where_another_is_named(settings: Any) -> None:
    settings.STARTS_LOCAL_FLOW_SERVICE = False
    assert list(start.commands()) == ["web server", "worker"]


def test_it_hands_further_practice_organizations_on_by_a_file_for_its_owner_alone(settings: Any) -> None:
    argv, _ = start.commands()["local Flow Service"]
    path = settings.PRACTICE_ORGANIZATIONS
    assert argv[argv.index("--organizations") + 1] == str(path)
    assert path.stat().st_mode & 0o077 == 0
    secret = json.loads(path.read_text())[0]["client_secret"]
    assert secret not in " ".join(argv)
