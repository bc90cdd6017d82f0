"""What an error of a database means: of SQLite by its name, of PostgreSQL by its state, of the way there by neither."""

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from wizard.storing import AWAY, BUSY, FULL, READ_ONLY, UNWRITABLE, Trouble, in_a_line, trouble_of


class Driver(Exception):
    """As a driver raises it."""


def raised(kind: type[Exception], **says: str) -> Exception:
    driver = Driver("said so")
    vars(driver).update(says)
    try:
        raise kind("said so\n\tand more") from driver
    except kind as error:
        return error


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        *(("53100", FULL), ("58030", UNWRITABLE), ("25006", READ_ONLY)),
        # A lock that was waited for too long, two that wait for each other, and two that cannot both be true.
        *(("55P03", BUSY), ("40P01", BUSY), ("40001", BUSY), ("57014", BUSY), ("53300", BUSY)),
        *(("08006", AWAY), ("57P01", AWAY), ("57P03", AWAY)),
        *(("42P01", None), ("22003", None)),
    ],
)
def test_of_postgresql(state: str, trouble: Trouble | None) -> None:
    assert trouble_of(raised(OperationalError, sqlstate=state)) == trouble


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        *(("SQLITE_FULL", FULL), ("SQLITE_IOERR_WRITE", UNWRITABLE), ("SQLITE_IOERR_SHMSIZE", UNWRITABLE)),
        *(("SQLITE_READONLY_DBMOVED", READ_ONLY), ("SQLITE_BUSY_SNAPSHOT", BUSY), ("SQLITE_CANTOPEN", AWAY)),
        ("SQLITE_ERROR", None),
    ],
)
def test_of_sqlite(name: str, trouble: Trouble | None) -> None:
    assert trouble_of(raised(OperationalError, sqlite_errorname=name)) == trouble


def test_what_never_came_to_the_database_is_no_answer() -> None:
    assert trouble_of(raised(OperationalError)) == AWAY
    assert trouble_of(InterfaceError("connection already closed")) == AWAY


def test_what_is_wrong_with_us_is_none_of_it() -> None:
    assert trouble_of(None) is None
    assert trouble_of(ValueError("ours")) is None
    assert trouble_of(IntegrityError("twice")) is None
    assert trouble_of(DatabaseError("malformed")) is None


def test_it_is_found_behind_what_was_raised_from_it() -> None:
    drawing = ValueError("while drawing")
    drawing.__context__ = raised(OperationalError, sqlstate="53100")
    assert trouble_of(drawing) == FULL


def test_the_log_gets_one_line() -> None:
    assert in_a_line(raised(OperationalError, sqlstate="53100")) == (
        "The server’s disk is full: said so. Make room on it: the wizard then goes on by itself."
    )
    assert in_a_line(raised(OperationalError)) == "The database does not answer: said so"
    assert in_a_line(ValueError("ours\n")) == "ours"
