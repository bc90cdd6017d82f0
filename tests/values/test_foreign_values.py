"""A value of Adobe's that no page and no database could hold does not take the place of ours."""

from functools import reduce
from math import inf

import pytest

from wizard.catalog.loader import load_catalog
from wizard.values.typed import with_remote_params, with_remote_values
from wizard.vault.secret import Secret

OURS = {"server": "db.example.com", "password": "ours"}
TYPED = {"auth.params.server": "db.example.com"}

DEEP = reduce(lambda inner, _: [inner], range(5000), [])
UNFIT = [
    "\ud800x",
    "a\x00b",
    "x" * 20_001,
    ["a\x00"],
    ["\ud800"],
    {"\ud800": 1},
    {"a": {"b": "\x00"}},
    ["x" * 20_001],
    inf,
]


@pytest.fixture
def auth_spec():
    return load_catalog().get("postgres").auth_spec("basic-azure")


@pytest.mark.parametrize("value", [*UNFIT, DEEP], ids=range(len(UNFIT) + 1))
def test_what_cannot_be_kept_leaves_ours(auth_spec, value):
    assert with_remote_params(auth_spec, Secret(OURS), {"server": value}).open() == OURS
    assert with_remote_values(auth_spec, TYPED, {"server": value}) == TYPED


@pytest.mark.parametrize("value", ["theirs", "x" * 20_000, "<b>ü😀\r\n\x1b", 7, 1.5, True, ["a"]])
def test_what_can_be_kept_is_taken_over(auth_spec, value):
    assert with_remote_params(auth_spec, Secret(OURS), {"server": value}).open() == {**OURS, "server": value}
    assert with_remote_values(auth_spec, TYPED, {"server": value}).keys() == TYPED.keys()
    assert with_remote_values(auth_spec, TYPED, {"server": value}) != TYPED


def test_a_secret_of_theirs_is_never_taken_over(auth_spec):
    assert with_remote_params(auth_spec, Secret(OURS), {"password": "theirs"}).open() == OURS
