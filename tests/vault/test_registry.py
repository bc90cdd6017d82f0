"""Every table with sealed values is known: those with sealed fields, and those that a room has added."""

import base64

import pytest

from tests.vault.steps import NEW, rotate
from wizard.connections.models import BaseConnection
from wizard.organizations.models import Organization
from wizard.vault import registry, tables
from wizard.vault.fields import SealedField
from wizard.vault.models import KeyCanary, MacKey
from wizard.vault.overview import overview
from wizard.vault.sealing import seal, unseal
from wizard.vault.secret import Secret


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


def test_the_hash_key_and_the_canary_are_sealed_fields_of_their_own(db):
    for model in (KeyCanary, MacKey):
        assert isinstance(model._meta.get_field("sealed"), SealedField)
