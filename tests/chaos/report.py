"""What has become of every create, counted on both sides."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

LEFT_TO_A_PERSON = "left to a person"
UNDER_WAY = ("waiting", "sending", "unanswered")
# Events of a create that does not go straight.
ON_THE_WAY = ("held", "put_back", "unknown", "looked", "state", "late")


@dataclass
class Report:
    """`sent`: submission id -> name, `taken`: the same as the wizard has it; `events`: name -> what happened, in order;
    `posts`: name -> creates that the Flow Service received.
    """

    seed: int
    sent: dict[str, str]
    taken: list[tuple[str, str]]
    rows: list[dict[str, Any]]
    remote: list[dict[str, Any]]
    events: dict[str, list[str]]
    secrets: list[str]
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    asked: int = 0
    left_over: list[int] = field(default_factory=list)
    posts: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    sent_again: int = 0
    trouble: str = ""
    raged: float = 0
    took: float = 0

    @property
    def by_status(self) -> Counter[str]:
        left = ("unknown", "approval")
        return Counter(LEFT_TO_A_PERSON if row["status"] in left else row["status"] for row in self.rows)

    @property
    def by_change(self) -> Counter[str]:
        return Counter(f"{kind} {status}" for _, kind, status in self.changes)

    @property
    def lost(self) -> list[str]:
        """Forms without their row, rows without their form, and connections that are there without a row, or not."""
        forms = {(identity.replace("-", ""), name) for identity, name in self.sent.items()} ^ set(self.taken)
        rows = Counter(row["name"] for row in self.rows)
        odd = {name for name in {*rows, *self.sent.values()} if rows[name] != 1}
        owned = {row["base_connection_id"]: row["name"] for row in self.rows if row["status"] == "connected"}
        known = {*owned, *(identity for row in self.rows for identity in _to_choose_from(row))}
        orphans = {item["name"] for item in self.remote if item["id"] not in known}
        vanished = {owned[identity] for identity in owned.keys() - {item["id"] for item in self.remote}}
        return sorted({name for _, name in forms} | odd | orphans | vanished)

    @property
    def double(self) -> list[str]:
        """Made twice at the Flow Service, or one that two rows have."""
        made = Counter(item["name"] for item in self.remote)
        owners = Counter(row["base_connection_id"] for row in self.rows if row["base_connection_id"])
        shared = {row["name"] for row in self.rows if owners[row["base_connection_id"]] > 1}
        return sorted({name for name, number in made.items() if number > 1} | shared)

    @property
    def blind(self) -> list[str]:
        """Sent again though the last time may have made something, or more often than the wizard knows."""
        again = {name for name, kinds in self.events.items() if _sent_blindly(kinds)}
        return sorted(again | {name for name in self.posts if self.posts[name] > self.events[name].count("sent")})

    @property
    def stuck(self) -> list[str]:
        """Not at an end, or connected but otherwise than it is there; and changes that have no end."""
        there = {item["id"]: (item["state"], item.get("etag"), item.get("description", "")) for item in self.remote}
        odd = [
            f"{row['name']} ({row['status']})"
            for row in self.rows
            if not is_final(row)
            or (row["status"] == "connected" and there.get(row["base_connection_id"]) != _as_kept(row))
        ]
        return sorted(odd + [f"{name} ({kind})" for name, kind, status in self.changes if status in UNDER_WAY])

    @property
    def bad(self) -> dict[str, list[str]]:
        """All that has to be empty."""
        return {
            "lost": self.lost,
            "double": self.double,
            "sent blindly": self.blind,
            "stuck": self.stuck,
            "secrets": self.secrets,
            "processes left over": [str(pid) for pid in self.left_over],
            "trouble with the forms": [self.trouble] if self.trouble else [],
        }

    @property
    def is_good(self) -> bool:
        return not any(self.bad.values())

    def table(self) -> str:
        attempts = Counter(row["attempts"] for row in self.rows)
        again = self.posts.total() - len(self.posts)
        creates = f"{self.posts.total()} creates received, {again} of them again"
        lines = {
            "forms": f"{len(self.sent)}, sent again {self.sent_again} times while the web server was down",
            "rows": f"{len(self.rows)}: {_counts(self.by_status)}",
            "attempts": ", ".join(f"{number} rows with {times}" for times, number in sorted(attempts.items())),
            "on the way": _counts(
                Counter(kind for kinds in self.events.values() for kind in kinds if kind in ON_THE_WAY)
            ),
            "changes": f"{self.asked} asked for, tests among them: {_counts(self.by_change)}",
            "Flow Service": f"{len(self.remote)} connections; {creates}",
            "faults": _counts(self.met),
            "SIGKILL": _counts(self.killed),
            **{name: f"{len(found)}  {', '.join(found[:10])}".rstrip() for name, found in self.bad.items()},
        }
        title = f"Seed {self.seed}: {len(self.sent)} creates, {self.raged:.0f} s of faults, {self.took:.0f} s in all"
        return "\n".join([title, *(f"  {name:<24}{line}" for name, line in lines.items())])


def is_final(row: dict[str, Any]) -> bool:
    """Nothing will change by itself any more, and nothing has to."""
    if row.get("test_status") == "pending":
        return False
    if row["status"] == "connected":
        return row["follow_at"] is None and row["remote_state"] in ("enabled", "disabled")
    # Not before a person approves it.
    return row["status"] in ("failed", "deleted", "approval") or (
        row["status"] == "unknown" and row["next_look_at"] is None
    )


def _as_kept(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["remote_state"], row["etag"], row.get("description", "")


def _sent_blindly(kinds: list[str]) -> bool:
    """Between two sends stands that the first one has made nothing; after an unknown outcome there is none at all."""
    last = ""
    # Held back by the circuit breaker is put back, too: it went to nobody.
    for kind in (kind for kind in kinds if kind in ("sent", "put_back", "held", "unknown")):
        if kind == "sent" and last in ("sent", "unknown"):
            return True
        last = "unknown" if last == "unknown" else kind
    return False


def _to_choose_from(row: dict[str, Any]) -> list[str]:
    return [item["id"] for item in json.loads(row["candidates"])] if row["status"] == "unknown" else []


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counter.items())) or "none"
