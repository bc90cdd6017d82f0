"""How many connections a process has to PostgreSQL, and how long it waits for one."""

from pathlib import Path

import pytest

from wizard.database_settings import databases, share_connections

URL = "postgresql://wizard:secret@db.example.com/wizard"


def of(url):
    return databases(url, Path("/data/wizard.sqlite3"))["default"]


def test_a_process_that_forks_has_one_connection_of_its_own_and_tries_it_before_it_uses_it_again():
    found = of(URL)

    assert "pool" not in found["OPTIONS"]
    assert found["CONN_MAX_AGE"] == 600
    assert found["CONN_HEALTH_CHECKS"] is True
    assert found["OPTIONS"]["connect_timeout"] == 5
    assert "statement_timeout" not in found["OPTIONS"]["options"]


def test_the_threads_of_the_web_server_share_a_pool_with_a_connection_for_each():
    found = of(URL)
    share_connections(found, 8)

    assert found["CONN_MAX_AGE"] == 0
    assert found["CONN_HEALTH_CHECKS"] is True
    assert found["OPTIONS"]["pool"]["max_size"] == 8
    assert found["OPTIONS"]["pool"]["timeout"] <= 2
    assert "statement_timeout=30000" in found["OPTIONS"]["options"]


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [("connect_timeout=20", "connect_timeout", 20), ("sslmode=verify-full", "sslmode", "verify-full")],
)
def test_what_the_url_asks_for_has_the_last_word(query, name, value):
    assert of(f"{URL}?{query}")["OPTIONS"][name] == value


def test_the_urls_own_options_come_beside_ours():
    options = of(f"{URL}?options=-c%20work_mem%3D64MB")["OPTIONS"]["options"]

    assert options.startswith("-c idle_in_transaction_session_timeout=")
    assert options.endswith("-c work_mem=64MB")


def test_a_file_of_sqlites_has_no_pool():
    found = of("")
    share_connections(found, 8)

    assert (found["ENGINE"], "pool" in found["OPTIONS"]) == ("django.db.backends.sqlite3", False)
