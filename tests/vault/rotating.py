"""A rotation as an operator runs it: processes of the product, killed on the way, while others write."""

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.start.running import House
from wizard.environment import new_credential_key

ROWS = 5_000  # of two sealed values each
PASSWORD = "correct horse battery"
KILLED_AFTER = (1_000, 2_000, 3_000)  # rows that one run has seen

FILL = """
from wizard.connections.models import BaseConnection
from wizard.organizations.models import Organization
from wizard.people.models import User

organization = Organization.objects.get()
person = User.objects.create_user("filler@example.com", PASSWORD, is_admin=True)
common = {"organization": organization, "sandbox_name": "prod", "source": "postgres", "source_label": "PostgreSQL"}
common |= {"status": "connected", "created_by": person, "connection_spec_id": "74a1c565"}
def row(number):
    found = BaseConnection(name=f"Filled {number}", base_connection_id=f"filled-{number}", **common)
    found.destination = f"{number:064}"
    found.seal("auth_params", {"password": f"pw-{number}"})
    found.seal("form_values", {"auth.params.port": number})
    return found
BaseConnection.objects.bulk_create((row(number) for number in range(ROWS)), batch_size=500)
"""
# Forms that are submitted, and a draft that is saved again and again, until the file is there.
WRITE = """
import time
import uuid
from pathlib import Path
from wizard.asking.drafts import save_draft
from wizard.asking.starting import start_connection
from wizard.asking.wishes import Wish
from wizard.organizations.models import Sandbox
from wizard.people.models import User
from wizard.sources.offered import connection_spec
from wizard.vault.secret import Secret

sandbox, person = Sandbox.objects.select_related("organization").get(), User.objects.get(email="filler@example.com")
spec = connection_spec(sandbox.organization, "postgres")
def wish(name, secret, submission_id):
    values = {"auth.params.server": "db.example.com"}
    return Wish(spec, spec.auth_specs[0], sandbox, name, "", Secret({"password": secret}), values, submission_id)
draft, number = uuid.uuid4(), 0
while not Path(STOP).exists():
    number += 1
    time.sleep(0.05)
    save_draft(person, wish("A draft", f"pw-{number}", draft))
    start_connection(person, wish(f"Written {WRITER} {number}", f"pw-{number}", uuid.uuid4()))
print(number)
"""
COUNT = """
import json
from wizard.connections.models import BaseConnection
from wizard.vault.overview import overview
found = overview()
keys = {line.fingerprint: line.total for line in found.lines}
print(json.dumps({"keys": keys, "rows": BaseConnection.objects.count(), "left": found.left}))
"""
# Every value opens, and those whose content is known have it.
OPEN_ALL = """
import json
from wizard.connections.models import BaseConnection
from wizard.vault.registry import sealed_tables
from wizard.vault.sealing import key_ring
opened = sum(
    table.open(key_ring(), row, name) is not None
    for table in sealed_tables() for row in table.rows() for name in table.values(row)
)
filled = BaseConnection.objects.filter(name__startswith="Filled ").select_related("organization")
right = sum(
    row.unseal("auth_params").open() == {"password": f"pw-{row.form_number}"}
    for row in filled if not setattr(row, "form_number", row.unseal("form_values").open()["auth.params.port"])
)
flagged = BaseConnection.objects.filter(is_unreadable=True).count()
print(json.dumps({"opened": opened, "right": right, "flagged": flagged}))
"""


class Rotation:
    """A house that was filled under its old key, and then got a new one in front of it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.old, self.new = new_credential_key(), new_credential_key()
        self._keys(self.old)
        assert house.run("prepare") == (0, "")
        self.script(FILL, ROWS=ROWS, PASSWORD=PASSWORD)
        self.before = self.count()["keys"]
        self.old_id = next(iter(self.before))
        self._keys(f"{self.new},{self.old}")

    def _keys(self, keys: str) -> None:
        self.house.settings["CREDENTIAL_KEYS"] = keys

    def script(self, text: str, **values: object) -> str:
        code, said = self.house.run("shell", "--no-imports", "-c", _with(text, values))
        assert code == 0, said
        return said.strip()

    def count(self) -> dict:
        return json.loads(self.script(COUNT).splitlines()[-1])

    @contextmanager
    def writers(self, number: int, directory: Path):
        """Processes that write through the application's own code; `made` gets how much each of them wrote."""
        stop, made = directory / "stop", []
        with ExitStack() as stack:
            processes = [
                stack.enter_context(self.house.popen("shell", "--no-imports", "-c", _with(WRITE, values)))
                for values in ({"STOP": str(stop), "WRITER": writer} for writer in range(number))
            ]
            try:
                yield made
            finally:
                stop.touch()
            said = [process.communicate(timeout=60)[0] for process in processes]
            made += [int(text.splitlines()[-1]) for text in said]

    def rotate(self) -> tuple[int, str]:
        """To its end: exit code and output."""
        with self.house.popen("rotate_keys") as process:
            said, _ = process.communicate(timeout=120)
        return process.returncode, said

    def rotate_and_kill(self, rows: int) -> None:
        """SIGKILL as soon as a run has seen so many connections."""
        with self.house.popen("rotate_keys") as process:
            for line in process.stdout:
                table, _, words = line.partition(": ")
                if table == "connections.baseconnection" and int(words.split()[0]) >= rows:
                    break
            else:
                raise AssertionError("It came to its end before it was killed.")
            process.kill()

    def retire(self) -> None:
        """The old key is taken off the ring."""
        self._keys(self.new)


def _with(text: str, values: dict[str, object]) -> str:
    return "\n".join([*(f"{name} = {value!r}" for name, value in values.items()), text])


def prove(rotation: Rotation) -> None:
    """Killed three times, and run to its end; somebody writes meanwhile."""
    left = [rotation.before[rotation.old_id]]
    assert left[0] >= 2 * ROWS
    for rows in KILLED_AFTER:
        rotation.rotate_and_kill(rows)
        left.append(rotation.count()["keys"][rotation.old_id])
    assert left == sorted(set(left), reverse=True), left
    assert left[-1] > 0
    code, said = rotation.rotate()
    assert (code, said.splitlines()[-1]) == (0, "Unreadable: 0"), said[-500:]


def assert_all_is_there(rotation: Rotation, written: int) -> None:
    """With the old key gone: as many values as were sealed, each of which opens, and each under the new key."""
    rotation.retire()
    found = rotation.count()
    assert list(found["keys"]) == [next(iter(found["keys"]))], "values are left under another key"
    assert found["rows"] == ROWS + written
    opened = json.loads(rotation.script(OPEN_ALL).splitlines()[-1])
    assert opened == {"opened": sum(found["keys"].values()), "right": ROWS, "flagged": 0}
    code, said = rotation.house.run("rotate_keys", "--dry-run")
    counts = ["To be sealed anew: 0", f"Already current: {opened['opened']}", "Unreadable: 0"]
    assert (code, said.splitlines()[-3:]) == (0, counts)
