"""A start that cannot go well ends with a sentence, and nothing else."""

import re
import socket
from pathlib import Path

import pytest

from tests.start.running import House
from wizard.environment import new_credential_key

ANOTHER_KEY = new_credential_key()
ADOBE = {"FLOW_SERVICE_URL": "https://platform.adobe.io/data/foundation/flowservice"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house in which data was sealed already."""
    house = House(tmp_path_factory.mktemp("used") / "data")
    assert house.run("prepare") == (0, "")
    return house


def refusal(house: House, **settings: str) -> str:
    code, output = house.run("start", **settings)
    assert code == 1
    assert "Traceback" not in output
    assert re.search(r"\.\s*$", output), output
    return output


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"PORT": "eight thousand"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS"),
        ({"TASK_WORKERS": "65"}, "TASK_WORKERS"),
        ({"FLOW_SERVICE_URL": "http://platform.example.com/flowservice"}, "FLOW_SERVICE_URL"),
        ({"IMS_ORG_ID": "nobody"}, "IMS_ORG_ID"),
        ({"CREDENTIAL_KEYS": "too-short"}, "CREDENTIAL_KEYS"),
        ({"ALLOWED_HOSTS": "wizard.example.com"}, "SECRET_KEY is required"),
        ({"SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE"),
        ({"DATABASE_URL": "mongodb://reader:hidden@db.example.com/wizard"}, "DATABASE_URL"),
        ({"TASK_BROKER_URL": "amqp://worker:hidden@queue.example.com"}, "TASK_BROKER_URL: must look like rediss://"),
        ({"TASK_BROKER_URL": "redis://queue.example.com:6379/jobs"}, "TASK_BROKER_URL"),
        ({"FLOW_SERVICE_URL": "https://:pw@platform.example.com/flowservice"}, "FLOW_SERVICE_URL"),
        ({"FLOW_SERVICE_URL": "https://platform.example.com:port/flowservice"}, "FLOW_SERVICE_URL"),
        ({"ALLOWED_HOSTS": "wizard.example.com,*"}, "ALLOWED_HOSTS must name hosts"),
        ({"ALLOWED_HOSTS": "wizard.example.com", "DEBUG": "true"}, "DEBUG"),
        ({"OIDC_ISSUER": "http://login.example.com"}, "OIDC_ISSUER.*https"),
        ({"OIDC_ISSUER": "https://login.example.com"}, "OIDC_CLIENT_ID is required.*OIDC_CLIENT_SECRET is required"),
        ({"OIDC_ONLY": "true"}, "OIDC_ISSUER is required"),
        ({"EMAIL_HOST": "mail.example.com"}, "DEFAULT_FROM_EMAIL is required"),
        ({"DEFAULT_FROM_EMAIL": "nobody"}, "DEFAULT_FROM_EMAIL"),
        ({"EMAIL_HOST": "mail.example.com", "EMAIL_USE_TLS": "true", "EMAIL_USE_SSL": "true"}, "exclude each other"),
        ({"EMAIL_HOST": "m.example.com", "EMAIL_USE_TLS": "false", "EMAIL_HOST_PASSWORD": "pw"}, "in clear"),
        ({"SESSION_HOURS": "0"}, "SESSION_HOURS"),
        ({"REQUIRE_SECOND_FACTOR": "perhaps"}, "REQUIRE_SECOND_FACTOR"),
        ({"SECRET_REFERENCES": "db password"}, "SECRET_REFERENCES: must be names such as WAREHOUSE_PASSWORD"),
        ({"SECRET_REFERENCES": "PW,CREDENTIAL_KEYS"}, "SECRET_REFERENCES: CREDENTIAL_KEYS is a setting of the wizard"),
        (ADOBE, "IMS_ORG_ID is required"),
        (ADOBE, "IMS_CLIENT_SECRET is required"),
    ],
)
def test_it_names_the_setting_that_is_wrong(house: House, settings: dict[str, str], words: str) -> None:
    assert re.search(words, refusal(house, **settings))


def test_a_secret_from_a_file_has_no_line_break(house: House, tmp_path: Path) -> None:
    """As an editor leaves it."""
    secret = tmp_path / "key"
    secret.write_text(ANOTHER_KEY + "\n")
    secret.chmod(0o600)
    code = "from django.conf import settings; print(repr(settings.CREDENTIAL_KEYS))"
    assert house.run("shell", "--no-imports", "-c", code, CREDENTIAL_KEYS_FILE=str(secret)) == (
        0,
        f"{[ANOTHER_KEY]}\n",
    )


def test_a_database_that_others_could_read_is_closed_to_them(house: House) -> None:
    house.data_dir.mkdir()
    database = house.data_dir / "wizard.sqlite3"
    house.run("showmigrations")
    database.chmod(0o644)
    assert house.run("prepare") == (0, "")

    assert database.stat().st_mode & 0o077 == 0


def test_it_repeats_no_secret_in_what_it_says(house: House) -> None:
    assert "too-short" not in refusal(house, CREDENTIAL_KEYS="too-short")
    assert "hidden" not in refusal(house, DATABASE_URL="mongodb://reader:hidden@db.example.com/wizard")


def test_it_does_not_open_data_with_another_key(used: House) -> None:
    sentence = refusal(used, CREDENTIAL_KEYS=ANOTHER_KEY)
    assert "CREDENTIAL_KEYS does not open this database" in sentence
    assert ANOTHER_KEY not in sentence


def test_it_makes_no_new_key_for_data_that_is_there(used: House) -> None:
    key_file = used.data_dir / "credential_keys"
    hidden = key_file.rename(key_file.with_name("elsewhere"))
    try:
        assert "CREDENTIAL_KEYS is missing" in refusal(used)
        assert not key_file.exists()
    finally:
        hidden.rename(key_file)


@pytest.mark.parametrize("offset", [0, 1])
def test_it_says_which_port_is_taken(house: House, offset: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", house.port + offset))
        taken.listen()
        assert f"port {house.port + offset}: Address already in use" in refusal(house)
    assert not (house.data_dir / "wizard.sqlite3").exists()
