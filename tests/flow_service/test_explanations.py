"""Every documented error has an explanation, in sentences that a page can show."""

from itertools import product

import pytest

from tests.flow_service.codebook import CODES, DOCUMENTED, GROUPS, pairs
from wizard.flow_service import errors
from wizard.flow_service.explanations import CATALOGS, LOOK_FIRST, Explanation, explain, explain_look

WHO = {"you", "whoever runs this wizard", "your Adobe administrator", "your database administrator", "Adobe"}
FIELDS = {
    *("named", "API key", "authentication type", "client ID and secret", "credentials", "etag", "organization"),
    *("sandbox", "scopes", "token", "connection", "connection spec", "source connection", "target connection"),
    *("dataflow", "dataflow run", "delta column", "encryption key", "file", "filter", "landing zone", "mapping"),
    *("odi.json", "schedule", "schema", "sort order", "table"),
}
# A page shows each text as one short paragraph.
LONGEST = 300


@pytest.mark.parametrize(("catalog", "code"), pairs(DOCUMENTED))
def test_every_documented_code_has_an_entry_in_the_file_of_its_catalog(catalog: str, code: str) -> None:
    assert code in GROUPS[catalog] | GROUPS["both_catalogs"]


def test_the_codes_that_mean_two_things_are_those_in_both_of_the_lists() -> None:
    assert set(GROUPS["both_catalogs"]) == set(DOCUMENTED["flow_service"]) & set(DOCUMENTED["connectors"])


def test_no_list_names_a_code_twice() -> None:
    assert all(len(codes) == len(set(codes)) for codes in DOCUMENTED.values())


def test_no_code_is_explained_in_two_files() -> None:
    assert len(CODES) == sum(len(GROUPS[name]) for name in CATALOGS)


def test_every_file_of_the_codebook_is_sorted() -> None:
    assert all(list(group) == sorted(group) for group in GROUPS.values())


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained_whatever_the_status(code: str) -> None:
    found = explain(code=code, status=None)
    assert found == explain(code=code, status=503, error="NotSent") == Explanation(**CODES[code])


@pytest.mark.parametrize(("group", "key"), pairs(GROUPS))
def test_an_explanation_is_whole_sentences_and_names_who_can_help(group: str, key: str) -> None:
    entry = GROUPS[group][key]
    assert {"what", "who", "next"} <= set(entry) <= {"what", "who", "next", "field"}
    assert entry["who"] in WHO
    for text in (entry["what"], entry["next"]):
        assert text[0].isupper()
        assert text.endswith(".")
        assert text == " ".join(text.split())
        assert len(text) <= LONGEST


@pytest.mark.parametrize("code", [code for code in CODES if "field" in CODES[code]])
def test_what_a_code_is_about_is_one_of_a_fixed_set(code: str) -> None:
    assert CODES[code]["field"] in FIELDS


@pytest.mark.parametrize("code", ["1304-400", "1312-400"])
def test_a_code_about_a_field_says_that_adobes_words_name_it(code: str) -> None:
    assert explain(code=code, status=400).field == "named"


def test_a_code_that_is_about_nothing_single_has_no_field() -> None:
    assert explain(code="1100-400", status=400).field == ""


@pytest.mark.parametrize("code", [code for code in CODES if code[4:6] == "-5"])
def test_where_the_connection_may_exist_all_the_same_one_is_told_to_look_first(code: str) -> None:
    assert LOOK_FIRST in CODES[code]["next"]


def test_a_number_that_is_known_with_one_other_status_is_explained_by_that() -> None:
    assert explain(code="1439-404", status=404) == Explanation(**CODES["1439-400"])


def test_a_number_that_means_different_things_by_status_is_explained_by_its_own() -> None:
    assert explain(code="1102-404", status=404) == Explanation(**CODES["1102-404"])
    assert explain(code="1102-500", status=500) == Explanation(**CODES["1102-500"])


@pytest.mark.parametrize("code", ["1102-403", "1404-403", "403010-403", "1439-40", "1439", "१४३९-404", "1439-4040"])
def test_a_number_that_is_known_with_two_statuses_or_is_none_falls_to_the_status(code: str) -> None:
    assert explain(code=code, status=403) == Explanation(**GROUPS["statuses"]["403"])


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


@pytest.mark.parametrize("code", ["", *CODES])
@pytest.mark.parametrize(("status", "error"), [(400, "Refused"), (503, "Unavailable"), (None, "NoAnswer")])
def test_of_a_look_nobody_is_told_to_see_what_it_made(code: str, status: int | None, error: str) -> None:
    found = explain_look(code=code, status=status, error=error)
    assert "create the connection again" not in found.next
    assert found.next.endswith(".")
