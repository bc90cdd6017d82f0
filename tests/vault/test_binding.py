"""A sealed value opens where it was sealed, and nowhere else: not copied, not swapped, not edited."""

import uuid
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.vault.former import former
from wizard.connections.models import BaseConnection, Change
from wizard.organizations.models import Organization
from wizard.vault.keyring import FORMER_VERSION, CannotOpen
from wizard.vault.models import KeyCanary, MacKey
from wizard.vault.secret import Secret

UUIDS = [uuid.UUID(int=number) for number in (1, 2)]
ORGANIZATIONS = [Organization(uuid=uuid.UUID(int=number), ims_org_id=f"{number}@AdobeOrg") for number in (3, 4)]
FIELDS = ("auth_params", "form_values")
# Texts that would run together, were they not kept apart.
TEXTS = ("", "a", "ab", "b", '","')


def rows() -> st.SearchStrategy[BaseConnection]:
    texts = st.sampled_from(TEXTS)
    names = ("sandbox_name", "connection_spec_id", "destination")
    uuids, organizations = st.sampled_from(UUIDS), st.sampled_from(ORGANIZATIONS)
    return st.builds(BaseConnection, uuid=uuids, organization=organizations, **dict.fromkeys(names, texts))


def place(row: BaseConnection, field: str) -> tuple[Any, ...]:
    return (field, row.uuid, row.organization.uuid, row.sandbox_name, row.connection_spec_id, row.destination)


def assert_closed(row: Any, field: str) -> None:
    with pytest.raises(CannotOpen):
        row.unseal(field)
    assert row.opened(field) == Secret({})


@given(first=rows(), other=rows(), fields=st.tuples(*[st.sampled_from(FIELDS)] * 2), value=st.text(max_size=20))
def test_a_copied_value_opens_only_where_row_field_organization_sandbox_spec_and_destination_are_the_same(
    first, other, fields, value
):
    first.seal(fields[0], value)
    setattr(other, fields[1], getattr(first, fields[0]))

    if place(first, fields[0]) == place(other, fields[1]):
        assert other.unseal(fields[1]) == Secret(value)
    else:
        assert_closed(other, fields[1])


@given(first=rows(), other=rows())
def test_two_swapped_values_open_nowhere(first, other):
    assume(place(first, "auth_params") != place(other, "auth_params"))
    for row in (first, other):
        row.seal("auth_params", {"password": str(row.uuid)})
    first.auth_params, other.auth_params = other.auth_params, first.auth_params

    assert_closed(first, "auth_params")
    assert_closed(other, "auth_params")


@given(row=rows(), data=st.data(), is_former=st.booleans())
def test_a_value_with_any_byte_edited_does_not_open(row, data, is_former):
    row.seal("auth_params", {"password": "pw"})
    sealed = former(row, "auth_params") if is_former else row.auth_params
    index = data.draw(st.integers(0, len(sealed) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda found: found != sealed[index]))
    row.auth_params = sealed[:index] + bytes([byte]) + sealed[index + 1 :]

    assert_closed(row, "auth_params")


@given(row=rows(), destination=st.sampled_from(TEXTS))
def test_a_value_of_the_former_version_opens_whatever_the_destination_is_and_nowhere_else(row, destination):
    row.seal("auth_params", "pw")
    row.auth_params, row.destination = former(row, "auth_params"), destination
    assert row.auth_params[:1] == FORMER_VERSION
    assert row.unseal("auth_params").open() == "pw"

    row.form_values, row.sandbox_name = row.auth_params, f"{row.sandbox_name}2"
    assert_closed(row, "auth_params")
    assert_closed(row, "form_values")


@given(row=rows(), destination=st.sampled_from(TEXTS))
def test_a_change_outlives_the_destination_of_its_connection_and_opens_for_no_other_change(row, destination):
    change, other = Change(connection=row, uuid=UUIDS[0]), Change(connection=row, uuid=UUIDS[1])
    change.seal("wanted", "pw")
    row.destination = destination
    assert change.unseal("wanted").open() == "pw"

    change.before = other.wanted = change.wanted
    assert_closed(change, "before")
    assert_closed(other, "wanted")
    row.form_values = change.wanted
    assert_closed(row, "form_values")


def test_organization_canary_and_hash_key_are_bound_to_themselves_too():
    first, other = ORGANIZATIONS
    first.seal("client_secret", "pw")
    other.client_secret = first.access_token = first.client_secret
    assert_closed(other, "client_secret")
    assert_closed(first, "access_token")

    key, canary = MacKey(name="one"), KeyCanary()
    key.seal("sealed", "pw")
    canary.sealed = key.sealed
    assert_closed(canary, "sealed")
    key.name = "other"
    assert_closed(key, "sealed")
