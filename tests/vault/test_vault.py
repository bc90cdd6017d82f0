"""The vault: what is sealed opens at its own place with its own key, and nowhere else."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from wizard.environment import new_credential_key
from wizard.vault import canary
from wizard.vault.keyring import BadKey, CannotOpen, KeyRing
from wizard.vault.models import KeyCanary
from wizard.vault.sealing import seal, unseal

OLD, NEW = new_credential_key(), new_credential_key()


@given(plain=st.binary(max_size=200), context=st.binary(max_size=50))
def test_it_opens_what_it_sealed(plain, context):
    ring = KeyRing([OLD])
    sealed = ring.seal(plain, context)

    assert ring.open(sealed, context) == plain
    assert len(plain) < 4 or plain not in sealed


def test_the_first_key_seals_and_all_of_them_open():
    before = KeyRing([OLD]).seal(b"secret", b"place")
    ring = KeyRing([NEW, OLD])

    assert ring.open(before, b"place") == b"secret"
    assert KeyRing([NEW]).open(ring.seal(b"secret", b"place"), b"place") == b"secret"


def test_it_does_not_open_elsewhere_nor_with_another_key():
    sealed = KeyRing([OLD]).seal(b"secret", b"row 1")

    with pytest.raises(CannotOpen, match="belongs elsewhere"):
        KeyRing([OLD]).open(sealed, b"row 2")
    with pytest.raises(CannotOpen, match="no key"):
        KeyRing([NEW]).open(sealed, b"row 1")


def test_a_value_with_any_byte_changed_does_not_open():
    ring = KeyRing([OLD])
    sealed = ring.seal(b"secret", b"place")
    for index in range(len(sealed)):
        changed = sealed[:index] + bytes([sealed[index] ^ 3]) + sealed[index + 1 :]
        with pytest.raises(CannotOpen):
            ring.open(changed, b"place")
    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            ring.open(sealed[:length], b"place")


def test_two_seals_of_one_value_differ():
    ring = KeyRing([OLD])
    assert ring.seal(b"secret", b"place") != ring.seal(b"secret", b"place")


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"1" * 31).decode(), "ü" * 44, OLD + OLD])
def test_it_refuses_what_is_no_key(text):
    with pytest.raises(BadKey, match="32 random bytes"):
        KeyRing([text])


def test_it_takes_the_url_safe_alphabet_too():
    raw = b"\xff\xfe" * 16
    both = [base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")]
    assert KeyRing(both[:1]).keys[0].id == KeyRing(both[1:]).keys[0].id


def test_a_ring_without_keys_is_refused():
    with pytest.raises(BadKey, match="at least one"):
        KeyRing([])


def test_a_key_does_not_show_itself():
    ring = KeyRing([OLD])
    assert OLD not in repr(ring.keys) + str(ring.keys[0])


def test_places_do_not_run_together():
    sealed = seal("value", "ab", "c")
    with pytest.raises(CannotOpen):
        unseal(sealed, "a", "bc")


def test_the_canary_opens_with_the_keys_that_made_it(db):
    canary.ensure(is_new=True)
    canary.ensure(is_new=True)
    assert KeyCanary.objects.count() == 1


def test_another_key_stops_the_start_with_a_sentence(db, settings):
    canary.ensure(is_new=True)
    settings.CREDENTIAL_KEYS = [NEW]

    with pytest.raises(ImproperlyConfigured, match=r"CREDENTIAL_KEYS does not open this database.*no new key was made"):
        canary.verify()
    with pytest.raises(ImproperlyConfigured):
        canary.ensure(is_new=True)
    assert KeyCanary.objects.count() == 1


def test_a_canary_that_is_gone_is_not_made_anew_over_data(db, settings):
    settings.CREDENTIAL_KEYS = [NEW]

    with pytest.raises(ImproperlyConfigured, match="canary is gone"):
        canary.ensure(is_new=False)
    assert not KeyCanary.objects.exists()


def test_an_unprepared_database_says_what_to_run(db):
    with pytest.raises(ImproperlyConfigured, match="prepare"):
        canary.verify()


def test_a_wrong_key_in_the_settings_is_named(settings):
    settings.CREDENTIAL_KEYS = ["nonsense"]
    with pytest.raises(ImproperlyConfigured, match="CREDENTIAL_KEYS"):
        seal("value", "place")
