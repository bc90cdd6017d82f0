"""manage.py keys: what each key seals, as counted in the database, and what is to be done about it."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.vault.former import make_former
from wizard.connections.models import BaseConnection
from wizard.environment import new_credential_key
from wizard.vault import canary
from wizard.vault.models import KeyCanary
from wizard.vault.overview import overview
from wizard.vault.sealing import key_ring

NEW = new_credential_key()


@pytest.fixture
def house(asked_for, settings):
    canary.ensure(is_new=True)
    asked_for()
    return settings


def said():
    out = StringIO()
    call_command("keys", stdout=out)
    return out.getvalue()


def test_it_shows_the_key_by_its_fingerprint_and_never_itself(house):
    text = said()
    key = key_ring().keys[0].id.hex()
    assert f"{key}  seals  5 values\n  connections.baseconnection.auth_params: 1\n" in text
    assert "Canary: it opens with these keys" in text
    assert "Nothing is to be done" in text
    assert not [found for found in house.CREDENTIAL_KEYS if found in text]


def test_it_leads_through_a_rotation(house):
    old = house.CREDENTIAL_KEYS[0]
    house.CREDENTIAL_KEYS = [NEW, old]
    assert "Run “manage.py rotate_keys”" in said()
    assert overview().left == 5
    call_command("rotate_keys", stdout=StringIO())
    assert "Nothing is sealed with one of the keys behind the first" in said()
    house.CREDENTIAL_KEYS = [NEW]
    assert "Nothing is to be done" in said()


def test_it_names_a_key_that_nobody_has_given(house):
    old = key_ring().keys[0].id.hex()
    house.CREDENTIAL_KEYS = [NEW]
    text = said()
    assert f"{old}  is not on the ring  5 values" in text
    assert "do not belong together" in text
    assert "Put that key back" in text
    assert "does not open this database" in overview().canary


def test_it_counts_what_is_in_the_former_format(house):
    make_former(BaseConnection.objects.get())
    assert "In the former format, bound to less of their place: 2" in said()
    assert "Run “manage.py rotate_keys”" in said()


def test_a_canary_that_is_gone_is_told(house):
    KeyCanary.objects.all().delete()
    assert "canary is gone" in said()


def test_a_sample_key_behind_the_first_is_to_go(house):
    house.CREDENTIAL_KEYS = [*house.CREDENTIAL_KEYS, "A" * 43 + "="]
    assert "sample or was made up" in said()
