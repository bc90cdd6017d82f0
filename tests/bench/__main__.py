"""Prints a table of all figures, and writes them to var/bench.json: python -m tests.bench --times 30"""

import argparse
from collections.abc import Callable, Iterator

from tests.bench import (
    backlog,
    browsing,
    creating,
    exploring,
    fetching,
    history,
    memory,
    pages,
    posting,
    starting,
    throughput,
    vault,
)
from tests.bench.table import HEADER, arithmetic, lines, write
from tests.bench.timing import Figure
from tests.start.running import ROOT

# Each starts what it needs, and stops it: no part is measured beside another one's servers.
PARTS: dict[str, Callable[[int], Iterator[Figure]]] = {
    "browsing": browsing.figures,
    "exploring": exploring.figures,
    "creating": creating.figures,
    "posting": posting.figures,
    "backlog": backlog.figures,
    "history": history.figures,
    "pages": pages.figures,
    "throughput": throughput.figures,
    "vault": vault.figures,
    "starting": starting.figures,
    "memory": memory.figures,
    "fetching": fetching.figures,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast is it here?")
    parser.add_argument("--times", type=int, default=30, help="how often each figure is taken")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts alone")
    parser.add_argument("--output", default=ROOT / "var" / "bench.json", help="the file to write")
    asked = parser.parse_args()
    noise_before = arithmetic()
    say(HEADER)
    found = []
    for part in asked.only:
        for figure in PARTS[part](asked.times):
            say("\n".join(lines(figure)))
            found.append(figure)
        # After each part: what has been measured stays, whatever happens in the next one.
        write(ROOT / asked.output, found, asked.times, noise_before)


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
