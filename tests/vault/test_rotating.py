"""rotate_keys: everything is sealed anew with the first key, nothing is lost, and what does not open is named."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from tests.vault.former import make_former
from wizard.connections.models import BaseConnection, Change
from wizard.environment import new_credential_key
from wizard.organizations.models import Organization
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.vault import canary, macs, registry, rotation, tables
from wizard.vault.fields import SealedField
from wizard.vault.models import KeyCanary, MacKey
from wizard.vault.overview import overview
from wizard.vault.sealing import key_ring, seal, unseal
from wizard.vault.secret import Secret

NEW = new_credential_key()
NONSENSE = b"\x02" + 60 * b"x"


@pytest.fixture
def house(asked_for, settings):
    """Four connections, a change, an organization, canary and hash key, all sealed with the one key."""
    canary.ensure(is_new=True)
    for number in range(4):
        asked_for(f"Row {number}")
    connection = BaseConnection.objects.first()
    change = Change(connection=connection, kind="edit", revision=0)
    change.seal("wanted", {"password": "typed"})
    change.save()
    return settings


@pytest.fixture
def rotated(house):
    """A second key comes first."""
    house.CREDENTIAL_KEYS = [NEW, *house.CREDENTIAL_KEYS]
    return house


def rotate(*options):
    """Exit code and lines of the command."""
    said = StringIO()
    try:
        call_command("rotate_keys", *options, stdout=said)
    except SystemExit as end:
        return end.code, said.getvalue().splitlines()
    return 0, said.getvalue().splitlines()


def all_bytes():
    found = {}
    for table in registry.sealed_tables():
        for row in table.rows():
            found |= {(table.called(row), name): value for name, value in table.values(row).items()}
    return found


def test_every_model_with_sealed_fields_is_found(db):
    found = {(table.label, name) for table in registry.sealed_tables() for name in table.names}
    assert found >= {
        *(("connections.baseconnection", name) for name in ("auth_params", "form_values")),
        *(("connections.change", name) for name in ("before", "wanted")),
        *(("organizations.organization", name) for name in ("client_secret", "access_token")),
        *(("vault.keycanary", "sealed"), ("vault.mackey", "sealed")),
    }
    assert registry.sealed_tables()[-1].model is KeyCanary


def test_a_model_that_says_nothing_of_its_place_is_refused(monkeypatch):
    unsealed = type("Unsealed", (), {"_meta": Organization._meta})
    monkeypatch.setattr(registry.apps, "get_models", lambda: [unsealed])
    with pytest.raises(TypeError, match="has to be Sealed"):
        registry.sealed_tables()


def test_everything_is_sealed_anew_and_opens_without_the_former_key(rotated):
    before, hashed = all_bytes(), macs.mac("chain", b"content")
    values = len(before)
    code, said = rotate("--batch", "2")
    assert (code, said[-3:]) == (0, [f"Sealed anew: {values}", "Already current: 0", "Unreadable: 0"])
    assert "connections.baseconnection: 2 rows seen" in said

    rotated.CREDENTIAL_KEYS = [NEW]
    macs.forget()
    after = all_bytes()
    assert after.keys() == before.keys()
    assert all(after[place].startswith(key_ring().prefix) for place in after)
    assert all(row.unseal("auth_params") and row.unseal("form_values") for row in BaseConnection.objects.all())
    assert Change.objects.get().unseal("wanted").open() == {"password": "typed"}
    assert macs.mac("chain", b"content") == hashed
    canary.verify()


def test_once_more_nothing_is_written(rotated):
    rotate()
    before = all_bytes()
    code, said = rotate()
    assert (code, said[-3:]) == (0, ["Sealed anew: 0", f"Already current: {len(before)}", "Unreadable: 0"])
    assert all_bytes() == before


def test_a_dry_run_counts_and_writes_nothing(rotated):
    before = all_bytes()
    code, said = rotate("--dry-run")
    assert (code, said[-3]) == (0, f"To be sealed anew: {len(before)}")
    assert all_bytes() == before
    assert not Event.objects.filter(kind=Kind.KEYS_ROTATED).exists()


def test_it_is_recorded_with_its_counts(rotated):
    values = len(all_bytes())
    rotate()
    event = Event.objects.get(kind=Kind.KEYS_ROTATED)
    assert event.details == {"sealed_anew": values, "already_current": 0, "unreadable": 0, "left": 0}
    assert event.outcome == "succeeded"


def test_values_of_the_former_version_are_bound_to_all_of_their_place(house):
    connection = BaseConnection.objects.first()
    make_former(connection)
    assert overview().former == 2
    code, said = rotate()
    assert (code, said[-3]) == (0, "Sealed anew: 2")

    assert overview().former == 0
    connection.refresh_from_db()
    assert connection.unseal("auth_params").open()
    connection.destination = "elsewhere"
    assert connection.opened("auth_params") == Secret({})


def test_what_does_not_open_is_named_and_flagged_and_stops_nothing(rotated):
    broken, whole = BaseConnection.objects.order_by("pk")[:2]
    BaseConnection.objects.filter(pk=broken.pk).update(auth_params=NONSENSE)
    values = len(all_bytes())
    code, said = rotate()

    assert code == 1
    assert said[-4:] == [
        *(f"Sealed anew: {values - 1}", "Already current: 0", "Unreadable: 1"),
        f"  connections.baseconnection {broken.uuid}: auth_params",
    ]
    for row in (broken, whole):
        row.refresh_from_db()
    assert (broken.is_unreadable, whole.is_unreadable) == (True, False)
    assert bytes(broken.auth_params) == NONSENSE
    assert broken.unseal("form_values").open()


def test_a_key_that_comes_back_mends_what_was_unreadable(rotated):
    old = rotated.CREDENTIAL_KEYS[1]
    lost = new_credential_key()
    rotated.CREDENTIAL_KEYS = [lost, old]
    for connection in BaseConnection.objects.select_related("organization"):
        for name in ("auth_params", "form_values"):
            connection.seal(name, connection.unseal(name))
        connection.save()
    rotated.CREDENTIAL_KEYS = [NEW, old]
    assert rotate()[0] == 1
    assert BaseConnection.objects.filter(is_unreadable=True).count() == 4

    rotated.CREDENTIAL_KEYS = [NEW, lost]
    assert rotate()[0] == 0
    assert not BaseConnection.objects.filter(is_unreadable=True).exists()


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


def test_a_row_that_others_change_all_the_time_is_left_to_the_next_run(rotated, monkeypatch):
    monkeypatch.setattr(tables.SealedColumns, "keep", lambda *_: False)
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


def test_values_in_no_sealed_field_are_rotated_and_counted_too(rotated, monkeypatch):
    """As those of a foreign model: in base64, in a JSON column beside other things."""
    old, fresh = rotated.CREDENTIAL_KEYS[1], rotated.CREDENTIAL_KEYS
    rows = list(BaseConnection.objects.order_by("pk")[:3])
    rotated.CREDENTIAL_KEYS = [old]
    for row, content in zip(rows, ({}, {"pin": sealed_pin(rows[1])}, {"pin": "plain text"}), strict=True):
        row.body_extras = {"mask": 7, **content}
        row.save()
    rotated.CREDENTIAL_KEYS = fresh
    monkeypatch.setattr(registry, "_added", {})
    registry.add(tables.SealedTexts(BaseConnection, "body_extras", ("pin",), place=pin_place))

    found = overview()
    assert found.ring[1].counts["connections.baseconnection", "pin"] == 1
    assert [(line.fingerprint, line.total) for line in found.unknown] == [("none", 1)]
    code, said = rotate()
    assert code == 1
    assert said[-1] == f"  connections.baseconnection {rows[2].uuid}: pin"
    rotated.CREDENTIAL_KEYS = [NEW]
    extras = BaseConnection.objects.get(pk=rows[1].pk).body_extras
    assert extras["mask"] == 7
    assert unseal(base64.b64decode(extras["pin"]), *pin_place(rows[1], "pin")) == Secret("1234")


def sealed_pin(row):
    return base64.b64encode(seal("1234", *pin_place(row, "pin"))).decode()


def pin_place(row, name):
    return ("somebody else's", name, str(row.uuid))


def test_it_reads_no_more_rows_than_a_batch_has(rotated, django_assert_num_queries):
    table = next(table for table in registry.sealed_tables() if table.model is BaseConnection)
    with django_assert_num_queries(3) as queries:
        assert [len(rows) for rows in rotation.batches(table, 3)] == [3, 1]
    assert all("LIMIT 3" in query["sql"] for query in queries)


def test_a_database_that_does_not_answer_is_told_in_a_sentence(rotated, monkeypatch):
    def silent(*_):
        raise OperationalError("gone away")

    monkeypatch.setattr(rotation, "look", silent)
    with pytest.raises(CommandError, match=r"gone away.*Nothing is lost; run this again"):
        rotate()


def test_a_batch_of_nothing_is_refused(db):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("rotate_keys", "--batch", "0")


def test_the_hash_key_and_the_canary_are_sealed_fields_of_their_own(db):
    for model in (KeyCanary, MacKey):
        assert isinstance(model._meta.get_field("sealed"), SealedField)
