"""One seed from its first form to the last count."""

import time
from collections import Counter
from pathlib import Path

import requests

from tests.chaos import plan, reading
from tests.chaos.editor import Editor
from tests.chaos.house import PATIENCE, ChaosHouse, running
from tests.chaos.person import Person
from tests.chaos.report import UNDER_WAY, Report, is_final

TICK = 0.1
# Seconds between two forms, on the average; for which the faults go on, for each create; and for the end at most.
PAUSE, LONGEST, SETTLE = 0.4, 1.0, 900.0
JOURNAL_EVERY = 2.0


class Chaos:
    """Faults and kills, as the seed has them, until every form was taken and most rows are final."""

    def __init__(self, house: ChaosHouse, person: Person, editor: Editor, seed: int, creates: int) -> None:
        self._house, self._person, self._editor, self._creates = house, person, editor, creates
        self._faults, self._kills = plan.faults(seed), plan.kills(seed)
        self._next_fault = self._next_reading = time.monotonic()
        self._set_timer()
        self.posts: dict[str, str] = {}
        self.met: Counter[str] = Counter()
        self.killed: Counter[str] = Counter()

    def rage(self) -> None:
        self._person.start()
        self._editor.start()
        ends = time.monotonic() + LONGEST * self._creates + 30
        while time.monotonic() < ends and (self._person.is_alive() or self._open_rows() > self._creates // 10):
            self._take_turns(time.monotonic())
            time.sleep(TICK)

    def calm(self, seconds: float) -> None:
        """No faults, no more changes and no more kills, until every row is final."""
        self._editor.stop()
        self._editor.join(timeout=PATIENCE)
        deadline = time.monotonic() + seconds
        while not self._set_faults([]) and time.monotonic() < deadline:
            self._house.revive()
            time.sleep(TICK)
        while time.monotonic() < deadline and (self._person.is_alive() or self._open_rows()):
            self._house.revive()
            self._read_journal(time.monotonic())
            time.sleep(TICK)
        self._next_reading = 0
        self._read_journal(time.monotonic())

    def _take_turns(self, now: float) -> None:
        self._house.revive()
        self._read_journal(now)
        if now >= self._next_fault:
            seconds, name, faults = next(self._faults)
            if self._set_faults(faults):
                self.met.update([name] if name else [])
            self._next_fault = now + seconds
        if now >= self._next_kill:
            self.killed.update([self._victim] if self._house.kill(self._victim, self._which) else [])
            self._set_timer()

    def _set_timer(self) -> None:
        seconds, self._victim, self._which = next(self._kills)
        self._next_kill = time.monotonic() + seconds

    def _set_faults(self, faults: list[plan.Fault]) -> bool:
        """False while nobody listens."""
        try:
            self._house.emulator.set_faults(faults)
        except requests.RequestException:
            return False
        return True

    def _read_journal(self, now: float) -> None:
        """It holds the last thousand alone."""
        if now < self._next_reading:
            return
        self._next_reading = now + JOURNAL_EVERY
        try:
            entries = self._house.emulator.requests("POST", "/connections")
        except requests.RequestException:
            return
        self.posts |= {entry["request_id"]: entry["body"]["name"] for entry in entries}

    def _open_rows(self) -> int:
        """Of those whose form was begun, how many have not come to an end."""
        database = self._house.database
        changing = sum(status in UNDER_WAY for _, _, status in reading.changes(database))
        return len(self._person.sent) - sum(is_final(row) for row in reading.rows(database)) + changing


def run(seed: int, creates: int, data_dir: Path, *, settle: float = SETTLE) -> Report:
    """Everything in processes of its own; all of them have ended when the counting begins."""
    house, started = ChaosHouse(data_dir), time.monotonic()
    with running(house) as link:
        person = Person(house.url, seed, creates, PAUSE)
        person.sign_in(link)
        editor = Editor(house.url, house.database, seed, person.browser)
        chaos = Chaos(house, person, editor, seed, creates)
        try:
            chaos.rage()
            raged = time.monotonic() - started
            chaos.calm(settle)
            remote = house.emulator.call("GET", "/connections", params={"limit": 1000}).json()["items"]
        finally:
            editor.stop()
            person.stop()
            person.join(timeout=PATIENCE)
    return Report(
        seed,
        person.sent,
        reading.submissions(house.database),
        reading.rows(house.database),
        remote,
        reading.events(house.database),
        reading.files_with_secrets(path for path in data_dir.glob("*") if path.is_file()),
        reading.changes(house.database),
        editor.asked,
        house.left_over,
        Counter(chaos.posts.values()),
        chaos.met,
        chaos.killed,
        person.sent_again,
        person.trouble,
        raged,
        time.monotonic() - started,
    )
