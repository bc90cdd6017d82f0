"""Foreign JSON: what is too deep or too long in one place leaves the rest readable."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.flow_service.parsing import parsed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_it_reads_json_as_it_is(value: Any) -> None:
    assert parsed(json.dumps(value).encode()) == value


@pytest.mark.parametrize("depth", [1_000, 10_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_what_is_too_deep_becomes_null_and_spoils_nothing_else(depth: int, opening: str, closing: str) -> None:
    deep = opening * depth + "1" + closing * depth
    found = parsed(f'{{"first": "}}]\\\\", "deep": {deep}, "second": ["[[", {deep}, 2]}}'.encode())
    assert (found["first"], found["second"][0], found["second"][2]) == ("}]\\", "[[", 2)
    levels, value = 0, found["deep"]
    while value is not None:
        levels, value = levels + 1, value[0] if isinstance(value, list) else value["a"]
    assert 100 < levels < 1_000


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, "[" * 100_000 + "]" * 99_999, "]" * 9, "[1,]", "nul"])
def test_what_is_no_json_stays_none(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        parsed(text.encode())


def test_a_number_without_end_spoils_nothing_else() -> None:
    assert parsed(f"[{'9' * 10_000}, 7, {10**300}]".encode()) == [float("inf"), 7, 10**300]
