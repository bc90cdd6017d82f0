"""Whatever an organization's catalog says, the pages stand: no foreign JSON makes a server error."""

import json
import re
import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from tests.json_schema.test_sanitising import ANYTHING
from wizard.catalog import live
from wizard.catalog.loader import load_catalog
from wizard.connections.models import BaseConnection
from wizard.credentials.params import asked
from wizard.organizations.models import Organization
from wizard.sources.models import LiveSpec, SpecSync
from wizard.sources.offered import connection_spec
from wizard.work import submitting

TYPED = st.sampled_from(["", "7", "true", "0.3", "2030-01-31", "[]", '["\\ud800"]', "{}", "x", "9" * 400, "[" * 950])
ID = "11111111-2222-4333-8444-555555555555"
# Rules as somebody would write them, with now and then something that nobody would.
RULES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "hologram"]) | ANYTHING,
        "format": st.sampled_from(["password", "date", "uri"]) | ANYTHING,
        "title": st.text(max_size=9) | ANYTHING,
        "description": st.text(max_size=9) | ANYTHING,
        "enum": st.lists(st.text(max_size=4) | st.integers() | st.booleans(), max_size=6) | ANYTHING,
        "default": st.text(max_size=4) | st.integers() | st.booleans() | ANYTHING,
        "minimum": st.integers() | ANYTHING,
        "maximum": st.integers() | ANYTHING,
        "multipleOf": st.floats(0.1, 10) | ANYTHING,
        "pattern": st.sampled_from(["^a+$", "(", "(?=x)"]) | ANYTHING,
        "maxLength": st.integers(0, 9) | ANYTHING,
        "items": st.just({"type": "string"}) | ANYTHING,
        "uiAttributes": st.just({"hidden": True}) | ANYTHING,
        "oneOf": st.lists(st.fixed_dictionaries({"const": st.integers(), "title": st.text(max_size=4)})) | ANYTHING,
    },
)
NAMES = st.sampled_from(["host", "password", "asked", "auth_spec", "__doc__", "clean", "a.b", "a,b", "name", "é"])
PROPERTIES = st.dictionaries(NAMES | st.text(max_size=6), RULES, min_size=1, max_size=5)


def with_branches(properties: st.SearchStrategy) -> st.SearchStrategy:
    required = st.lists(NAMES, max_size=3) | ANYTHING
    branch = st.fixed_dictionaries({}, optional={"properties": properties, "required": required})
    branches = {"oneOf": st.lists(branch, max_size=3), "allOf": st.lists(branch, max_size=2), "if": branch}
    return st.fixed_dictionaries(
        {"properties": properties}, optional={"required": required, "then": branch, "else": branch, **branches}
    )


NESTED = st.dictionaries(NAMES, RULES | with_branches(PROPERTIES), min_size=1, max_size=3)
WAYS = st.lists(
    st.fixed_dictionaries({"name": st.text("abc", min_size=1, max_size=3), "spec": with_branches(PROPERTIES | NESTED)}),
    min_size=1,
    max_size=3,
)
SPECS = st.fixed_dictionaries(
    {"id": st.just(ID), "version": st.just("1.0"), "authSpec": WAYS | WAYS.map(lambda ways: ways[::-1]) | ANYTHING},
    optional={"name": ANYTHING, "attributes": ANYTHING, "sourceSpec": ANYTHING},
)


@pytest.fixture
def offers(organization):
    """Keeps one item as if the organization's catalog had it."""
    SpecSync.objects.create(organization=organization, finished_at=timezone.now())

    def keep(item):
        LiveSpec.objects.filter(organization=organization).delete()
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
@given(item=SPECS, data=st.data())
def test_no_live_spec_makes_a_server_error(signed_in, organization, offers, item, data):
    offers(item)
    path = f"/connect/{ID}/"
    for page in ("/connect/", "/connect/?q=a", "/", "/connections/", f"/organizations/{organization.uuid}/specs/"):
        assert signed_in.get(page).status_code == 200, page
    assert signed_in.get(path).status_code == 200
    spec = connection_spec(organization, ID)
    for way in spec.auth_specs if spec else ():
        fields = [f"auth.params.{field.name}" for field in asked(way)]
        event("fields" if fields else "no fields")
        typed = {name: data.draw(TYPED) for name in fields}
        form = {"name": str(uuid.uuid4()), "submission_id": str(uuid.uuid4()), "auth.specName": way.key, **typed}
        for intent in ("create", "preview", "switch", "paste"):
            answer = signed_in.post(path, {**form, "intent": intent, "pasted": "a=1"})
            assert answer.status_code in (200, 302, 422)
            if answer.status_code == 302:
                assert signed_in.get(answer["Location"]).status_code == 200


def test_those_live_specs_have_forms_with_fields():
    """Else the test above would try nothing."""
    seen = []

    @settings(max_examples=60, database=None, phases=[Phase.generate])
    @given(item=SPECS)
    def look(item):
        if not live.fault_of(item):
            seen.extend(field for way in live.connection_spec(item, ()).auth_specs for field in asked(way))

    look()
    assert len(seen) > 30


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
    assert json.dumps(connection.unseal("auth_params").open()) == '{"host": "h", "port": 7, "tls": false}'
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


def spec_with(*ways):
    schema = {"properties": {"host": {"type": "string"}, "pin": {"type": "string", "format": "password"}}}
    ways = [{"name": name, "type": "x", "spec": schema} for name in ways]
    attributes = {"connectorName": "Acme", "isSource": True}
    return {"id": ID, "version": "1.0", "attributes": attributes, "authSpec": ways}


@pytest.fixture
def acme(organization):
    return {
        "auth.specName": "b",
        "shown.specName": "b",
        "auth.params.host": "acme.example.com",
        "auth.params.pin": "p1n-canary",
        "name": "Acme",
        "target": str(organization.sandboxes.get(is_default=True).pk),
        "submission_id": str(uuid.uuid4()),
    }


def test_a_way_that_has_gone_is_not_replaced_by_another_one(signed_in, offers, acme):
    offers(spec_with("A"))
    answer = signed_in.post(f"/connect/{ID}/", acme)

    html = answer.content.decode()
    assert "no longer has the authentication type" in html
    assert 'value="acme.example.com"' in html
    assert not BaseConnection.objects.asked_for().exists()


def test_the_request_of_a_connection_is_the_one_that_was_made(signed_in, offers, acme):
    offers(spec_with("A", "B"))
    assert signed_in.post(f"/connect/{ID}/", acme).status_code == 302
    path = BaseConnection.objects.get().get_absolute_url()
    for later in ({**spec_with("B", "A"), "version": "2.0"}, spec_with("A")):
        offers(later)
        html = signed_in.get(path).content.decode()
        assert "&quot;specName&quot;: &quot;A&quot;" not in html
        assert "&quot;version&quot;: &quot;2.0&quot;" not in html


def test_an_error_repeats_no_secret_whatever_its_name(signed_in, offers, acme, flow_service):
    offers(spec_with("A", "B"))
    flow_service.set_specs([spec_with("A", "B")])
    match = {"method": "POST", "path": "/connections"}
    message = "login failed for pin p1n-canary at acme.example.com"
    flow_service.set_faults([{"kind": "status", "match": match, "status": 400, "code": "1308-400", "message": message}])
    signed_in.post(f"/connect/{ID}/", acme)
    connection = BaseConnection.objects.get()
    submitting.submit(connection.pk)

    connection.refresh_from_db()
    assert connection.error_message == "login failed for pin [hidden] at acme.example.com"
    assert "p1n-canary" not in signed_in.get(connection.get_absolute_url()).content.decode()


def test_a_broken_live_spec_of_a_known_source_says_so(signed_in, organization, offers):
    sftp = load_catalog().get("sftp")
    offers({**sftp.wire, "authSpec": "broken"})
    answer = signed_in.get("/connect/sftp/")

    assert answer.status_code == 200
    assert "No form can be made of this source" in answer.content.decode()
    assert signed_in.post("/connect/sftp/", {"intent": "create"}).status_code == 422


def test_what_one_way_calls_a_secret_no_other_way_carries_along(signed_in, offers, acme):
    plain = {"properties": {"host": {"type": "string"}, "pin": {"type": "string"}}}
    item = spec_with("A", "B")
    offers({**item, "authSpec": [*item["authSpec"], {"name": "C", "type": "x", "spec": plain}]})
    for way, intent in (("b", "create"), ("b", "switch"), ("c", "switch")):
        answer = signed_in.post(f"/connect/{ID}/", {**acme, "auth.specName": way, "intent": intent, "name": ""})
        assert "p1n-canary" not in answer.content.decode()


def test_the_only_way_is_not_replaced_by_another_only_way(signed_in, offers, acme):
    offers(spec_with("A"))
    html = signed_in.get(f"/connect/{ID}/").content.decode()
    page = {**acme, **dict(re.findall(r'name="(shown\.\w+)" value="([^"]*)"', html))}
    del page["auth.specName"]
    open_spec = spec_with("Other")
    open_spec["authSpec"][0]["spec"]["properties"]["pin"] = {"type": "string"}
    offers(open_spec)
    answer = signed_in.post(f"/connect/{ID}/", page)

    assert "no longer has the authentication type" in answer.content.decode()
    assert "p1n-canary" not in answer.content.decode()
    assert not BaseConnection.objects.asked_for().exists()


def test_what_was_typed_as_a_secret_is_none_that_the_catalog_shows_later(signed_in, offers, acme):
    offers(spec_with("A", "B"))
    html = signed_in.post(f"/connect/{ID}/", {**acme, "intent": "switch"}).content.decode()
    page = {**acme, **dict(re.findall(r'name="(shown\.\w+)" value="([^"]*)"', html))}
    assert page["shown.secrets"] == "pin"
    changed = spec_with("A", "B")
    changed["authSpec"][1]["spec"] = {"properties": {"host": {"type": "string"}, "pin": {"type": "string"}}}
    offers(changed)
    answer = signed_in.post(f"/connect/{ID}/", page)

    assert "asks for other secrets now" in answer.content.decode()
    assert "p1n-canary" not in answer.content.decode()
    assert not BaseConnection.objects.asked_for().exists()
