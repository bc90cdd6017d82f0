"""The requests as data, and what a reader sees of them: only our own words outside of quotes."""

import ast
import json
import re

import pytest

from tests.handing_over.plans import HOSTILE, file_plan, table_plan, unknown_ids
from wizard.handing_over import as_curl, as_postman, as_python
from wizard.handing_over.placeholders import Placeholder, as_json
from wizard.handing_over.placeholders import as_python as python_literal
from wizard.handing_over.requests import handover
from wizard.values.request import Target

ADOBE = Target("https://platform.adobe.io/data/foundation/flowservice", "1@AdobeOrg", "key", "prod")


def handed(plan=None):
    return handover(ADOBE, plan or table_plan())


def test_each_step_takes_what_it_needs_from_those_before():
    known = {"DATASET_ID"}
    for step in handed(table_plan(dataset_id=Placeholder("DATASET_ID"))).steps:
        assert {found.name for found in step.placeholders} <= known
        known |= {taken.placeholder.name for taken in step.takes}
    assert "FLOW_ID" in known


def test_what_no_answer_says_is_named():
    assert [found.name for found in handed(table_plan(**unknown_ids())).missing] == ["SCHEMA_ID", "DATASET_ID"]
    assert handed().missing == []


def test_the_mapping_set_goes_to_data_prep():
    (step,) = (step for step in handed().steps if step.key == "mapping-set")
    assert "https://platform.adobe.io/data/foundation/conversion/mappingSets" in as_curl.command(handed(), step)


@pytest.mark.parametrize(
    ("plan", "name"),
    [
        (table_plan(), "CRMToAEP"),
        (file_plan(), "CloudStorageToAEP"),
        (table_plan(object_type="rest"), "RestStorageToAEP"),
    ],
)
def test_the_flow_spec_is_looked_up_by_the_name_for_its_kind(plan, name):
    assert f"/flowSpecs?property=name==%22{name}%22" in as_curl.script(handed(plan))


def test_where_nothing_was_chosen_placeholders_say_what_is_missing():
    plan = table_plan(path=Placeholder("TABLE_NAME"), columns=[], delta_column=Placeholder("DELTA_COLUMN"))
    missing = [found.name for found in handed(plan).missing]
    assert missing == ["TABLE_NAME", "XDM_PATH", "COLUMN_NAME", "DELTA_COLUMN"]


def test_where_no_kind_of_dataflow_is_documented_its_name_is_asked_for():
    assert "FLOW_SPEC_NAME" in [found.name for found in handed(table_plan(object_type="", path="")).missing]


def test_a_request_without_a_body_sends_none():
    (step,) = (step for step in handed().steps if step.key == "flow-spec")
    assert "Content-Type" not in as_curl.command(handed(), step)
    assert " -d " not in as_curl.command(handed(), step)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_itself_in_both_languages(text):
    assert json.loads(as_json({"a": [text]})) == {"a": [text]}
    assert ast.literal_eval(python_literal({"a": [text]}, str)) == {"a": [text]}


def test_half_a_character_does_not_break_a_file():
    assert json.loads(as_json("\ud800")) == "\ud800"
    as_json("\ud800").encode()
    python_literal("\ud800", str).encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_others_looks_like_a_placeholder(text):
    for written in (as_json(text), as_postman.collection(handed(table_plan(path=text)), "Orders")):
        assert "{{ACCESS_TOKEN}} and" not in written
        assert not re.search(r"(?<!\{)\{ACCESS_TOKEN\}(?!\})", written)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_cannot_be_seen_is_written_by_its_number(text):
    everything = [as_curl.script(handed(table_plan(path=text))), as_python.script(handed(table_plan(path=text)))]
    for written in [*everything, as_postman.collection(handed(table_plan(path=text)), "Orders")]:
        assert all(character.isprintable() or character == "\n" for character in written)


@pytest.mark.parametrize("text", HOSTILE)
def test_comments_hold_our_own_words_alone(text):
    plan = table_plan(path=text, name=text, description=text, delta_column=text)
    plain = table_plan()
    for script in (as_curl.script, as_python.script):
        comments = [
            [line for line in script(handed(one)).splitlines() if line.startswith("#")] for one in (plan, plain)
        ]
        assert comments[0] == comments[1]


def test_the_python_script_reads_its_token_from_the_environment_and_holds_no_secret():
    script = as_python.script(handed(table_plan(**unknown_ids())))
    assert 'ACCESS_TOKEN = needed("ACCESS_TOKEN")' in script
    assert 'DATASET_ID = needed("DATASET_ID")' in script
    imported = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Import)]
    assert [alias.name for node in imported for alias in node.names] == ["os", "sys", "requests"]


def test_the_collection_is_of_format_2_1_and_its_token_is_empty():
    read = json.loads(as_postman.collection(handed(), "Orders"))
    assert read["info"]["schema"] == "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    values = {entry["key"]: entry["value"] for entry in read["variable"]}
    assert (values["ACCESS_TOKEN"], values["API_KEY"], values["SANDBOX_NAME"]) == ("", "key", "prod")
    assert all(item["request"]["description"] for item in read["item"])
