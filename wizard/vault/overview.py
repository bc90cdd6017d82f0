"""Which keys there are, and what each of them seals: counted in the database, by the first bytes of every value."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count

from wizard.vault import canary
from wizard.vault.keyring import PREFIX_BYTES, VERSION
from wizard.vault.registry import sealed_tables
from wizard.vault.sealing import key_ring
from wizard.vault.tables import SealedTable


@dataclass(frozen=True)
class Line:
    """One key: its fingerprint, how many values it seals by (table, field), and whether it is ours."""

    fingerprint: str
    counts: dict[tuple[str, str], int]
    is_on_ring: bool
    seals: bool = False
    is_sample: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def fields(self) -> list[tuple[str, int]]:
        """How many by “table.field”, in order."""
        return [(f"{table}.{name}", number) for (table, name), number in sorted(self.counts.items())]


# By the property of an Overview that makes it necessary.
STEPS = {
    "canary": "The keys and this database do not belong together: give the keys that it was sealed with.",
    "unknown": "Values are sealed with a key that is not in CREDENTIAL_KEYS. Put that key back, at the end; if it is "
    "lost, the secrets have to be typed again: rotate_keys finds out which.",
    "samples": "A key is a sample or was made up: others know it, or can guess it. Take it out once nothing is sealed "
    "with it any more.",
    "left": "Run “manage.py rotate_keys”: not everything is sealed with the first key, or bound to all of its place.",
    "retirable": "Nothing is sealed with one of the keys behind the first. If it is the former one, take it out of "
    "CREDENTIAL_KEYS, and keep it as long as you keep backups of its time. If it is the next one, put it first.",
}
ALL_WELL = "Nothing is to be done. Everything is sealed with the first key."


@dataclass(frozen=True)
class Step:
    """`key` names the condition, `words` are for a person."""

    key: str
    words: str


@dataclass(frozen=True)
class Overview:
    """`former` are values that are not bound to all of their place yet; `canary` is empty where it opens."""

    lines: list[Line]
    former: int
    canary: str

    @property
    def ring(self) -> list[Line]:
        return [line for line in self.lines if line.is_on_ring]

    @property
    def unknown(self) -> list[Line]:
        """Keys that values were sealed with, and that nobody has given us."""
        return [line for line in self.lines if not line.is_on_ring]

    @property
    def steps(self) -> list["Step"]:
        """What to do next, the most urgent first; one at least."""
        found = [Step(key, words) for key, words in STEPS.items() if getattr(self, key)]
        return found or [Step("all_well", ALL_WELL)]

    @property
    def samples(self) -> list[Line]:
        return [line for line in self.ring if line.is_sample]

    @property
    def retirable(self) -> list[Line]:
        """Keys that nothing is sealed with any more, beside the one that seals."""
        return [line for line in self.ring if not line.seals and not line.total]

    @property
    def left(self) -> int:
        """Values that `rotate_keys` has to seal anew."""
        return self.former + sum(line.total for line in self.ring if not line.seals)


def overview() -> Overview:
    """Reads no value, so that it is cheap, and cannot tell whether each of them opens. Raises DatabaseError."""
    counts: dict[bytes, dict[tuple[str, str], int]] = {}
    former = 0
    ring = key_ring()
    for table in sealed_tables():
        for name in table.names:
            for prefix, number in counted(table, name).items():
                by_field = counts.setdefault(prefix[1:PREFIX_BYTES], {})
                by_field[table.label, name] = by_field.get((table.label, name), 0) + number
                former += number if prefix[:1] != VERSION and prefix[1:] == ring.keys[0].id else 0
    lines = [
        Line(key.id.hex(), counts.pop(key.id, {}), is_on_ring=True, seals=key is ring.keys[0], is_sample=key.is_sample)
        for key in ring.keys
    ]
    lines += [Line(key_id.hex() or "none", by_field, is_on_ring=False) for key_id, by_field in sorted(counts.items())]
    return Overview(lines, former, _canary())


def counted(table: SealedTable, name: str) -> Counter[bytes]:
    """How many values begin with which version and key id."""
    rows = table.model._base_manager.annotate(prefix=table.prefix(name)).exclude(prefix=None)
    found = rows.order_by().values_list("prefix").annotate(number=Count("pk"))
    counts: Counter[bytes] = Counter()
    for prefix, number in found:
        counts[table.prefix_bytes(prefix)[:PREFIX_BYTES]] += number
    return counts


def _canary() -> str:
    try:
        canary.verify()
    except ImproperlyConfigured as error:
        return str(error)
    return ""
