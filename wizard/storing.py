"""Why something could not be stored or read: the disk, a lock, or a database that is away; each in plain words."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import Error, InterfaceError, OperationalError

MOST_CAUSES = 10


@dataclass(frozen=True)
class Trouble:
    """`what` and `meanwhile` are for everybody, `remedy` for whoever runs the server; `status` is that of the answer.

    `passes`: it ends by itself, and soon.
    """

    status: int
    what: str
    meanwhile: str
    remedy: str = ""
    passes: bool = False


STAYS = "Nothing that was saved is lost, and you stay signed in."
NOTHING_KEPT = f"Until that is mended nothing can be saved or sent. {STAYS} Lists such as the history still open."
FULL = Trouble(507, "The server’s disk is full", NOTHING_KEPT, "Make room on it: the wizard then goes on by itself.")
UNWRITABLE = Trouble(
    507,
    "The server cannot write to its disk",
    NOTHING_KEPT,
    "It is full or broken: once that is mended, the wizard goes on by itself.",
)
READ_ONLY = Trouble(
    503,
    "The server’s database cannot be written to",
    NOTHING_KEPT,
    "It is read-only, or belongs to another user: once that is mended, the wizard goes on by itself.",
)
BUSY = Trouble(
    503,
    "The database is busy",
    f"Something else holds it longer than the wizard waits. {STAYS} What is under way goes on by itself.",
    "Look what holds it: a backup, or a tool that was left open.",
    passes=True,
)
AWAY = Trouble(
    503,
    "The database does not answer",
    "The wizard itself is running, and waits for its database. Nothing that was saved is lost, you stay signed in, "
    "and what is under way goes on when the database is back.",
    passes=True,
)

# SQLite's names of its errors, by their beginning: https://www.sqlite.org/rescode.html
OF_SQLITE = (
    *(("SQLITE_FULL", FULL), ("SQLITE_IOERR", UNWRITABLE), ("SQLITE_READONLY", READ_ONLY), ("SQLITE_PERM", READ_ONLY)),
    *(("SQLITE_BUSY", BUSY), ("SQLITE_LOCKED", BUSY), ("SQLITE_CANTOPEN", AWAY)),
)
# PostgreSQL's, likewise: https://www.postgresql.org/docs/current/errcodes-appendix.html
OF_POSTGRESQL = (
    *(("53100", FULL), ("58030", UNWRITABLE), ("25006", READ_ONLY)),
    *(("55P03", BUSY), ("40P01", BUSY), ("40001", BUSY), ("57014", BUSY), ("53300", BUSY)),
    *(("08", AWAY), ("57P", AWAY)),
)
OF_FILES = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: UNWRITABLE, errno.EIO: UNWRITABLE} | dict.fromkeys(
    (errno.EROFS, errno.EACCES, errno.EPERM), READ_ONLY
)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What lies behind an error, or behind what it was raised from; None for what is no trouble with storing."""
    return next(filter(None, map(_trouble, _with_causes(error))), None)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(MOST_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _trouble(error: BaseException) -> Trouble | None:
    if not isinstance(error, Error):
        return None
    # Of the driver, which only the database's own settings know.
    driver = error.__cause__
    name, state = getattr(driver, "sqlite_errorname", None), getattr(driver, "sqlstate", None)
    known = _by_beginning(OF_SQLITE, name) or _by_beginning(OF_POSTGRESQL, state)
    is_nameless = not name and not state
    return known or (AWAY if is_nameless and isinstance(error, OperationalError | InterfaceError) else None)


def in_a_line(error: BaseException) -> str:
    """What the log says of an error that is such trouble."""
    trouble, words = trouble_of(error), str(error).strip().partition("\n")[0]
    return f"{trouble.what}: {words}. {trouble.remedy}".removesuffix(". ") if trouble else words


def _by_beginning(table: tuple[tuple[str, Trouble], ...], name: str | None) -> Trouble | None:
    return next((trouble for start, trouble in table if name and name.startswith(start)), None)


def trouble_with_file(error: OSError) -> Trouble | None:
    """The same, for a file that was to be written."""
    return OF_FILES.get(error.errno or 0)
