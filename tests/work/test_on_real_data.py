"""A test of a connection when a real database stands behind it: what its steps say of a wrong password, and when."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.live.servers import PASSWORD, Database, a_postgres
from tests.emulator.running import Emulator, running_emulator
from wizard.connections.models import BaseConnection
from wizard.emulator.live.probing import Prober
from wizard.people.models import User
from wizard.work import testing


@pytest.fixture(scope="module")
def postgres() -> Iterator[Database]:
    with a_postgres() as database:
        yield database


@pytest.fixture
def flow_service(tmp_path: Path, settings: Any) -> Iterator[Emulator]:
    """Instead of the one whose connections have nothing but the sample behind them."""
    with running_emulator(tmp_path, prober=Prober()) as emulator:
        settings.FLOW_SERVICE_URL = emulator.flow_service_url
        settings.SANDBOX_MANAGEMENT_URL = emulator.sandbox_management_url
        settings.IMS_URL = emulator.ims_url
        settings.IMS_ORG_ID, settings.SANDBOX_NAME = emulator.org, emulator.sandbox
        settings.IMS_CLIENT_ID, settings.IMS_CLIENT_SECRET = emulator.client_id, emulator.client_secret
        yield emulator


@pytest.fixture
def outcome(
    connected: Callable[..., BaseConnection], alice: User, postgres: Database
) -> Callable[..., dict[str, dict[str, Any]]]:
    """The steps of a test of a connection to that database, typed into its form, by their names."""

    def test(**changes: str) -> dict[str, dict[str, Any]]:
        parts = {"SERVER": postgres.host, "PORT": str(postgres.port), "DATABASE": "shop", "USERNAME": "ann"}
        parts |= {"PASSWORD": PASSWORD} | changes
        connection = connected(**{f"auth.params.connectionString.{name}": value for name, value in parts.items()})
        assert connection.ask_for_test(alice)
        testing.run_test(connection.pk)
        connection.refresh_from_db()
        return {step["key"]: step for step in connection.test_steps}

    return test


def test_a_right_password_passes_every_step(outcome: Callable[..., dict[str, dict[str, Any]]]) -> None:
    steps = outcome()
    assert {step["status"] for step in steps.values()} == {"passed"}
    assert "0 entries" in steps["explore"]["message"] or "no entries" in steps["explore"]["message"].lower()


def test_a_wrong_password_is_told_as_such_within_five_seconds_with_what_to_do(
    outcome: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    started = time.monotonic()
    step = outcome(PASSWORD="not the one")["test"]
    assert time.monotonic() - started < 5
    assert step["status"] == "failed"
    assert step["message"].startswith("The database refused the user name or the password.")
    assert 'password authentication failed for user "ann"' in step["message"]
    assert step["next"].startswith("You: Edit the connection and type user name and password again.")
    assert "not the one" not in str(step)


@pytest.mark.parametrize(
    ("changes", "what", "who"),
    [
        ({"DATABASE": "nowhere"}, "did not open this database", "You"),
        ({"PORT": "1"}, "Nothing answered at this host and port", "Your database administrator"),
        ({"SERVER": "192.0.2.1"}, "may not connect to this host", "Whoever runs this wizard"),
        ({"USERNAME": "only_tls", "ENCRYPTION_METHOD": "0"}, "it wants TLS", "Your database administrator"),
        ({"ENCRYPTION_METHOD": "1", "VALIDATE_SERVER_CERTIFICATE": "1"}, "certificate", "Your database administrator"),
    ],
)
def test_each_other_trouble_is_told_with_who_can_mend_it(
    outcome: Callable[..., dict[str, dict[str, Any]]], changes: dict[str, str], what: str, who: str
) -> None:
    step = outcome(**changes)["test"]
    assert what in step["message"]
    assert step["next"].startswith(f"{who}: ")
