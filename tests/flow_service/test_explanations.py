"""Every error has an explanation, in sentences that a page can show."""

import json
from importlib import resources
from itertools import product

import pytest

from wizard.flow_service import errors
from wizard.flow_service.explanations import Explanation, explain

GROUPS = json.loads(resources.files("wizard.flow_service").joinpath("codes.json").read_text(encoding="utf-8"))
WHO = {"you", "whoever runs this wizard", "your Adobe administrator", "your database administrator", "Adobe"}
# These numbers mean one thing in one of Adobe's two lists and another in the other.
TWO_MEANINGS = {"1401-400", "1403-400"}


@pytest.mark.parametrize("code", GROUPS["codes"])
def test_a_code_is_explained_whatever_the_status(code: str) -> None:
    found = explain(code=code, status=None)
    assert found == explain(code=code, status=503, error="NotSent") == Explanation(**GROUPS["codes"][code])


@pytest.mark.parametrize(("group", "key"), [(group, key) for group in GROUPS for key in GROUPS[group]])
def test_an_explanation_is_whole_sentences_and_names_who_can_help(group: str, key: str) -> None:
    entry = GROUPS[group][key]
    assert set(entry) == {"what", "who", "next"}
    assert entry["who"] in WHO
    for text in (entry["what"], entry["next"]):
        assert text[0].isupper()
        assert text.endswith(".")


def test_no_code_with_two_meanings_is_explained_by_one() -> None:
    assert not TWO_MEANINGS & set(GROUPS["codes"])


@pytest.mark.parametrize(
    ("status", "error", "group", "key"),
    [
        (404, "", "statuses", "404"),
        (418, "", "statuses", "4xx"),
        (502, "Unavailable", "statuses", "5xx"),
        (302, "NoAnswer", "statuses", "3xx"),
        (201, "NoAnswer", "statuses", "2xx"),
        (401, "NotSent", "errors", "NotSent"),
        (None, "NotSent", "errors", "NotSent"),
        (None, "NoAnswer", "errors", "NoAnswer"),
        (None, "", "errors", "Unknown"),
        (999, "", "errors", "Unknown"),
    ],
)
def test_without_a_known_code_the_status_and_then_the_class_explains(
    status: int | None, error: str, group: str, key: str
) -> None:
    assert explain(code="9999-400", status=status, error=error) == Explanation(**GROUPS[group][key])


def test_every_combination_has_an_answer() -> None:
    classes = [name for name in vars(errors) if isinstance(vars(errors)[name], type)]
    for code, status, error in product(["", "2xx", "Unknown"], [None, 0, -1, *range(100, 600, 7)], classes):
        assert explain(code=code, status=status, error=error).what
