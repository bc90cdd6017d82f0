"""Whether a database lets us in, and what is told where it does not."""

import time

import pytest

from tests.emulator.live.servers import PASSWORD, Database, basic_body, outcome_of, refusal
from tests.emulator.running import Emulator
from tests.mariadb import running_mariadb

HOSTS = ["127.0.0.1", "localhost"]


def test_a_right_password_passes(live: Emulator, database: Database) -> None:
    response = outcome_of(live, database.body())
    assert (response.status_code, response.json()) == (200, {"result": True})


def test_separate_params_lead_there_too(live: Emulator, postgres: Database) -> None:
    assert outcome_of(live, basic_body(postgres)).json() == {"result": True}


def test_a_url_leads_there_too(live: Emulator, postgres: Database) -> None:
    text = f"postgresql://postgres:any@localhost:{postgres.port}/shop?sslmode=disable"
    body = postgres.body()
    body["auth"]["params"]["connectionString"] = text
    assert outcome_of(live, body).json() == {"result": True}


def test_a_wrong_password_is_told_as_such_and_soon(live: Emulator, database: Database) -> None:
    started = time.monotonic()
    words = refusal(outcome_of(live, database.body(Password=f"not {PASSWORD}")))
    assert "password authentication failed" in words or "Access denied for user" in words
    assert "ann" in words
    assert PASSWORD not in words
    assert time.monotonic() - started < 5


def test_an_unknown_database_is_told_as_such(live: Emulator, postgres: Database, mariadb: Database) -> None:
    assert '"nowhere" does not exist' in refusal(outcome_of(live, postgres.body(Database="nowhere")))
    assert "Unknown database" in refusal(outcome_of(live, mariadb.body(Database="nowhere")))


def test_a_user_who_may_not_look_into_the_database_is_told_so(live: Emulator, mariadb: Database) -> None:
    assert "Access denied for user 'nobody'" in refusal(outcome_of(live, mariadb.body(UID="nobody")))


@pytest.mark.parametrize("name", ["host=example.com dbname=shop", "postgresql://example.com/shop", "'; --", "shop\\"])
def test_a_database_whose_name_is_more_than_a_name_leads_nowhere(live: Emulator, postgres: Database, name: str) -> None:
    assert "does not exist" in refusal(outcome_of(live, postgres.body(Database=name)))


@pytest.mark.parametrize("mode", ["Disable", "Allow", "Prefer", "Require"])
def test_postgres_is_spoken_to_in_the_tls_mode_that_is_asked_for(live: Emulator, postgres: Database, mode: str) -> None:
    assert outcome_of(live, basic_body(postgres, sslMode=mode)).json() == {"result": True}


def test_who_must_encrypt_and_does_not_is_refused(live: Emulator, database: Database) -> None:
    assert outcome_of(live, database.body(UID="only_tls", SslMode="require")).json() == {"result": True}
    words = refusal(outcome_of(live, database.body(UID="only_tls", SslMode="disable")))
    assert "no encryption" in words or "Access denied" in words


def test_what_must_be_encrypted_is_not_sent_where_the_server_cannot(live: Emulator, postgres: Database) -> None:
    postgres.run("ALTER SYSTEM SET ssl = off", "SELECT pg_reload_conf()")
    try:
        assert "SSL" in refusal(outcome_of(live, postgres.body(SslMode="require")))
        assert outcome_of(live, postgres.body(SslMode="prefer")).json() == {"result": True}
    finally:
        postgres.run("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")


def test_nor_where_the_server_is_a_mariadb_without_a_certificate(live: Emulator, mariadb: Database) -> None:
    with running_mariadb() as port:
        for mode in ("require", "verify-full"):
            assert "SSL is required" in refusal(outcome_of(live, mariadb.body(Port=port, SslMode=mode)))
        assert "Access denied" in refusal(outcome_of(live, mariadb.body(Port=port, SslMode="prefer")))


def test_a_certificate_that_nobody_knows_is_refused_where_it_counts(live: Emulator, database: Database) -> None:
    for mode in ("verify-ca", "verify-full"):
        assert "certificate verify failed" in refusal(outcome_of(live, database.body(Server="localhost", SslMode=mode)))


@pytest.mark.parametrize("host", HOSTS)
def test_a_certificate_that_is_known_is_taken_for_its_names(
    live: Emulator, database: Database, host: str, tmp_path, monkeypatch
) -> None:
    (tmp_path / "ca.pem").write_bytes(database.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert outcome_of(live, database.body(Server=host, SslMode="verify-full")).json() == {"result": True}


def test_a_mode_that_nobody_knows_is_no_reason_to_do_without(live: Emulator, database: Database) -> None:
    assert "encryption" in refusal(outcome_of(live, database.body(SslMode="sometimes")))


def test_a_create_connects_to_nothing(live: Emulator, database: Database) -> None:
    assert live.create(database.body(Port=1))["id"]


def test_what_is_disabled_is_not_tried(live: Emulator, database: Database) -> None:
    made = live.create(database.body(Password="wrong"))
    live.act(made["id"], "disable")
    assert live.call("GET", f"/connections/{made['id']}/test").json() == {"result": False}


@pytest.mark.parametrize("host", ["192.0.2.1", "::ffff:192.0.2.1", "::", "169.254.169.254"])
def test_a_host_that_nobody_listed_is_refused_with_what_to_do(live: Emulator, database: Database, host: str) -> None:
    words = refusal(outcome_of(live, database.body(Server=host)))
    assert host in words
    assert "LIVE_HOSTS" in words


@pytest.mark.parametrize("host", ["/var/run/postgresql", "@abstract", "127.0.0.1,192.0.2.1", "a b", "127.0.0.1?x=y"])
def test_a_host_is_one_name_or_address(live: Emulator, database: Database, host: str) -> None:
    assert "host" in refusal(outcome_of(live, database.body(Server=host)))


def test_neither_the_environment_nor_a_file_at_home_leads_elsewhere(
    live: Emulator, postgres: Database, tmp_path, monkeypatch
) -> None:
    (tmp_path / ".pgpass").write_text("*:*:*:*:wrong")
    (tmp_path / ".pgpass").chmod(0o600)
    variables = {"HOME": str(tmp_path), "PGHOSTADDR": "192.0.2.1", "PGSSLMODE": "verify-full", "PGSERVICE": "other"}
    for name, value in {**variables, "PGOPTIONS": "-c search_path=x", "PGPASSFILE": str(tmp_path / ".pgpass")}.items():
        monkeypatch.setenv(name, value)
    assert outcome_of(live, postgres.body()).json() == {"result": True}
