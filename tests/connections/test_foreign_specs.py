"""Whatever an organization's catalog says, the pages stand: no foreign JSON makes a server error."""

import json
import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalog.test_schema import ANYTHING, KEYWORDS
from wizard.catalog import live
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.organizations.models import Organization
from wizard.sources.models import LiveSpec, SpecSync

ID = "11111111-2222-4333-8444-555555555555"
SCHEMAS = st.dictionaries(st.sampled_from(KEYWORDS), ANYTHING, max_size=6) | st.fixed_dictionaries(
    {"properties": st.dictionaries(st.text(max_size=6), ANYTHING, max_size=5)},
    optional={"required": ANYTHING, "oneOf": ANYTHING, "if": ANYTHING, "then": ANYTHING},
)
NAMES = st.text(min_size=1, max_size=9) | ANYTHING
WAYS = st.lists(st.fixed_dictionaries({"name": NAMES, "spec": SCHEMAS}), max_size=3) | ANYTHING
SPECS = st.fixed_dictionaries(
    {"id": st.just(ID) | ANYTHING, "version": st.just("1.0") | ANYTHING, "authSpec": WAYS},
    optional={"name": NAMES, "attributes": ANYTHING, "sourceSpec": ANYTHING},
)


@pytest.fixture
def offers(organization):
    """Keeps one item as if the organization's catalog had it."""
    SpecSync.objects.create(organization=organization, finished_at=timezone.now())

    def keep(item):
        LiveSpec.objects.all().delete()
        LiveSpec.objects.create(
            organization=organization,
            spec_id=live.id_of(item),
            document=live.document(item),
            label=live.label_of(item),
            category=live.category_of_item(item),
            fault=live.fault_of(item),
        )

    return keep


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=SPECS)
def test_no_live_spec_makes_a_server_error(signed_in, organization, offers, item):
    offers(item)
    path = f"/connect/{ID}/"
    form = {"name": str(uuid.uuid4()), "submission_id": str(uuid.uuid4()), "intent": "create"}

    for page in ("/connect/", "/connect/?q=a", "/", "/connections/", f"/organizations/{organization.uuid}/specs/"):
        assert signed_in.get(page).status_code == 200, page
    shown = signed_in.get(path).status_code
    assert shown == (404 if live.fault_of(item) or live.id_of(item) != ID else 200)
    for intent in ("create", "preview", "switch", "paste"):
        assert signed_in.post(path, {**form, "intent": intent, "pasted": "a=1"}).status_code in (200, 302, 404, 422)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "{{ 7|add:7 }}", "{% debug %}", '"><img src=x onerror=alert(1)>', "' onfocus='x"],
)
def test_every_foreign_text_is_shown_as_text(signed_in, offers, text):
    rules = {"type": "string", "title": text, "description": text * 2, "examples": [text], "default": text}
    choice = {"enum": [text, "other"], "title": text}
    nested = {"type": "object", "title": text, "properties": {text: rules}}
    spec = {"type": "object", "properties": {"a": rules, "b": choice, "c": nested}, "required": ["a"]}
    attributes = {"connectorName": text, "category": text, "isSource": True}
    offers(
        {"id": ID, "version": "1.0", "attributes": attributes, "authSpec": [{"name": text, "type": "x", "spec": spec}]}
    )

    for path in ("/connect/", f"/connect/{ID}/"):
        html = signed_in.get(path).content.decode()
        assert "alert(1)</script>" not in html
        assert "<img src=x" not in html
        assert "onfocus='x" not in html
        assert ">14<" not in html


def test_a_form_of_a_live_spec_connects_with_the_types_of_its_schema(signed_in, organization, offers, flow_service):
    properties = {"host": {"type": "string"}, "port": {"type": "integer"}, "tls": {"type": "boolean"}}
    way = {"name": "Acme Key", "type": "KeyBased", "spec": {"type": "object", "properties": properties}}
    item = {"id": ID, "version": "2.1", "attributes": {"connectorName": "Acme", "isSource": True}, "authSpec": [way]}
    offers(item)
    flow_service.set_specs([item])
    form = {"auth.params.host": "h", "auth.params.port": "7", "auth.params.tls": "false", "name": "Acme orders"}
    target = str(organization.sandboxes.get(is_default=True).pk)
    answer = signed_in.post(f"/connect/{ID}/", {**form, "target": target, "submission_id": str(uuid.uuid4())})

    assert answer.status_code == 302
    connection = BaseConnection.objects.get()
    assert (connection.auth_spec_name, connection.connection_spec_version) == ("Acme Key", "2.1")
    assert json.dumps(connection.unseal("auth_params")) == '{"host": "h", "port": 7, "tls": false}'
    for path in ("/", "/connections/", f"/connections/?source={ID}", connection.get_absolute_url()):
        assert "Acme orders" in signed_in.get(path).content.decode(), path
    assert "Acme orders" not in signed_in.get("/connections/?source=mysql").content.decode()
    assert (
        f'<option value="{ID}" selected>Acme</option>' in signed_in.get(f"/connections/?source={ID}").content.decode()
    )


def test_another_organization_shows_the_form_of_its_own_catalog(signed_in, organization, offers, filled):
    assert 'name="target" hx-post' not in signed_in.get("/connect/postgres/").content.decode()
    other = Organization.objects.create(name="Other", ims_org_id="B@AdobeOrg", client_id="b", is_practice=True)
    sandbox = other.sandboxes.create(name="prod")
    way = {"name": "Acme Key", "type": "x", "spec": {"properties": {"acmeKey": {"type": "string"}}}}
    postgres = load_catalog().get("postgres")
    document = {**postgres.wire, "authSpec": [way]}
    SpecSync.objects.create(organization=other, finished_at=timezone.now())
    LiveSpec.objects.create(organization=other, spec_id=postgres.id, document=json.dumps(document), label="x")

    assert 'name="target" hx-post' in signed_in.get("/connect/postgres/").content.decode()
    for target, shown in ((str(sandbox.pk), True), (filled()["target"], False)):
        answer = signed_in.post("/connect/postgres/", {"intent": "switch", "target": target})
        assert ('name="auth.params.acmeKey"' in answer.content.decode()) is shown
