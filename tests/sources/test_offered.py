"""What the chooser and the form get: what the organization has, explained by our files."""

import json
import uuid
from dataclasses import replace

import pytest

from tests.catalog.specs import ID, SECRET, TEXT, live_spec, way
from tests.emulator.service import POSTGRES
from wizard.catalog.datatypes import Catalog
from wizard.catalog.loader import load_catalog
from wizard.organizations.models import Organization
from wizard.sources import offered
from wizard.sources.models import LiveSpec, SpecSync
from wizard.sources.offered import absent, connection_spec, is_offered, live_since, sources, sync_of


def slugs(organization):
    return [source.slug for source in sources(organization)]


def test_before_its_catalog_was_read_there_are_our_files(organization):
    every = list(load_catalog().specs)

    assert sources(organization) == sources(None) == every
    assert absent(organization) == absent(None) == []
    assert sync_of(organization) is sync_of(None) is None
    assert connection_spec(organization, "postgres") == load_catalog().get("postgres")
    assert connection_spec(None, "postgres") == load_catalog().get("postgres")
    assert connection_spec(organization, ID) is connection_spec(None, ID) is None


def test_a_failed_reading_takes_nothing_away(organization, read, flow_service):
    flow_service.set_faults([{"kind": "status", "match": {"path": "/connectionSpecs"}, "status": 503}])
    read()

    assert sources(organization) == list(load_catalog().specs)


def test_a_source_that_no_file_describes_is_offered_with_a_form(synced):
    [source] = [source for source in sources(synced) if source.slug == ID]
    spec = connection_spec(synced, ID)

    assert (source.label, source.category, source.can_be_connected) == ("Acme Warehouse", "databases", True)
    assert (spec.slug, spec.id, spec.label) == (ID, ID, "Acme Warehouse")
    assert [(param.name, param.secret, param.required) for param in spec.auth_specs[0].params] == [
        ("host", False, True),
        ("key", True, True),
    ]


def test_what_a_file_describes_is_offered_once_and_in_order(synced):
    found = slugs(synced)

    assert len(found) == len(set(found))
    assert set(found) == {spec.slug for spec in load_catalog().specs} | {ID}
    labels = [source.label.lower() for source in sources(synced)]
    assert labels == sorted(labels)


def test_the_form_follows_the_live_spec_and_keeps_our_labels(organization, read):
    schema = way("Basic Authentication", server=TEXT, password=TEXT, region=TEXT, required=("region",))
    read(live_spec(schema, spec_id=POSTGRES))
    spec = connection_spec(organization, "postgres")

    [auth] = spec.auth_specs
    assert [(param.name, param.title, param.secret) for param in auth.params] == [
        ("server", "Host", False),
        ("password", "Password", True),
        ("region", "region", False),
    ]
    assert spec.label == "PostgreSQL"


def test_what_the_catalog_lacks_is_absent_and_its_form_stays(organization, read):
    read()
    organization.live_specs.filter(spec_id=POSTGRES).delete()

    assert "postgres" not in slugs(organization)
    assert [spec.slug for spec in absent(organization)] == ["postgres"]
    assert connection_spec(organization, "postgres") == load_catalog().get("postgres")


def test_a_broken_spec_is_offered_with_its_fault_and_has_no_form(organization, read):
    read(live_spec(authSpec=7), live_spec(spec_id=POSTGRES, version=None), 7)
    found = {source.slug: source for source in sources(organization) if source.fault}

    assert len(found) == 3
    assert "authSpec" in found[ID].fault
    assert "version" in found["postgres"].fault
    assert found["postgres"].label == "PostgreSQL"
    assert not any(source.can_be_connected for source in found.values())
    assert [connection_spec(organization, slug) for slug in found] == [None] * 3
    assert absent(organization) == []


def test_a_connection_of_before_there_was_a_file_keeps_its_form(organization, read):
    read()

    assert connection_spec(organization, POSTGRES).slug == POSTGRES
    assert connection_spec(organization, POSTGRES).label == "PostgreSQL"


@pytest.fixture
def catalog(monkeypatch):
    """PostgreSQL, a webhook, and two sources that only Adobe's own pages know."""
    files = load_catalog()
    pages = next(spec for spec in files.specs if not spec.id)
    webhook = next(spec for spec in files.specs if spec.id and spec.instead)
    named = [replace(pages, slug=slug, label=label) for slug, label in (("acme", "ACME warehouse"), ("other", "Other"))]
    found = Catalog((files.get("postgres"), webhook, *named))
    monkeypatch.setattr(offered, "load_catalog", lambda: found)
    return found


def test_what_adobes_pages_set_up_stays_unless_the_catalog_has_it(synced, catalog):
    webhook = catalog.specs[1]
    found = slugs(synced)

    assert {"other", webhook.slug, ID} <= set(found)
    assert "acme" not in found
    assert found.count(webhook.slug) == 1
    LiveSpec.objects.filter(spec_id=webhook.id).delete()
    assert webhook.slug in slugs(synced)
    assert connection_spec(synced, webhook.slug) == webhook
    assert connection_spec(synced, "other").instead


def test_a_thousand_live_specs_take_two_queries(organization, django_assert_num_queries):
    SpecSync.objects.create(organization=organization).succeed(1000, 0)
    document = '{"x": "%s"}' % ("x" * 5_000)
    LiveSpec.objects.bulk_create(
        LiveSpec(
            organization=organization, spec_id=uuid.uuid4(), label=f"Source {n}", category="crm", document=document
        )
        for n in range(1000)
    )
    organization = Organization.objects.get()
    with django_assert_num_queries(2) as queries:
        found = sources(organization)

    assert sum(source.label.startswith("Source ") for source in found) == 1000
    assert "document" not in "".join(query["sql"] for query in queries.captured_queries)
    with django_assert_num_queries(1):
        assert connection_spec(organization, "postgres")
    with django_assert_num_queries(1):
        assert absent(organization)


def test_a_page_asks_once_how_the_reading_stands(synced, django_assert_num_queries):
    organization = Organization.objects.get()
    with django_assert_num_queries(3):
        assert sources(organization)
        assert absent(organization) == []
        assert sync_of(organization).finished_at


def test_it_tells_since_when_a_live_spec_is_as_it_is(synced, read, stranger, django_assert_num_queries):
    row = synced.live_specs.get(spec_id=ID)
    with django_assert_num_queries(1):
        assert live_since(synced, ID) == row.changed_at
    assert live_since(synced, ID.replace("1", "2")) is live_since(stranger, ID) is live_since(None, ID) is None
    read(live_spec(version="1.1"))

    assert live_since(synced, ID) > row.changed_at


# --- Another organization's ---


@pytest.fixture
def stranger(organization):
    """Another organization that we can reach, whose catalog was read and is empty."""
    found = Organization.objects.create(name="Another", ims_org_id="another@AdobeOrg", is_practice=True)
    SpecSync.objects.create(organization=found).succeed(0, 0)
    return Organization.objects.get(pk=found.pk)


def test_a_source_of_another_organization_has_a_form_and_is_not_offered(synced, stranger):
    assert connection_spec(stranger, ID) == connection_spec(synced, ID) == connection_spec(None, ID)
    assert (is_offered(synced, ID), is_offered(stranger, ID)) == (True, False)
    assert ID not in slugs(stranger)


def test_a_source_that_is_broken_here_has_the_form_of_where_it_works(synced, stranger):
    kept = {"document": "", "label": "Acme", "category": "other", "fault": "It is not a JSON object."}
    stranger.live_specs.create(spec_id=ID, **kept)

    assert connection_spec(stranger, ID) == connection_spec(synced, ID)
    assert not is_offered(stranger, ID)
    synced.live_specs.filter(spec_id=ID).update(fault="Broken too.")
    assert connection_spec(stranger, ID) is None


def test_its_own_live_spec_comes_before_another_organizations(synced, stranger):
    document = json.dumps(live_spec(way("Mine", pin=TEXT)))
    stranger.live_specs.create(spec_id=ID, document=document, label="A", category="other")

    assert [auth.name for auth in connection_spec(stranger, ID).auth_specs] == ["Mine"]
    assert [auth.name for auth in connection_spec(synced, ID).auth_specs] == ["Key"]


def test_an_organization_of_the_other_world_lends_no_form(synced, stranger):
    Organization.objects.filter(pk=synced.pk).update(is_practice=False)

    assert connection_spec(stranger, ID) is None


def test_a_file_comes_before_another_organizations_live_spec(organization, read, stranger):
    read(live_spec(way("Basic Authentication", region=TEXT), spec_id=POSTGRES))

    assert connection_spec(stranger, "postgres") == load_catalog().get("postgres")
    assert not is_offered(stranger, POSTGRES)


def test_before_its_catalog_was_read_everything_is_offered(organization):
    assert is_offered(organization, ID)
    assert is_offered(None, ID)


def test_nesting_of_schemas_is_kept(organization, read):
    inner = {"type": "object", "properties": {"pin": SECRET}, "required": ["pin"]}
    read(live_spec(way(more=inner)))

    [param] = connection_spec(organization, ID).auth_specs[0].params
    assert [(nested.name, nested.secret, nested.required) for nested in param.params] == [("pin", True, True)]
