"""rotate_keys: everything is sealed anew with the first key, nothing is lost, and what does not open is named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from tests.vault.former import make_former
from tests.vault.steps import NEW, all_bytes, rotate
from wizard.connections.models import BaseConnection, Change
from wizard.environment import new_credential_key
from wizard.record.kinds import Kind
from wizard.record.models import Event
from wizard.vault import canary, macs, registry, rotation
from wizard.vault.overview import overview
from wizard.vault.sealing import key_ring
from wizard.vault.secret import Secret

NONSENSE = b"\x02" + 60 * b"x"


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
