"""Connections to each kind of database, made of parts and never of a text, with TLS as it is asked for."""

import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from wizard.emulator.live.probe import texts
from wizard.emulator.live.probe.places import Place
from wizard.emulator.live.probe.words import Unusable

# What stands in Oracle's connect descriptor, and may not reach out of its place there.
ORACLE_NAME = re.compile(r"[\w.$#-]{1,128}")
PSYCOPG = "postgresql+psycopg"
VERIFYING = ("verify-ca", "verify-full")
# The rest of the time is for the answer to what is asked afterwards.
SHARE = 0.6


@contextmanager
def connected(place: Place, addresses: list[str], seconds: float) -> Iterator[Connection]:
    """A connection in a transaction that only reads, where the database has such. Raises what SQLAlchemy raises."""
    url, arguments = _MAKERS[place.family.driver](place, addresses, seconds * SHARE)
    engine = create_engine(URL.create(place.family.driver, **url), connect_args=arguments, poolclass=NullPool)
    with engine.connect() as connection:
        if place.family.driver == PSYCOPG:
            texts.read_as_text(connection)
        numbers = {"milliseconds": int(seconds * 1000), "seconds": int(seconds) or 1}
        for statement in place.family.begin_if_known:
            _try(connection, statement.format(**numbers))
        for statement in place.family.begin:
            connection.exec_driver_sql(statement.format(**numbers))
        yield connection


def _try(connection: Connection, statement: str) -> None:
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError:
        connection.rollback()


Made = tuple[dict[str, Any], dict[str, Any]]


def _psycopg(place: Place, addresses: list[str], seconds: float) -> Made:
    """libpq looks into no file and asks no service; of several addresses it tries each, under the one name."""
    url = {"username": place.username, "password": place.password, "database": place.name}
    times = len(addresses)
    arguments = {
        "hostaddr": ",".join(addresses),
        "host": ",".join([place.host] * times),
        "port": ",".join([str(place.port)] * times),
        "sslmode": place.tls,
        "connect_timeout": max(2, int(seconds / times)),
        "passfile": os.devnull,
        "gssencmode": "disable",
        "sslcertmode": "disable",
        "require_auth": "none,password,md5,scram-sha-256",
        "application_name": "local Flow Service",
    }
    return url, arguments | ({"sslrootcert": _authorities()} if place.tls in VERIFYING else {})


def _pymysql(place: Place, _addresses: list[str], seconds: float) -> Made:
    url = {"username": place.username, "host": place.host, "port": place.port, "database": place.name}
    arguments: dict[str, Any] = {
        # As text it would have to be Latin-1.
        "password": place.password.encode(),
        "connect_timeout": seconds,
        "read_timeout": seconds,
        "write_timeout": seconds,
        "local_infile": False,
    }
    if place.tls == "disable":
        arguments["ssl_disabled"] = True
    elif place.tls != "prefer":
        arguments["ssl"] = _context(place.tls)
    return url, arguments


def _oracledb(place: Place, _addresses: list[str], seconds: float) -> Made:
    if not ORACLE_NAME.fullmatch(place.sid or place.name):
        raise Unusable("The SID or service of the database is missing, or has characters that none has.")
    arguments: dict[str, Any] = {
        "host": place.host,
        "port": place.port,
        "protocol": "tcp" if place.tls == "disable" else "tcps",
        "tcp_connect_timeout": seconds,
        "retry_count": 0,
        **({"sid": place.sid} if place.sid else {"service_name": place.name}),
    }
    return {"username": place.username, "password": place.password}, arguments


def _pytds(place: Place, addresses: list[str], seconds: float) -> Made:
    url = {"username": place.username, "password": place.password, "database": place.name}
    if place.instance:
        # Its port is asked for, at the address itself.
        where: dict[str, Any] = {"dsn": f"{addresses[0]}\\{place.instance}"}
    else:
        # By itself the driver calls again and again, and tells at last of a time that ran out.
        where = {"dsn": place.host, "port": place.port, "sock": _dialed(place, addresses, seconds)}
    limits = {"login_timeout": seconds, "timeout": seconds, "disable_connect_retry": True}
    return url, where | limits | {"readonly": True}


def _dialed(place: Place, addresses: list[str], seconds: float) -> socket.socket:
    """The first of the addresses that answers. Raises OSError where none does."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, place.port), seconds / len(addresses))
    return socket.create_connection((addresses[-1], place.port), seconds / len(addresses))


def _context(mode: str) -> ssl.SSLContext:
    """Always encrypted; the certificate is looked at as the mode says."""
    context = ssl.create_default_context()
    context.check_hostname = mode == "verify-full"
    context.verify_mode = ssl.CERT_REQUIRED if mode in VERIFYING else ssl.CERT_NONE
    return context


def _authorities() -> str:
    return ssl.get_default_verify_paths().cafile or "system"


_MAKERS: dict[str, Callable[[Place, list[str], float], Made]] = {
    PSYCOPG: _psycopg,
    "mysql+pymysql": _pymysql,
    "oracle+oracledb": _oracledb,
    "mssql+pytds": _pytds,
}
