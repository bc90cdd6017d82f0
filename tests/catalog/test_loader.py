"""The catalog's files: what they hold, and what the loader refuses."""

import copy
import json
import re

import pytest

from wizard.catalog.loader import HERE, CatalogError, find_faults, load_catalog, load_directory
from wizard.connections.checks import catalog_files

DOCUMENTED = {
    "oracle": ("d6b52d86-f0f8-475f-89d4-ce54c8527328", "ConnectionString"),
    "postgres": ("74a1c565-4e59-48d7-9d67-7c03b8a13137", "Connection String Based Authentication"),
    "mysql": ("26d738e0-8963-47ea-aadf-c60de735468a", "Connection String Based Authentication"),
    "sql-server": ("1f372ff9-38a4-4492-96f5-b9a4e4bd00ec", "Connection String Based Authentication"),
}


@pytest.fixture
def document():
    return json.loads((HERE / "specs" / "postgres.json").read_text())


@pytest.mark.parametrize("slug", DOCUMENTED)
def test_it_knows_the_documented_ids_and_names(slug):
    spec = load_catalog().get(slug)

    assert (spec.id, spec.auth_specs[0].name) == DOCUMENTED[slug]
    assert spec.version == "1.0"


def test_the_dataset_has_no_credentials_and_is_looked_up_first():
    spec = load_catalog().get("dataset")

    assert spec.id == "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
    assert spec.auth_specs == ()
    assert spec.look_up_first


def test_what_goes_over_the_wire_has_nothing_of_ours():
    assert all("ui" not in spec.wire for spec in load_catalog().specs)


def test_every_default_port_is_the_documented_one():
    ports = {
        spec.slug: part.schema.get("default")
        for spec in load_catalog().specs
        for auth in spec.auth_specs
        for param in auth.params
        for part in param.parts
        if part.name == "PORT"
    }
    assert {slug: ports[slug] for slug in ("oracle", "postgres", "mysql")} == {
        "oracle": 1521,
        "postgres": 5432,
        "mysql": 3306,
    }


def test_a_good_document_has_no_faults(document):
    assert find_faults(document) == []


def break_id(document):
    document["id"] = "not-a-uuid"


def add_a_key(document):
    document["ui"]["colour"] = "red"


def unmark_a_secret(document):
    del document["authSpec"][1]["spec"]["properties"]["password"]["format"]


def unmark_a_secret_part(document):
    del document["ui"]["authSpec"][0]["params"]["connectionString"]["parts"]["properties"]["PASSWORD"]["format"]


def rename_a_placeholder(document):
    label = document["ui"]["authSpec"][0]["params"]["connectionString"]
    label["pattern"] = label["pattern"].replace("{SERVER}", "{HOST}")


def forget_a_label(document):
    del document["ui"]["authSpec"][1]["params"]["server"]


def forget_an_entry(document):
    del document["ui"]["authSpec"][2]


def repeat_a_key(document):
    document["ui"]["authSpec"][2]["key"] = document["ui"]["authSpec"][1]["key"]


def require_what_is_not_there(document):
    document["authSpec"][1]["spec"]["required"].append("nothing")


def break_the_pattern(document):
    document["ui"]["authSpec"][0]["params"]["connectionString"]["pattern"] = "no pairs here"


def repeat_a_nested_label(document):
    document["ui"]["authSpec"][1]["params"]["server"]["params"] = {"inner": {"title": "Inner"}}


def nest_a_bare_secret(document):
    nested = {"type": "object", "properties": {"apiKey": {"type": "string"}}, "required": []}
    document["authSpec"][1]["spec"]["properties"]["server"] = nested
    document["ui"]["authSpec"][1]["params"]["server"]["params"] = {"apiKey": {"title": "API key"}}


def drop_the_monogram(document):
    del document["ui"]["monogram"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (break_id, "not-a-uuid"),
        (drop_the_monogram, "monogram"),
        (add_a_key, "colour"),
        (unmark_a_secret, "looks like a secret"),
        (unmark_a_secret_part, "looks like a secret"),
        (rename_a_placeholder, "both in the pattern and in its parts"),
        (forget_a_label, "both in authSpec and in ui.authSpec"),
        (forget_an_entry, "one entry for each"),
        (repeat_a_key, "stands there twice"),
        (require_what_is_not_there, "required but is no property"),
        (break_the_pattern, "key=value"),
        (repeat_a_nested_label, "both in authSpec and in ui.authSpec"),
        (nest_a_bare_secret, "looks like a secret"),
    ],
)
def test_it_names_what_is_wrong(document, spoil, words):
    spoiled = copy.deepcopy(document)
    spoil(spoiled)

    assert any(words in fault for fault in find_faults(spoiled)), find_faults(spoiled)


def test_two_files_with_one_id_need_a_variant(document, tmp_path):
    for slug in ("one", "two"):
        (tmp_path / f"{slug}.json").write_text(json.dumps(document))
    with pytest.raises(CatalogError, match=r"two\.json: has the id of one\.json"):
        load_directory(tmp_path)

    document["ui"]["variant"] = "two"
    (tmp_path / "two.json").write_text(json.dumps(document))
    assert [spec.slug for spec in load_directory(tmp_path).with_id(document["id"])] == ["one", "two"]


def test_a_name_that_only_looks_secret_is_declared_public(document):
    rules = document["authSpec"][1]["spec"]["properties"]
    rules["accessKey"] = {"type": "string"}
    document["ui"]["authSpec"][1]["params"]["accessKey"] = {"title": "Access key ID", "public": True}

    assert find_faults(document) == []


@pytest.mark.parametrize("text", ["{", "[]", "null"])
def test_a_file_that_is_no_json_object_is_refused_by_name(tmp_path, text):
    (tmp_path / "broken.json").write_text(text)

    with pytest.raises(CatalogError, match=r"broken\.json"):
        load_directory(tmp_path)


def test_a_new_source_is_one_file(document, tmp_path):
    document["ui"]["label"] = "Another database"
    (tmp_path / "another.json").write_text(json.dumps(document))

    assert [spec.slug for spec in load_directory(tmp_path).specs] == ["another"]


def test_the_example_of_the_documentation_is_a_source(tmp_path):
    text = (HERE / "README.md").read_text()
    (example,) = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    (tmp_path / "acme-orders.json").write_text(json.dumps(example))

    (spec,) = load_directory(tmp_path).specs
    assert [auth.key for auth in spec.auth_specs] == ["connection-string", "service-account"]


def test_manage_py_check_names_a_wrong_file(monkeypatch):
    def broken():
        raise CatalogError("one.json: wrong\ntwo.json: wrong")

    monkeypatch.setattr("wizard.connections.checks.load_catalog", broken)

    assert [error.msg for error in catalog_files()] == ["one.json: wrong", "two.json: wrong"]
    assert catalog_files()[0].id == "wizard.E001"
