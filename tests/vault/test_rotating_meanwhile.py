"""rotate_keys while others write: what they wrote stays, and is sealed anew, too."""

from tests.vault.steps import rotate
from wizard.connections.models import BaseConnection, Change
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.vault import rotation, tables
from wizard.vault.secret import Secret


def test_what_somebody_writes_meanwhile_is_not_lost(rotated, monkeypatch):
    """Between reading and writing an edit comes: it stays, and is looked at again."""
    look, written = rotation.look, []

    def look_slowly(table, row, ring):
        found = look(table, row, ring)
        if table.model is BaseConnection and not written:
            now = BaseConnection.objects.get(pk=row.pk)
            now.destination = "elsewhere"
            for name in ("auth_params", "form_values"):
                now.seal(name, {"password": "newer"})
            now.save()
            written.append(now.pk)
        return found

    monkeypatch.setattr(rotation, "look", look_slowly)
    assert rotate()[0] == 0
    row = BaseConnection.objects.get(pk=written[0])
    assert row.unseal("auth_params") == row.unseal("form_values") == Secret({"password": "newer"})


def test_of_many_rows_only_the_one_that_somebody_has_changed_is_left(rotated):
    table = tables.SealedColumns(BaseConnection)
    rows = list(table.rows())
    assert len(rows) > 1
    BaseConnection.objects.filter(pk=rows[0].pk).update(form_values=b"newer")

    assert table.keep_all([(row, {"auth_params": b"anew"}) for row in rows]) == {rows[0].pk}
    found = {row.pk: bytes(row.auth_params) for row in table.rows()}
    assert found == {row.pk: b"anew" if row.pk != rows[0].pk else bytes(rows[0].auth_params) for row in rows}


def test_a_row_that_others_change_all_the_time_is_left_to_the_next_run(rotated, monkeypatch):
    monkeypatch.setattr(tables.SealedColumns, "keep_all", lambda _table, found: {row.pk for row, _new in found})
    code, said = rotate()
    assert code == 1
    assert "Still sealed with another key" in said[-1]
    assert Event.objects.get(kind=Kind.KEYS_ROTATED).outcome == "failed"


def test_a_row_that_is_gone_meanwhile_is_no_trouble(rotated, monkeypatch):
    look = rotation.look

    def look_last(table, row, ring):
        found = look(table, row, ring)
        if table.model is Change:
            Change.objects.all().delete()
        return found

    monkeypatch.setattr(rotation, "look", look_last)
    assert rotate()[0] == 0
