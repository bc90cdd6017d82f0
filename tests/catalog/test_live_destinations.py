"""Which fields of a live spec may decide where a connection leads, with our files and without."""

from typing import Any

from tests.catalog.marks import marked
from tests.catalog.specs import SECRET, TEXT, live_spec, way
from wizard.catalog.datatypes import ConnectionSpec
from wizard.catalog.live import connection_spec
from wizard.catalog.reading import connection_spec as read

NUMBER = {"type": "integer"}
CHOICE = {"type": "string", "enum": ["eu", "us"]}


def our_file(params: dict[str, Any], **properties: Any) -> ConnectionSpec:
    ui = {"label": "Acme", "category": "databases", "monogram": "Ac", "hue": 1, "summary": "Tables."}
    labels = {name: {"title": name, **label} for name, label in params.items()}
    return read(
        "acme",
        live_spec(way(**properties)),
        {**ui, "authSpec": [{"key": "key", "label": "Our key", "params": labels}]},
    )


def live_marks(file: ConnectionSpec | None, **properties: Any) -> dict[str, str]:
    found = connection_spec(live_spec(way(**properties)), (file,) if file else None)
    return marked(found.auth_specs[0])


def test_without_a_file_all_but_secrets_and_choices_may_be_a_destination() -> None:
    group = {"type": "object", "properties": {"pin": SECRET, "where": TEXT, "on": {"type": "boolean"}}}
    found = live_marks(None, place=TEXT, depth=NUMBER, password=TEXT, key=SECRET, area=CHOICE, more=group)
    assert found == {"place": "destination", "depth": "destination", "more.where": "destination"}


def test_our_label_decides() -> None:
    labels: dict[str, Any] = {
        "place": {"destination": True},
        "hostAlias": {"destination": False},
        "domain": {"identity": True},
        "area": {"destination": True},
    }
    file = our_file(labels, place=TEXT, hostAlias=TEXT, domain=TEXT, area=CHOICE)
    found = live_marks(file, place=TEXT, hostAlias=TEXT, domain=TEXT, area=CHOICE)
    assert found == {"place": "destination", "domain": "identity", "area": "destination"}


def test_where_our_label_is_silent_the_live_name_decides() -> None:
    file = our_file({"host": {}, "depth": {}, "region": {}}, host=TEXT, depth=TEXT, region=CHOICE)
    assert live_marks(file, host=TEXT, depth=TEXT, region=CHOICE) == {"host": "destination"}


def test_what_adobe_adds_may_be_a_destination() -> None:
    file = our_file({"depth": {}}, depth=TEXT)
    assert live_marks(file, depth=TEXT, relay=TEXT) == {"relay": "destination"}


def test_in_a_way_that_no_file_has_everything_may_be_a_destination() -> None:
    file = our_file({"depth": {}}, depth=TEXT)
    found = connection_spec(live_spec(way("New", depth=TEXT)), (file,))
    assert marked(found.auth_specs[0]) == {"depth": "destination"}


def test_a_foreign_schema_cannot_say_that_it_leads_nowhere() -> None:
    assert live_marks(None, host={**TEXT, "destination": False, "identity": True}) == {"host": "destination"}


def test_a_field_that_is_secret_in_the_live_spec_is_no_destination() -> None:
    file = our_file({"host": {"destination": True}}, host=TEXT)
    assert live_marks(file, host=SECRET) == {}


def test_a_field_that_has_become_a_group_or_a_group_that_has_become_a_field_may_be_a_destination() -> None:
    group = {"type": "object", "properties": {"depth": TEXT}}
    labels: dict[str, Any] = {"was": {"params": {"depth": {"title": "Depth"}}}, "now": {"identity": True}}
    file = our_file(labels, was=group, now=TEXT)
    assert live_marks(file, was=TEXT, now=group) == {"was": "destination", "now.depth": "destination"}
