"""Keyed hashes: the same for as long as the database lives, and nobody's without its keys."""

import pytest
from django.db import transaction

from wizard.environment import new_credential_key
from wizard.vault import canary, macs
from wizard.vault.keyring import CannotOpen
from wizard.vault.models import MacKey


def test_the_same_content_has_the_same_mac_and_each_purpose_its_own(db):
    found = macs.mac("chain", b"content")
    macs.forget()

    assert macs.mac("chain", b"content") == found
    assert len(found) == 32
    assert found not in (macs.mac("chain", b"Content"), macs.mac("other", b"content"))
    assert MacKey.objects.count() == 1


def test_it_is_made_with_the_canary_and_not_made_anew(db):
    canary.ensure(is_new=True)
    sealed = bytes(MacKey.objects.get().sealed)
    canary.ensure(is_new=False)
    assert bytes(MacKey.objects.get().sealed) == sealed


@pytest.mark.django_db(transaction=True)
def test_a_key_whose_transaction_was_rolled_back_is_not_used_any_more():
    with transaction.atomic():
        lost = macs.mac("chain", b"content")
        assert macs.mac("chain", b"content") == lost
        transaction.set_rollback(True)
    kept = macs.mac("chain", b"content")
    macs.forget()

    assert kept != lost
    assert macs.mac("chain", b"content") == kept


@pytest.mark.django_db(transaction=True)
def test_it_is_read_once():
    macs.mac("chain", b"content")
    MacKey.objects.all().delete()
    macs.mac("chain", b"content")
    assert not MacKey.objects.exists()


def test_with_another_ring_there_is_none(db, settings):
    macs.mac("chain", b"content")
    settings.CREDENTIAL_KEYS = [new_credential_key()]
    macs.forget()

    with pytest.raises(CannotOpen):
        macs.mac("chain", b"content")


def test_two_values_have_one_fingerprint_only_if_they_are_the_same(db):
    assert macs.fingerprint({"a": 1, "b": 2}, "places") == macs.fingerprint({"b": 2, "a": 1}, "places")
    assert macs.fingerprint({"a": 1}, "places") != macs.fingerprint({"a": 2}, "places")
