"""Where the processes of one machine count together: a directory with a file of numbers for each process and type.

What dead processes have counted is added up in one file, or numbers that only grow would shrink with each death.
"""

import fcntl
import json
import os
import re
import socket
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

TYPES = ("counter", "histogram")
# Room for all that one process can count: a file that grows later could find the disk full, and that kills a process.
ROOM = 1024 * 1024
OF_THE_DEAD = 0
PARTS_OF_A_KEY = 4  # of the metric, of the sample, its labels, and the help
_UNREADABLE = (OSError, RuntimeError, ValueError, TypeError, struct.error)


def directory() -> Path:
    """Of this machine: where several share DATA_DIR, a process id says nothing to the others."""
    return settings.METRICS_DIR / (re.sub(r"[^\w.-]", "_", socket.gethostname()) or "machine")


def make_room(pid: int) -> None:
    """The files of a process, with all the room that they will need. Raises OSError where there is none."""
    directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    for kind in TYPES:
        path = directory() / f"{kind}_{pid}.db"
        if _values(path) is None:
            _empty(directory() / f".{kind}_{pid}").rename(path)


def collected() -> list[Metric]:
    """What all processes of this machine have counted, those included that are dead. Raises OSError."""
    with _alone():
        _gather()
        for path in directory().glob("*.db"):
            if _values(path) is None:
                path.unlink()
        return list(MultiProcessCollector(None, str(directory())).collect())


def gather() -> None:
    """Has the files of dead processes end in one. Raises OSError."""
    with _alone():
        _gather()


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody may read while numbers stand in two files, or in none."""
    directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _gather() -> None:
    for kind in TYPES:
        dead = [path for path in directory().glob(f"{kind}_*.db") if not _is_alive(_pid_of(path))]
        if dead:
            total = directory() / f"{kind}_{OF_THE_DEAD}.db"
            _write(_sums([total, *dead]), directory() / f".{kind}_{OF_THE_DEAD}").rename(total)
        for path in dead:
            path.unlink()


def _sums(paths: Iterable[Path]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for path in paths:
        for key, value in (_values(path) or {}).items():
            sums[key] += value
    return sums


def _values(path: Path) -> dict[str, float] | None:
    """By key; None where there is no such file, or one that a power cut has left."""
    try:
        found = {key: value for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path))}
        with path.open("rb") as file:
            (used,) = struct.unpack("i", file.read(4))
        return found if used >= 0 and all(len(json.loads(key)) == PARTS_OF_A_KEY for key in found) else None
    except _UNREADABLE:
        return None


def _write(sums: dict[str, float], path: Path) -> Path:
    file = MmapedDict(str(_empty(path)))
    for key, value in sums.items():
        file.write_value(key, value, 0.0)
    file.close()
    return path


def _empty(path: Path) -> Path:
    """Written out, not only made long: so the disk has that room."""
    try:
        path.write_bytes(bytes(ROOM))
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _pid_of(path: Path) -> int:
    name = path.stem.rpartition("_")[2]
    return int(name) if name.isdigit() else -1


def _is_alive(pid: int) -> bool:
    if pid <= OF_THE_DEAD:
        return pid == OF_THE_DEAD
    # One that nobody has collected yet has its number still, and counts nothing.
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # It is there, and somebody else's.
        return True
    return True
