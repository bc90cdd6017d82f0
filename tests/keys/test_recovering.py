"""From a backup and a sheet to a wizard that works, on a machine that knows nothing of the former one."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.start.running import House
from wizard.environment import new_credential_key


@pytest.fixture
def lost(tmp_path: Path) -> House:
    """A house whose data was sealed with two keys, one after the other."""
    house = House(tmp_path / "lost")
    old = new_credential_key()
    assert house.run("prepare", CREDENTIAL_KEYS=old) == (0, "")
    house.settings["CREDENTIAL_KEYS"] = f"{new_credential_key()},{old}"
    return house


def test_a_backup_and_the_sheet_are_all_that_is_needed(lost: House, tmp_path: Path) -> None:
    sheet, keys, backup = tmp_path / "sheet", tmp_path / "keys", tmp_path / "backup.sqlite3"
    assert lost.run("recovery_sheet", "--output", str(sheet))[0] == 0
    shutil.copy(lost.data_dir / "wizard.sqlite3", backup)
    shutil.rmtree(lost.data_dir)

    typed = re.findall(r"^  ([A-Za-z0-9+/]{43}=)$", sheet.read_text(), re.MULTILINE)
    keys.write_text(",".join(typed))
    keys.chmod(0o600)
    found = House(tmp_path / "found", CREDENTIAL_KEYS_FILE=str(keys))
    code, said = found.run("recovery_drill", "--database", str(backup), "--keys-file", str(keys))
    assert (code, "This copy can be recovered with these keys." in said) == (0, True)
    assert not [key for key in typed if key in said]

    shutil.copy(backup, found.data_dir / "wizard.sqlite3")
    assert found.run("prepare") == (0, "")
    code, said = found.run("rotate_keys")
    assert (code, said.splitlines()[-1]) == (0, "Unreadable: 0")


@pytest.mark.parametrize("with_log", [True, False])
def test_the_drill_leaves_the_files_as_they_are(lost: House, tmp_path: Path, with_log: bool) -> None:
    """With what is in the write-ahead log alone, and without one."""
    copy, ends = tmp_path / "copy", ("", "-wal") if with_log else ("",)
    copy.mkdir()
    source = lost.data_dir / "wizard.sqlite3"
    with closing(sqlite3.connect(source)) as open_elsewhere:
        open_elsewhere.execute("select count(*) from vault_keycanary").fetchall()
        assert lost.run("rotate_keys")[0] == 0
        if not with_log:
            open_elsewhere.execute("pragma wal_checkpoint(truncate)")
        for end in ends:
            shutil.copy(f"{source}{end}", copy / f"copy.sqlite3{end}")
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in copy.iterdir()}
    assert len(before) == len(ends)
    new = lost.settings["CREDENTIAL_KEYS"].split(",")[0]
    code, said = lost.run("recovery_drill", "--database", str(copy / "copy.sqlite3"), CREDENTIAL_KEYS=new)

    assert code == 0, said
    assert {name: ((copy / name).read_bytes(), (copy / name).stat().st_mtime_ns) for name in before} == before
