"""Which fields decide where a connection leads: the names of such fields, and what our files say of them."""

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.catalog.marks import leaves, marked
from tests.catalog.specs import TEXT
from wizard.catalog.datatypes import AuthSpec
from wizard.catalog.destinations import looks_like_destination
from wizard.catalog.loader import HERE, find_faults, load_catalog

CHOICE = {"type": "string", "enum": ["eu", "us"]}


def way_of(slug: str, key: str) -> AuthSpec:
    found = load_catalog().get(slug)
    assert found
    return next(auth for auth in found.auth_specs if auth.key == key)


EVERY_WAY = [(spec.slug, auth.key) for spec in load_catalog().specs for auth in spec.auth_specs]

# --- Names ---


@pytest.mark.parametrize(
    "name",
    [
        *("host", "HOST", "hostname", "dbHost", "server", "SERVER_NAME", "servername", "port", "PORT", "sshPort"),
        *("url", "baseUrl", "baseurl", "accessTokenUrl", "serviceUri", "sasURI", "endpoint", "tokenEndpoint"),
        *("domain", "subdomain", "tenant", "tenantId", "region", "aws_region", "instance", "INSTANCE_NAME"),
        *("account", "accountName", "ACCOUNT_NAME", "storageAccount", "Data Source", "dataSource", "ipAddress"),
    ],
)
def test_the_name_of_a_server_or_an_account_looks_like_a_destination(name: str) -> None:
    assert looks_like_destination(name)


@pytest.mark.parametrize(
    "name",
    [
        *("database", "schema", "username", "UID", "role", "warehouse", "bucketName", "folderPath", "projectId"),
        *(
            "reportSuite",
            "import",
            "transport",
            "securityMode",
            "hourly",
            "accountKind",
            "sourceId",
            "sslMode",
            "",
            "ö",
        ),
    ],
)
def test_another_name_does_not(name: str) -> None:
    assert not looks_like_destination(name)


# --- What the loader refuses ---


def labels_of(document: Mapping[str, Any], way: int) -> dict[str, Any]:
    return document["ui"]["authSpec"][way]["params"]


def parts_of(document: Mapping[str, Any]) -> dict[str, Any]:
    return labels_of(document, 0)["connectionString"]["parts"]["properties"]


def forget_a_host(document: dict[str, Any]) -> None:
    del labels_of(document, 1)["server"]["destination"]


def forget_a_host_among_the_parts(document: dict[str, Any]) -> None:
    del parts_of(document)["SERVER"]["destination"]


def forget_a_nested_host(document: dict[str, Any]) -> None:
    group = {"type": "object", "properties": {"host": TEXT}, "required": []}
    document["authSpec"][1]["spec"]["properties"]["proxy"] = group
    labels_of(document, 1)["proxy"] = {"title": "Proxy", "params": {"host": {"title": "Host"}}}


def mark_a_secret(document: dict[str, Any]) -> None:
    labels_of(document, 1)["password"]["destination"] = True


def mark_a_secret_part(document: dict[str, Any]) -> None:
    parts_of(document)["PASSWORD"]["identity"] = True


def mark_a_file(document: dict[str, Any]) -> None:
    labels_of(document, 1)["username"]["upload"] = "text"


def mark_twice(document: dict[str, Any]) -> None:
    labels_of(document, 1)["server"]["identity"] = True


def mark_a_part_twice(document: dict[str, Any]) -> None:
    parts_of(document)["SERVER"]["identity"] = True


def mark_a_group(document: dict[str, Any]) -> None:
    forget_a_nested_host(document)
    labels_of(document, 1)["proxy"]["destination"] = True


def mark_by_a_word(document: dict[str, Any]) -> None:
    labels_of(document, 1)["server"]["destination"] = "yes"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (forget_a_host, "basic-azure: server looks like a destination"),
        (forget_a_host_among_the_parts, "connectionString: SERVER looks like a destination"),
        (forget_a_nested_host, "proxy: host looks like a destination"),
        (mark_a_secret, "password is a secret"),
        (mark_a_secret_part, "PASSWORD is a secret"),
        (mark_a_file, "username is a secret"),
        (mark_twice, "server is either destination or identity"),
        (mark_a_part_twice, "SERVER is either destination or identity"),
        (mark_a_group, "proxy is a group"),
        (mark_by_a_word, "'yes' is not of type 'boolean'"),
    ],
)
def test_the_loader_names_what_is_wrong(spoil: Callable[[dict[str, Any]], None], words: str) -> None:
    document = json.loads((HERE / "specs" / "postgres.json").read_text())
    spoiled = copy.deepcopy(document)
    spoil(spoiled)
    assert find_faults(document) == []
    assert any(words in fault for fault in find_faults(spoiled)), find_faults(spoiled)


@pytest.mark.parametrize("mark", [{"destination": False}, {"identity": True}, {"destination": True}])
@pytest.mark.parametrize("name", ["server", "port"])
def test_the_loader_takes_any_word_on_a_name_that_looks_like_a_destination(mark: dict[str, bool], name: str) -> None:
    document = json.loads((HERE / "specs" / "postgres.json").read_text())
    labels_of(document, 1)[name] = {"title": "Name", **mark}
    assert find_faults(document) == []


def test_a_choice_need_not_say_that_it_is_no_destination() -> None:
    document = json.loads((HERE / "specs" / "postgres.json").read_text())
    document["authSpec"][1]["spec"]["properties"] |= {"region": CHOICE, "checkServer": {"type": "boolean"}}
    labels_of(document, 1).update({"region": {"title": "Region"}, "checkServer": {"title": "Check"}})
    assert find_faults(document) == []


# --- What our files say ---


@pytest.mark.parametrize("key", ["basic-azure", "basic-aws"])
def test_postgres_goes_to_its_host_and_port(key: str) -> None:
    assert marked(way_of("postgres", key)) == {
        "server": "destination",
        "port": "destination",
        "database": "identity",
        "username": "identity",
    }


def test_the_parts_of_a_connection_string_say_the_same_as_the_fields() -> None:
    assert marked(way_of("postgres", "connection-string")) == {
        "connectionString.SERVER": "destination",
        "connectionString.PORT": "destination",
        "connectionString.DATABASE": "identity",
        "connectionString.USERNAME": "identity",
    }


def test_a_group_says_it_field_by_field() -> None:
    auth = way_of("generic-rest", "oauth")
    (group,) = (param for param in auth.params if param.params)
    assert (group.destination, group.identity) == (False, False)
    assert marked(auth) == {
        "host": "destination",
        "authorizationTestUrl": "destination",
        "accessTokenUrl": "destination",
        "clientId": "identity",
        f"{group.name}.clientId": "identity",
    }


@pytest.mark.parametrize(
    ("slug", "key", "place"),
    [
        ("snowflake", "key-pair", "account"),
        ("snowflake", "connection-string", "connectionString.ACCOUNT_NAME"),
        ("sql-server", "connection-string", "connectionString.INSTANCE_NAME"),
        ("eventhub", "sas", "namespace"),
        ("kinesis", "access-key", "region"),
        ("salesforce-marketing-cloud", "client-secret", "host"),
        ("zoho", "oauth-tokens", "accountsUrl"),
    ],
)
def test_what_stands_for_a_host_is_a_destination_too(slug: str, key: str, place: str) -> None:
    assert marked(way_of(slug, key))[place] == "destination"


@pytest.mark.parametrize(("slug", "key"), EVERY_WAY)
def test_a_way_with_a_field_like_a_host_has_a_destination(slug: str, key: str) -> None:
    fields = [field for _, field in leaves(way_of(slug, key).params) if not field.secret]
    if any(looks_like_destination(field.name) for field in fields):
        assert any(field.destination for field in fields)


@pytest.mark.parametrize(("slug", "key"), EVERY_WAY)
def test_no_secret_and_no_field_twice(slug: str, key: str) -> None:
    for place, field in leaves(way_of(slug, key).params):
        assert field.secret + field.destination + field.identity <= 1, place


def test_one_title_means_one_thing_in_every_file() -> None:
    meanings: dict[str, set[tuple[bool, bool]]] = {}
    for slug, key in EVERY_WAY:
        for _, field in leaves(way_of(slug, key).params):
            meanings.setdefault(field.title, set()).add((field.destination, field.identity))
    assert {title for title, found in meanings.items() if len(found) > 1} == set()
