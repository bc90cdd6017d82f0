"""The pages of a live catalog: the button, how the reading stands, and the report."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.catalog.specs import ID, SECRET, TEXT, live_spec, way
from tests.emulator.service import POSTGRES
from wizard.catalog.loader import load_catalog
from wizard.sources.models import SpecSync


@pytest.fixture
def sync_url(organization):
    return f"/organizations/{organization.uuid}/sync/"


@pytest.fixture
def report_url(organization):
    return f"/organizations/{organization.uuid}/specs/"


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_admin_has_the_catalog_read_once(signed_in, organization, sync_url):
    html = text(signed_in.post(sync_url, follow=True))
    assert "its catalog is being read." in html
    assert "Reading the catalog…" in html
    again = text(signed_in.post(sync_url, follow=True))

    assert "is being read already" in again
    assert OrmQ.objects.count() == 1


def test_others_may_look_and_not_ask(client, bob, organization, sync_url, report_url):
    client.force_login(bob)

    assert client.post(sync_url).status_code == 403
    assert not OrmQ.objects.exists()
    assert "Read the catalog" not in text(client.get("/organizations/"))
    assert client.get(report_url).status_code == 200


def test_nobody_reaches_either(client, sync_url, report_url):
    for url in (sync_url, report_url):
        assert client.get(url).status_code == client.post(url).status_code == 302
        assert client.get(url)["Location"].startswith("/sign-in/")


def test_an_organization_of_the_other_world_is_not_read(signed_in, sync_url, settings):
    settings.PRACTICE = False

    assert signed_in.post(sync_url).status_code == 404
    assert not OrmQ.objects.exists()


def test_the_page_polls_while_the_catalog_is_read_and_no_longer(signed_in, organization, sync_url, read):
    assert "Read the catalog" in text(signed_in.get("/organizations/"))
    sync = SpecSync.objects.create(organization=organization, requested_at=timezone.now())
    page = text(signed_in.get("/organizations/"))
    fragment = text(signed_in.get(sync_url, headers={"HX-Request": "true"}))
    for html in (page, fragment):
        assert f'hx-get="{sync_url}" hx-trigger="every 1s"' in html
        assert "Reading the catalog…" in html
    assert page.count('http-equiv="refresh"') == 1
    assert "<html" not in fragment

    sync.delete()
    read(live_spec(attributes={}))
    page = text(signed_in.get("/organizations/"))
    fragment = text(signed_in.get(sync_url, headers={"HX-Request": "true"}))
    for html in (page, fragment):
        assert "every 1s" not in html
        assert "1 destination left out" in html
    assert "http-equiv" not in page


def test_without_htmx_the_state_is_on_the_page_of_organizations(signed_in, sync_url):
    assert signed_in.get(sync_url)["Location"] == "/organizations/"


def test_a_failure_is_said_with_what_stays(signed_in, organization, read, flow_service):
    flow_service.set_faults([{"kind": "status", "match": {"path": "/connectionSpecs"}, "status": 503}])
    read()
    html = text(signed_in.get("/organizations/"))
    assert "503" in html
    assert "Until it is read" in html

    flow_service.set_faults([])
    read()
    SpecSync.objects.update(error="No luck <b>")
    html = text(signed_in.get("/organizations/"))
    assert "No luck &lt;b&gt;" in html
    assert "What it held before stays in use" in html


def test_the_report_of_an_unread_catalog_says_so(signed_in, organization, report_url):
    assert "was not read yet" in text(signed_in.get(report_url))


def test_the_report_says_when_nothing_differs(signed_in, organization, read, report_url):
    read()
    html = text(signed_in.get(report_url))

    assert "Nothing differs" in html
    assert "Only in" not in html.partition("</dl>")[2]


def planted():
    """PostgreSQL's live spec, with one difference of each kind."""
    basic = way("Basic Authentication", server=SECRET, port={"type": "integer"}, database=TEXT, username=TEXT, pin=TEXT)
    basic["spec"]["properties"] |= {"password": TEXT, "sslMode": {"type": "string", "enum": ["Disable", "Always"]}}
    basic["spec"]["required"] = ["server", "username", "password", "port"]
    return live_spec(basic, way("Certificate"), spec_id=POSTGRES, version="1.1")


DIFFERENCES = (
    ("version", "1.0", "1.1"),
    ("Certificate", "missing", "no fields"),
    ("Connection String Based Authentication", "connectionString", "missing"),
    ("server", "no", "yes"),
    ("port", "string", "integer"),
    ("database", "yes", "no"),
    ("pin", "missing", "string, optional"),
    ("password", "yes", "no"),
    ("sslMode", "Prefer", "Always"),
)


def test_the_report_shows_each_planted_difference(signed_in, organization, read, report_url):
    read(planted())
    html = text(signed_in.get(report_url))

    rows = [row for row in html.split("<tr") if 'data-label="Catalog"' in row]
    for place, ours, theirs in DIFFERENCES:
        fitting = [
            row for row in rows if place in row.partition('data-label="Our file"')[0].replace("Version", "version")
        ]
        sides = [row.partition('data-label="Our file"')[2].partition('data-label="Catalog"')[::2] for row in fitting]
        assert any(ours in our and theirs in their for our, their in sides), place
    assert "PostgreSQL" in html


def test_the_report_names_what_one_side_lacks_and_what_is_broken(signed_in, organization, read, report_url):
    lacking = next(spec for spec in load_catalog().specs if spec.auth_specs and not spec.is_on_the_way_out)
    announced = next(spec for spec in load_catalog().specs if spec.status == "removed" and spec.auth_specs)
    attack = {"connectorName": "<script>alert(1)</script>", "isSource": True}
    read(live_spec(attributes=attack), live_spec(spec_id=ID.replace("1", "2"), authSpec=7), 7)
    organization.live_specs.filter(spec_id__in=[lacking.id, announced.id]).delete()
    html = text(signed_in.get(report_url))

    titles = {part.partition("<")[0].strip(): part.partition("</section>")[0] for part in html.split('-title">')}
    assert "&lt;script&gt;alert(1)" in titles["Only in the catalog"]
    assert "<script>alert" not in html
    assert lacking.id in titles["Only in our files"]
    assert announced.id in titles["Gone, as Adobe announced"]
    assert "It is not a JSON object." in titles["Broken in the catalog"]
    assert "Its authSpec is not a list" in titles["Broken in the catalog"]


def test_the_report_says_since_when_the_catalog_has_a_source(signed_in, organization, read, report_url):
    read(*(live_spec(spec_id=ID.replace("1", str(number))) for number in (1, 2, 3)))
    for number, day in ((1, 3), (2, 5), (3, 3)):
        rows = organization.live_specs.filter(spec_id=ID.replace("1", str(number)))
        rows.update(first_seen_at=datetime(2026, 2, day, 12, tzinfo=UTC))
    html = text(signed_in.get(report_url))

    days = html.partition('id="unlisted-title"')[2].partition("</section>")[0].split("<summary>")[1:]
    assert ["5 Feb 2026</time>" in day for day in days] == [True, False]
    assert ["3 Feb 2026</time>" in day for day in days] == [False, True]
    assert [[ID.replace("1", str(number)) in day for number in (1, 2, 3)] for day in days] == [
        [False, True, False],
        [True, False, True],
    ]


def test_the_report_parses_only_what_our_files_know(
    signed_in, organization, read, report_url, django_assert_max_num_queries
):
    read(*(live_spec(spec_id=str(UUID(int=number))) for number in range(50)))
    organization.live_specs.exclude(spec_id=POSTGRES).filter(label="Acme Warehouse").update(document="never parsed")
    # The first request notes where alice is signed in.
    signed_in.get("/account/")
    with django_assert_max_num_queries(8) as queries:
        html = text(signed_in.get(report_url))

    assert html.count("Acme Warehouse") == 50
    reading = [query["sql"] for query in queries.captured_queries if '"document"' in query["sql"]]
    assert len(reading) == 1
    assert POSTGRES in reading[0]
    asking = [query["sql"] for query in queries.captured_queries if 'FROM "sources_specsync"' in query["sql"]]
    assert len(asking) == 1


def test_a_hostile_difference_is_bounded_and_escaped(signed_in, organization, read, report_url):
    properties = {f"<i>{n}" + "x" * 190: TEXT for n in range(290)}
    read(live_spec(way("Basic Authentication", **properties), spec_id=POSTGRES))
    html = text(signed_in.get(report_url))

    assert "<i>" not in html
    assert "The first 200 are shown." in html
    assert len(html) < 300_000
