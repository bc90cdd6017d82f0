"""What the seed decides: which fault comes when, who is killed when, and the secrets that nobody may find again."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Fault = dict[str, Any]
TIMEOUT = 2  # seconds that a call of the wizard may last here
POSTS = {"method": "POST", "path": "/connections"}
# Creates more often than all that there is, the sign-in included.
MATCHES: tuple[dict[str, str], ...] = (POSTS, POSTS, {"path": "/connections*"}, {"path": "/connections/*"}, {})
# A create that is carried out later than this has been given up for good: Adobe is trusted to be done with it by then.
SLOWEST = 2.0 * TIMEOUT
FAULTS: dict[str, Callable[[Random], Fault]] = {
    "latency": lambda random: {"kind": "latency", "seconds": random.uniform(0.2, SLOWEST)},
    "429": lambda random: {"kind": "throttle", "retry_after": random.randint(1, 3)},
    "500": lambda _: {"kind": "status", "status": 500},
    "503": lambda _: {"kind": "status", "status": 503},
    "refused": lambda random: {"kind": "refuse", "seconds": random.uniform(0.5, 3)},
    "lost before": lambda _: {"kind": "lose_before"},
    "lost after": lambda _: {"kind": "lose_after"},
    "garbage": lambda _: {"kind": "garbage"},
    "10 MB": lambda _: {"kind": "huge", "bytes": 10 * 1024 * 1024},
    "drip": lambda _: {"kind": "drip", "interval": 0.05},
    "initializing": lambda random: {"kind": "initializing", "seconds": random.uniform(1, 6)},
}
VICTIMS = ("worker", "worker", "task", "web", "web worker")
# Letters and digits alone: however the rest is escaped, these stand there as they are.
CORE = "c4naryX7"


def dice(seed: int, purpose: str) -> Random:
    return Random(f"{seed} {purpose}")  # noqa: S311 - no secret


def faults(seed: int) -> Iterator[tuple[float, str, list[Fault]]]:
    """(seconds, name, faults) without end: all kinds in an order that changes, and peace in between."""
    random = dice(seed, "faults")
    names = list(FAULTS)
    while True:
        random.shuffle(names)
        for name in names:
            found = [FAULTS[name](random) | {"match": random.choice(MATCHES)}]
            if random.random() < 0.3:
                found.append(FAULTS["initializing"](random))
            yield random.uniform(0.5, 2.5), name, found
            yield random.uniform(0.5, 2), "", []


def kills(seed: int) -> Iterator[tuple[float, str, float]]:
    """(seconds until then, who, which one of several as a part of 1), without end."""
    random = dice(seed, "kills")
    while True:
        yield random.uniform(1.5, 6), random.choice(VICTIMS), random.random()


def secret(seed: int, number: int) -> str:
    """A password of its own for each connection, with all that is awkward to quote, to encode and to log."""
    random = dice(seed, f"secret {number}")
    awkward = list(";'\"=%&+ \\<{ö}>")
    random.shuffle(awkward)
    return f"p{''.join(awkward[:7])}{CORE}{seed:x}n{number:05d}{''.join(awkward[7:])}w"
