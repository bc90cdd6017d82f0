"""What becomes of the names of columns in a mapping set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.dataflows.xdm_paths import XDM_PATH, source_attribute, xdm_paths

NAMES = st.lists(st.text(min_size=1), unique=True)


@pytest.mark.parametrize(
    ("column", "path"),
    [
        ("customer_id", "customer_id"),
        ("_id", "_id"),
        ("First Name", "First_Name"),
        ("price (EUR)", "price_EUR"),
        ("Größe", "Gro_e"),
        ("café", "cafe"),
        ("person.name", "person_name"),
        ("2nd", "column_2nd"),
        ("顧客", "column"),
        ("'; rm -rf /", "rm_rf"),
        ("{{x}}", "x"),
    ],
)
def test_a_name_that_cannot_be_a_fields_is_made_one(column, path):
    assert xdm_paths([column], "") == {column: path}


def test_the_prefix_stands_before_every_field():
    assert xdm_paths(["id", "total"], "_acme.orders") == {"id": "_acme.orders.id", "total": "_acme.orders.total"}


def test_names_that_would_become_the_same_are_numbered_and_a_good_name_keeps_its_own():
    columns = ["first name", "first_name", "FIRST_NAME", "first-name"]
    assert xdm_paths(columns, "") == {
        "first name": "first_name_3",
        "first_name": "first_name",
        "FIRST_NAME": "FIRST_NAME_2",
        "first-name": "first_name_4",
    }


@given(NAMES)
def test_every_column_gets_a_field_of_its_own_in_their_order(columns):
    found = xdm_paths(columns, "_acme")
    assert list(found) == columns
    assert len({path.lower() for path in found.values()}) == len(columns)
    assert all(XDM_PATH.fullmatch(path) for path in found.values())


@pytest.mark.parametrize(
    ("column", "attribute"),
    [
        ("customer_id", "customer_id"),
        ("größe", "größe"),
        ("First Name", "${First Name}"),
        ("First.Name", "${First\\.Name}"),
        ("a}b\\c", "${a\\}b\\\\c}"),
        ("2nd", "${2nd}"),
        ("new", "${new}"),
        ("date", "${date}"),
    ],
)
def test_a_mapping_writes_a_name_as_data_prep_reads_it(column, attribute):
    assert source_attribute(column) == attribute


def test_many_that_would_be_the_same_are_numbered_around_what_is_taken():
    names = [f"é{'@' * number}" for number in range(1, 2000)]
    found = xdm_paths([*names, "e_3", "E"], "")

    assert len({path.lower() for path in found.values()}) == 2001
    assert (found["E"], found["e_3"], found["é@"], found["é@@"]) == ("E", "e_3", "e_2", "e_4")
