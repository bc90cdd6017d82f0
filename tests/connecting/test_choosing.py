"""The chooser: what is found by which words, what is said of each source, and what the organization lacks."""

import re

import pytest
from django.utils import timezone

from tests.catalog.specs import live_spec
from wizard.catalog import live
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.organizations.models import Organization
from wizard.sources.models import LiveSpec, SpecSync


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def found(signed_in, query):
    return re.findall(r'<h3><a href="/connect/([^/]+)/">', page(signed_in.get("/connect/", {"q": query})))


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("mssql", "sql-server"),
        ("aurora", "mysql"),
        ("psql", "postgres"),
        ("sfmc", "salesforce-marketing-cloud"),
        ("GCS", "google-cloud-storage"),
        ("marketo", "marketo-engage"),
        ("azure blob", "blob"),
        ("blob azure", "blob"),
    ],
)
def test_a_source_is_found_by_the_words_that_people_use(signed_in, organization, query, slug):
    assert slug in found(signed_in, query)


def test_all_sources_are_on_one_page_with_their_categories_and_counts(signed_in, organization):
    html = page(signed_in.get("/connect/"))

    specs = load_catalog().specs
    databases = sum(spec.category == "databases" for spec in specs)
    assert html.count('<li class="source') == len(specs) > 90
    assert re.search(rf'\?category=databases">Databases <span class="count">{databases}', html)
    assert "Adobe applications" in html


def test_a_category_shows_its_own_sources_alone(signed_in, organization):
    html = page(signed_in.get("/connect/?category=crm"))
    slugs = re.findall(r'<h3><a href="/connect/([^/]+)/">', html)

    assert {load_catalog().get(slug).category for slug in slugs} == {"crm"}
    assert len(slugs) == 7
    assert re.search(r'aria-current="true">CRM', html)


def test_what_adobe_took_back_stands_last_and_says_so(signed_in, organization):
    html = page(signed_in.get("/connect/"))
    leaving = html[html.index("Deprecated and removed by Adobe") :]

    for slug in ("cassandra", "oracle-eloqua", "sap-hybris"):
        assert f'href="/connect/{slug}/"' in leaving
        assert f'href="/connect/{slug}/"' not in html[: -len(leaving)]
    assert leaving.count("badge-removed") + leaving.count("badge-deprecated") == leaving.count('<li class="source')


def test_what_is_doubtful_says_so_on_its_card_and_in_its_form(signed_in, organization):
    doubtful = [spec for spec in load_catalog().specs if spec.doubt]

    assert len(doubtful) == 5
    assert page(signed_in.get("/connect/")).count("badge-doubt") == 5
    for spec in doubtful:
        assert "documentation is in doubt" in page(signed_in.get(f"/connect/{spec.slug}/"))


def test_a_source_says_how_many_are_connected_already(signed_in, asked_for):
    connection = asked_for()
    BaseConnection.objects.filter(pk=connection.pk).update(status=Status.CONNECTED)
    html = page(signed_in.get("/connect/"))

    assert re.search(r'\?source=postgres&amp;status=connected">1 connected already', html)
    assert html.count("connected already") == 1


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("snowflake", ("Account, Warehouse, Database, User name, Private key", "A licence for Real-Time CDP Ultimate")),
        ("sftp", ("SSH key:</b> Host, User name, Private key", "allow list")),
        ("odata", ("URL",)),
    ],
)
def test_a_form_begins_with_what_to_have_ready(signed_in, organization, slug, words):
    html = page(signed_in.get(f"/connect/{slug}/"))
    ready = html[html.index("Have ready") : html.index('id="connect-form"')]

    for word in words:
        assert word in ready


@pytest.fixture
def offers(organization):
    """The organization's catalog is what is given here."""

    def keep(*items):
        rows = [
            LiveSpec(
                organization=organization,
                spec_id=live.id_of(item),
                document=live.document(item),
                label=live.label_of(item),
                category=live.category_of_item(item),
                fault=live.fault_of(item),
            )
            for item in items
        ]
        LiveSpec.objects.bulk_create(rows)
        SpecSync.objects.create(organization=organization, finished_at=timezone.now())

    return keep


def test_the_chooser_shows_what_the_organization_really_has(signed_in, offers):
    broken = live_spec(spec_id="22222222-2222-4333-8444-555555555555", version=None)
    offers(live_spec(), load_catalog().get("mysql").wire, broken)
    html = page(signed_in.get("/connect/"))
    absent = html.index("Not in your organization’s catalog")

    assert html.index("Acme Warehouse") < absent
    assert html.index('href="/connect/mysql/"') < absent
    assert html.index('href="/connect/postgres/"') > absent
    assert "It has no usable version." in html[html.index("Could not be read") :]
    assert "did not offer this source" in page(signed_in.get("/connect/postgres/"))
    assert "did not offer this source" not in page(signed_in.get("/connect/mysql/"))


def test_a_thousand_live_specs_need_no_more_queries(signed_in, offers, django_assert_max_num_queries):
    offers(*(live_spec(spec_id=f"{number:08}-2222-4333-8444-555555555555") for number in range(1000)))

    signed_in.get("/connect/")
    with django_assert_max_num_queries(11):
        html = page(signed_in.get("/connect/"))
    assert html.count("Acme Warehouse") == 1000
    assert found(signed_in, "00000512") == ["00000512-2222-4333-8444-555555555555"]


def test_a_search_stays_in_its_category_and_says_what_is_elsewhere(signed_in, organization):
    html = page(signed_in.get("/connect/?category=databases&q=sftp"))

    assert '<input type="hidden" name="category" value="databases">' in html
    assert "Other categories have 1 that matches" in html
    assert 'href="/connect/?q=sftp"' in html


def test_a_crowded_category_among_others_shows_the_first_and_leads_to_all(signed_in, offers):
    crowd = [live_spec(spec_id=f"{number:08}-2222-4333-8444-555555555555") for number in range(70)]
    offers(*crowd, load_catalog().get("sftp").wire)
    html = page(signed_in.get("/connect/"))

    assert html.count("Acme Warehouse") == 60
    assert "Show all 70 in Databases" in html
    assert page(signed_in.get("/connect/?category=databases")).count("Acme Warehouse") == 70


def test_of_several_organizations_each_shows_its_own_sources(signed_in, organization, offers):
    offers(live_spec())
    other = Organization.objects.create(name="Z", ims_org_id="Z@AdobeOrg", client_id="z", is_practice=True)
    sandbox = other.sandboxes.create(name="theirs")
    html = page(signed_in.get(f"/connect/?organization={other.uuid}"))

    assert "Acme Warehouse" in page(signed_in.get("/connect/"))
    assert "Acme Warehouse" not in html
    assert f'href="/connect/postgres/?organization={other.uuid}"' in html
    form = page(signed_in.get(f"/connect/postgres/?organization={other.uuid}"))
    assert re.search(rf'<option value="{sandbox.pk}" selected>Z / theirs', form)
    assert signed_in.get("/connect/?organization=nonsense").status_code == 200
