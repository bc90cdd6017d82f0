"""Adobe's words lead to the field that they are about, however they write its name."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.flow_service.named_fields import named_field

NAMES = ["password", "auth.params.connectionString", "requestParameterOverride.clientId", "userId", "user", "host"]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("The mandatory field 'password' is not provided.", "password"),
        ("The mandatory field password is not provided.", "password"),
        ('Not a valid input for property="host"', "host"),
        ("Not a valid input for property=host.", "host"),
        ("Not a valid input for:host", "host"),
        ("The value given for “userId” is not valid.", "userId"),
        ("auth.params.connectionString is not valid", "auth.params.connectionString"),
        ("The value given for 'auth.params.password' is not valid.", "password"),
        ("/auth/params/password", "password"),
        ("requestParameterOverride.clientId, please", "requestParameterOverride.clientId"),
    ],
)
def test_it_finds_a_name_that_stands_as_a_word(message: str, name: str) -> None:
    assert named_field(message, NAMES) == name


@pytest.mark.parametrize(
    "message",
    ["", "passwords", "mypassword", "password_file", "password2", "host-name", "ghost", "super-user", "übuser"],
)
def test_a_part_of_another_word_is_not_a_name(message: str) -> None:
    assert named_field(message, NAMES) == ""


def test_the_longest_name_wins_wherever_it_stands() -> None:
    assert named_field("host, user and password", NAMES) == "password"
    assert named_field("clientId", ["client", "clientId"]) == "clientId"
    assert named_field("a.clientId is missing", ["clientId", "a.clientId"]) == "a.clientId"


def test_the_very_same_letters_come_before_other_capitals() -> None:
    assert named_field("The field userid is missing.", ["userId", "userid"]) == "userid"
    assert named_field("The PASSWORD of the user is missing.", ["password", "user"]) == "user"


def test_capitals_do_not_matter_where_no_name_fits_exactly() -> None:
    assert named_field("The field Password is missing.", NAMES) == "password"


def test_a_dot_in_a_name_is_nothing_but_a_dot() -> None:
    assert named_field("aXb", ["a.b"]) == ""
    assert named_field("(", ["("]) == "("


def test_without_names_there_is_none() -> None:
    assert named_field("The field password is missing.", []) == ""
    assert named_field("The field '' is missing.", [""]) == ""


@given(st.text(), st.lists(st.text(max_size=8), max_size=5))
def test_whatever_comes_in_one_of_the_names_comes_out_or_none(message: str, names: list[str]) -> None:
    assert named_field(message, names) in {"", *names}


@given(st.sampled_from(NAMES))
def test_every_name_is_found_in_its_own_quotes(name: str) -> None:
    assert named_field(f"The mandatory field '{name}' is not provided.", NAMES) == name


@pytest.mark.parametrize("part", ["a", "a.", "a-", "-", "'", "password", "password ", ".a"])
def test_a_hostile_message_takes_no_longer_than_its_length_asks_for(part: str) -> None:
    started = time.perf_counter()
    named_field(part * 200_000, ["a" * 50 + "b", "a." * 20 + "b", "nothing"])
    assert time.perf_counter() - started < 5
