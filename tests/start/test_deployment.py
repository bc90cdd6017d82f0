"""Settings as in production: Django's own check of them has nothing to say, and the headers of HTTPS are sent."""

import base64
import secrets
from pathlib import Path

import pytest

from tests.start.running import House

HEADERS = """
from django.test import Client
answer = Client().get("/sign-in/", secure=True, headers={"host": "wizard.example.com"})
print(answer.status_code, answer["Strict-Transport-Security"])
for cookie in answer.cookies.values():
    print(cookie.OutputString())
plain = Client().get("/sign-in/", headers={"host": "wizard.example.com"})
print(plain.status_code, plain["Location"])
forged = Client().get("/sign-in/", headers={"host": "wizard.example.com", "x-forwarded-host": "evil.example.com"})
print(forged.status_code, forged["Location"])
"""


@pytest.fixture
def production(tmp_path: Path) -> House:
    return House(
        tmp_path / "data",
        HOST="0.0.0.0",  # noqa: S104 - that is what makes it production
        ALLOWED_HOSTS="wizard.example.com",
        SECRET_KEY=secrets.token_urlsafe(60),
        CREDENTIAL_KEYS=base64.b64encode(secrets.token_bytes(32)).decode(),
    )


def test_djangos_check_of_a_deployment_finds_nothing(production: House) -> None:
    code, output = production.run("check", "--deploy", "--fail-level", "WARNING")

    assert code == 0, output
    assert "no issues" in output


def test_in_production_everything_goes_over_https(production: House) -> None:
    assert production.run("prepare") == (0, "")
    code, output = production.run("shell", "--no-imports", "-c", HEADERS)

    assert code == 0, output
    assert "200 max-age=31536000; includeSubDomains" in output
    (cookie,) = [line for line in output.splitlines() if line.startswith("__Host-wizard_csrf=")]
    for word in ("HttpOnly", "Path=/", "SameSite=Lax", "Secure"):
        assert word in cookie
    assert "Domain" not in cookie
    assert output.count("301 https://wizard.example.com/sign-in/") == 2
