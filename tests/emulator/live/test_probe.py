"""What the look itself is made of: params read into a place, hosts that are checked, words without secrets."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.live.servers import MYSQL, ORACLE, POSTGRES, SQL_SERVER
from wizard.connection_strings.ado_net import ConnectionStringError
from wizard.connection_strings.pattern import Pattern
from wizard.emulator.live.databases import FAMILIES, family_of
from wizard.emulator.live.probe import hosts, places
from wizard.emulator.live.probe.values import as_json
from wizard.emulator.live.probe.words import Unusable, spoken

SPECS = Path(places.__file__).parents[3] / "catalog" / "specs"
VALID = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
PASSWORD = "a;b\"c'd@e%41=f"
BASIC = {"server": "db", "database": "shop", "username": "ann", "password": PASSWORD}


def by_text(spec_id: str, text: str) -> places.Place:
    return places.read(spec_id, {"connectionString": text})


def sources() -> Iterator[dict[str, Any]]:
    """The files of those sources that a driver here reaches."""
    for path in sorted(SPECS.glob("*.json")):
        source = json.loads(path.read_text())
        if family_of(source.get("id")):
            yield source


def test_what_the_wizard_composes_is_read_back() -> None:
    """By the very pattern of every source that a driver here reaches."""
    tried = 0
    for source in sources():
        for way in source["ui"]["authSpec"]:
            for label in way["params"].values():
                if "pattern" in label and "parts" in label:
                    _check_pattern(source["id"], Pattern(label["pattern"], label.get("dialect", "ado.net")))
                    tried += 1
    assert tried == 6


def _check_pattern(spec_id: str, pattern: Pattern) -> None:
    values = {name: "127.0.0.1" if name in ("SERVER", "HOST", "SERVER_NAME") else "x" for name in pattern.placeholders}
    values |= {"PORT": "4711", "PASSWORD": PASSWORD, "USERNAME": "ann=b;c"}
    values |= {"ENCRYPTION_METHOD": "1", "VALIDATE_SERVER_CERTIFICATE": "0"}
    place = by_text(spec_id, pattern.compose(values))
    assert (place.host, place.username, place.password) == ("127.0.0.1", "ann=b;c", PASSWORD)
    assert place.port == 4711 or "PORT" not in pattern.placeholders


@pytest.mark.parametrize(
    ("spec_id", "mode", "tls"),
    [
        *((POSTGRES, "Disable", "disable"), (POSTGRES, "Verify-Ca", "verify-ca"), (POSTGRES, "true", "require")),
        *((MYSQL, "REQUIRED", "require"), (MYSQL, "Verify Identity", "verify-full"), (MYSQL, "false", "disable")),
        *((ORACLE, "true", "verify-full"), (ORACLE, "false", "disable")),
    ],
)
def test_every_documented_tls_mode_is_understood(spec_id: str, mode: str, tls: str) -> None:
    assert places.read(spec_id, {**BASIC, "sslMode": mode}).tls == tls


@pytest.mark.parametrize(
    ("method", "validate", "tls"),
    [
        ("0", "0", "disable"),
        ("1", "0", "require"),
        ("6", "0", "prefer"),
        ("1", "1", "verify-ca"),
        ("6", "1", "verify-ca"),
    ],
)
def test_the_numbers_of_a_connection_string_mean_what_its_form_says(method: str, validate: str, tls: str) -> None:
    text = f"Server=db;Database=d;UID=u;PWD=p;EncryptionMethod={method};ValidateServerCertificate={validate}"
    assert by_text(POSTGRES, text).tls == tls


def test_every_tls_mode_that_the_files_list_is_understood() -> None:
    tried = 0
    for source in sources():
        for way in source["authSpec"]:
            for value in way["spec"]["properties"].get("sslMode", {}).get("enum", ()):
                assert places.read(source["id"], {**BASIC, "sslMode": value}).tls in VALID
                tried += 1
    assert tried > 12


def test_sql_server_has_host_instance_and_port_in_one() -> None:
    rest = "Initial Catalog=d;User ID=u;Password=p"
    place = by_text(SQL_SERVER, f"Data Source=tcp:db.example.com\\SQLEXPRESS,1500;{rest}")
    assert (place.host, place.instance, place.port) == ("db.example.com", "SQLEXPRESS", 1500)
    assert by_text(SQL_SERVER, f"Data Source=db;{rest}").port == 1433


@pytest.mark.parametrize(
    "params",
    [
        {**BASIC, "server": ""},
        {**BASIC, "server": "a,b"},
        {**BASIC, "server": "/tmp"},
        {**BASIC, "server": "(DESCRIPTION=(ADDRESS=(HOST=x)))"},
        {**BASIC, "port": "0"},
        {**BASIC, "port": "99999"},
        {**BASIC, "port": "٣"},
        {**BASIC, "password": ""},
        {**BASIC, "host": "elsewhere"},
        {**BASIC, "sslMode": "perhaps"},
        {"connectionString": "no string at all"},
        {"connectionString": "Server=a;Server=b;UID=u;PWD=p;Database=d"},
        {},
    ],
)
def test_what_leads_nowhere_is_refused_without_the_password(params: dict[str, Any]) -> None:
    with pytest.raises((Unusable, ConnectionStringError)) as caught:
        places.read(POSTGRES, params)
    assert PASSWORD not in str(caught.value)


def test_no_place_shows_its_password() -> None:
    assert PASSWORD not in repr(places.read(POSTGRES, BASIC))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1", "::ffff:127.0.0.1"])
def test_loopback_is_open_however_it_is_written(host: str) -> None:
    place = places.read(POSTGRES, {**BASIC, "server": host})
    assert hosts.checked(place, ())


@pytest.mark.parametrize("host", ["10.0.0.1", "0.0.0.0", "::", "fe80::1", "169.254.169.254", "::ffff:10.0.0.1"])  # noqa: S104
def test_everybody_else_is_not_unless_listed(host: str) -> None:
    place = places.read(POSTGRES, {**BASIC, "server": host})
    with pytest.raises(Unusable, match="LIVE_HOSTS"):
        hosts.checked(place, ())
    assert hosts.checked(place, (host.upper(),))


def test_a_name_is_resolved_once_and_all_of_its_addresses_count(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, 1, 6, "", (address, 5432)) for address in ("127.0.0.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    place = places.read(POSTGRES, BASIC)
    with pytest.raises(Unusable):
        hosts.checked(place, ())
    assert hosts.checked(place, ("10.0.0.1",)) == hosts.checked(place, ("DB",)) == ["127.0.0.1", "10.0.0.1"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("s.connect(('127.0.0.1', 1))", "ConnectionRefusedError"),
        ("socket.create_connection(('localhost', 1))", "ConnectionRefusedError"),
        ("s.connect(('127.0.0.2', 1))", "PermissionError"),
        ("socket.socket(socket.AF_UNIX).connect('/tmp/socket')", "PermissionError"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.2', 1434))", "PermissionError"),
        ("s.connect(('localhost', 1))", "PermissionError"),
    ],
)
def test_nobody_is_connected_to_by_a_detour(call: str, said: str) -> None:
    """In a process of its own: a guard stays for good."""
    code = "import socket; from wizard.emulator.live.probe import hosts; hosts.guard(['127.0.0.1', '::1']); "
    code += f"s = socket.socket(); {call}"
    found = subprocess.run([sys.executable, "-c", code], cwd=SPECS.parents[2], capture_output=True, text=True)
    assert said in found.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "secret", "said"),
    [
        ("no entry for pw secret1", "secret1", "no entry for pw •••"),
        ("password no", "no", "password •••"),
        ("nowhere", "no", "nowhere"),
        ("a\n\tb", "", "a b"),
        ("failed: no such user\n  no such user\n", "", "failed: no such user"),
        ("x" * 9000, "", "x" * 1500),
    ],
)
def test_words_leave_without_the_secret(text: str, secret: str, said: str) -> None:
    assert spoken(text, [secret]) == said


def test_a_long_nested_value_is_cut_as_a_text() -> None:
    assert as_json({"a": "x" * 50}, 20) == '{"a": "xxxxxxxxxxxxx … (cut: 59 characters)'


def test_every_family_is_whole() -> None:
    for family in FAMILIES.values():
        assert family.tls_default in family.tls_offered
        meant = {mode for known in family.tls.values() for mode in known.values()}
        assert meant <= set(VALID)
        assert set(family.tls_offered) <= meant
