"""What is no database: it refuses, says nothing, says garbage, or hangs up. For each of the four drivers."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.emulator.live.servers import MARIADB, ORACLE, POSTGRES, SQL_SERVER, WAY, body_of, outcome_of, refusal
from tests.emulator.running import Emulator

PASSWORD = "stranger-secret"
TEXTS = {
    POSTGRES: "Server=127.0.0.1;Port={port};Database=shop;UID=ann;Password={password}",
    MARIADB: "Server=127.0.0.1;Port={port};Database=shop;UID=ann;PWD={password}",
    ORACLE: "Host=127.0.0.1;Port={port};Sid=ORCL;User Id=ann;Password={password}",
    SQL_SERVER: "Data Source=127.0.0.1,{port};Initial Catalog=shop;Integrated Security=False;User ID=ann;"
    "Password={password};",
}
WAYS = {ORACLE: "ConnectionString"}
GARBAGE = [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 4096, b"E\x00\x00\x00\x08oh\x00\x00"]
every_driver = pytest.mark.parametrize("spec_id", TEXTS, ids=["postgres", "mariadb", "oracle", "sql-server"])


def outcome_at(emulator: Emulator, spec_id: str, port: int) -> str:
    text = TEXTS[spec_id].format(port=port, password=PASSWORD)
    words = refusal(outcome_of(emulator, body_of(spec_id, text, WAYS.get(spec_id, WAY))))
    assert PASSWORD not in words
    return words


@contextmanager
def a_stranger(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of somebody who takes every call, and does that."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                callers.append(caller)
                threading.Thread(target=answer, args=(caller,), daemon=True).start()

        callers: list[socket.socket] = []
        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
        for caller in callers:
            caller.close()


def says(content: bytes) -> Callable[[socket.socket], None]:
    def answer(caller: socket.socket) -> None:
        try:
            caller.sendall(content)
            while caller.recv(65536):
                caller.sendall(content)
        except OSError:
            return

    return answer


@every_driver
def test_where_nobody_listens_the_refusal_is_told(hurried: Emulator, spec_id: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        words = outcome_at(hurried, spec_id, unused.getsockname()[1]).lower()
    assert "refused" in words or "did not answer within" in words


@every_driver
def test_who_says_nothing_is_not_waited_for_longer_than_the_deadline(hurried: Emulator, spec_id: str) -> None:
    started = time.monotonic()
    with a_stranger(lambda _caller: None) as port:
        words = outcome_at(hurried, spec_id, port)
    assert "timed out" in words or "timeout" in words
    assert time.monotonic() - started < 5


@every_driver
@pytest.mark.parametrize("content", GARBAGE)
def test_who_says_garbage_is_no_database(hurried: Emulator, spec_id: str, content: bytes) -> None:
    with a_stranger(says(content)) as port:
        assert outcome_at(hurried, spec_id, port)


@every_driver
def test_who_hangs_up_is_no_database(hurried: Emulator, spec_id: str) -> None:
    with a_stranger(lambda caller: caller.close()) as port:
        assert outcome_at(hurried, spec_id, port)


def test_while_all_slots_hold_a_silent_one_everything_else_is_answered(hurried: Emulator) -> None:
    with a_stranger(lambda _caller: None) as port:
        text = TEXTS[POSTGRES].format(port=port, password=PASSWORD)
        made = hurried.create(body_of(POSTGRES, text))
        threads = [
            threading.Thread(target=hurried.call, args=("GET", f"/connections/{made['id']}/test")) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        started = time.monotonic()
        assert hurried.names() == ["Shop"]
        hurried.create(body_of(POSTGRES, text))
        assert time.monotonic() - started < 1
        for thread in threads:
            thread.join()


def test_sql_server_is_not_spoken_to_in_clear_where_it_must_be_encrypted(hurried: Emulator) -> None:
    text = TEXTS[SQL_SERVER].format(port=1, password=PASSWORD) + "Encrypt=True"
    assert "must be encrypted" in refusal(outcome_of(hurried, body_of(SQL_SERVER, text)))


@pytest.mark.parametrize("sid", ["x)(HOST=192.0.2.1", "(DESCRIPTION=", "a b"])
def test_an_oracle_name_reaches_nowhere_else(hurried: Emulator, sid: str) -> None:
    text = f'Host=127.0.0.1;Port=1;Sid="{sid}";User Id=ann;Password={PASSWORD}'
    assert "SID" in refusal(outcome_of(hurried, body_of(ORACLE, text, "ConnectionString")))
