"""One seed: several people create connections while processes and the database are killed; then a count."""

import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from tests.chaos import plan, reading
from tests.chaos.person import Person
from tests.chaos.report import Report, is_final
from tests.machines.house import Machines
from tests.story.running import wait_for

TICK = 0.1
PEOPLE = 3
# Seconds between two forms of a person, on the average: enough of them for all kills; and for the end at most.
PAUSE, SETTLE = 2.0, 180.0
# Who is killed, in an order that the seed decides.
VICTIMS = ("worker", "worker", "task", "task", "web", "web worker", "database", "database")
# What the Flow Service does wrong meanwhile: each may have made something, or not.
FAULTS = ("latency", "503", "lost before", "lost after")


@dataclass
class Outage:
    """What was seen while PostgreSQL was away, and after it."""

    page: str = ""
    statuses: set[int] = field(default_factory=set)
    fragment: str = ""
    slowest: float = 0
    back: set[int] = field(default_factory=set)
    page_after: int = 0


class Run:
    def __init__(
        self, machines: Machines, seed: int, creates: int, victims: tuple[str, ...] = VICTIMS, queue: Any = None
    ) -> None:
        self.machines, self.seed, self.dice, self.queue = machines, seed, plan.dice(seed, "machines"), queue
        each = -(-creates // PEOPLE)
        self.people = [Person(machines.nginx.url, seed, each, PAUSE, self._name(who)) for who in range(PEOPLE)]
        for person in self.people:
            person.browser = machines.colleague()
        self.victims = self.dice.sample(victims, len(victims))
        self.killed: Counter[str] = Counter()
        self.killed_under_load = 0
        self.met: Counter[str] = Counter()
        self.posts: dict[str, str] = {}
        self.outages: list[Outage] = []

    def _name(self, who: int) -> str:
        return f"Seed {self.seed}, person {who}, number"

    def rage(self) -> None:
        """Kills until all victims have had their turn and all forms were taken."""
        for person in self.people:
            person.start()
        for victim in self.victims:
            self._go_on(self.dice.uniform(1, 3))
            self._change_faults(self.dice)
            self.killed_under_load += any(person.is_alive() for person in self.people)
            self._kill(victim)
            self.killed[victim] += 1
        while any(person.is_alive() for person in self.people):
            self._go_on(TICK)

    def settle(self) -> None:
        """No faults and no kills any more, until every row has come to its end."""
        self.machines.emulator.set_faults([])
        deadline = time.monotonic() + SETTLE
        while self._open_rows() and time.monotonic() < deadline:
            self._go_on(TICK)

    def _go_on(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            self.machines.revive()
            self._read_journal()
            if time.monotonic() >= deadline:
                return
            time.sleep(TICK)

    def _change_faults(self, dice: Random) -> None:
        name = dice.choice(FAULTS)
        self.met[name] += 1
        self.machines.emulator.set_faults([plan.FAULTS[name](dice) | {"match": plan.POSTS, "times": 3}])

    def _kill(self, victim: str) -> None:
        which = self.dice.random()
        if victim == "database":
            self.outages.append(self._outage())
        elif victim == "queue":
            self.queue.kill()
            self._go_on(self.dice.uniform(1, 3))
            self.queue.start()
        else:
            wait_for(lambda: self._has_killed(victim, which), f"a {victim} that lives")

    def _has_killed(self, victim: str, which: float) -> bool:
        """False where it is about to come back after an earlier kill."""
        self.machines.revive()
        name = "web" if victim.startswith("web") else "worker"
        return self.machines.kill(name, which, fork=victim in ("task", "web worker"))

    def _outage(self) -> Outage:
        """PostgreSQL is killed, looked for, and started again."""
        found, browser, url = Outage(), self.machines.colleague(), f"{self.machines.nginx.url}/connections/"
        self.machines.postgres.kill()
        found.page = wait_for(lambda: _trouble(browser, url), "the page that says what is wrong")
        for machine in self.machines.all:
            started = time.monotonic()
            if status := machine.readiness():
                found.statuses.add(status)
                found.slowest = max(found.slowest, time.monotonic() - started)
        found.fragment = wait_for(lambda: _trouble(browser, url, **{"HX-Request": "true"}), "a fragment's answer")
        self.machines.postgres.start()
        wait_for(self._all_ready, "all machines to be ready again")
        found.back = self.machines.readiness()
        found.page_after = browser.get(url, timeout=20, allow_redirects=False).status_code
        return found

    def _all_ready(self) -> bool:
        self.machines.revive()
        return self.machines.readiness() == {200}

    def _read_journal(self) -> None:
        for entry in self.machines.emulator.requests("POST", "/connections"):
            self.posts[entry["request_id"]] = entry["body"]["name"]

    def _open_rows(self) -> int:
        ours = self._ours(reading.rows(self.machines.database))
        return sum(len(person.sent) for person in self.people) - sum(is_final(row) for row in ours)

    def _ours(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["name"].startswith(f"Seed {self.seed},")]

    def report(self) -> Report:
        """All that this seed has made, on both sides."""
        machines, prefix = self.machines, f"Seed {self.seed},"
        remote = machines.emulator.call("GET", "/connections", params={"limit": 1000}).json()["items"]
        return Report(
            self.seed,
            {identity: name for person in self.people for identity, name in person.sent.items()},
            [taken for taken in reading.submissions(machines.database) if taken[1].startswith(prefix)],
            self._ours(reading.rows(machines.database)),
            self._ours(remote),
            {name: kinds for name, kinds in reading.events(machines.database).items() if name.startswith(prefix)},
            reading.files_with_secrets(machines.logs()),
            posts=Counter(name for name in self.posts.values() if name.startswith(prefix)),
            met=self.met,
            killed=self.killed,
            sent_again=sum(person.sent_again for person in self.people),
            trouble="; ".join(person.trouble for person in self.people if person.trouble),
        )


def _trouble(browser: requests.Session, url: str, **headers: str) -> str:
    """What a page says while the database is away; "" where nobody answers, or somebody who has not noticed yet."""
    try:
        answer = browser.get(url, headers=headers, timeout=20, allow_redirects=False)
    except requests.RequestException:
        return ""
    return answer.text if answer.status_code == 503 else ""
