"""Every documented way to authenticate to every source: shown, refused where something is missing, and connected."""

import uuid

import pytest
from django.test import Client

from tests.catalog.documented_ways import SOURCES, WAYS, DocumentedWay
from wizard.connections.models import BaseConnection
from wizard.connections.statuses import Status
from wizard.emulator.journal import digest
from wizard.work import submitting

PREFIX = "auth.params."


@pytest.fixture
def target(organization):
    return str(organization.sandboxes.get(is_default=True).pk)


def filled_way(way: DocumentedWay, target: str, name: str = "Documented") -> dict[str, str]:
    typed = {PREFIX + field: value for field, value in way.fields.items()}
    fixed = {"submission_id": str(uuid.uuid4()), "intent": "create", "name": name, "description": "", "target": target}
    return {**fixed, "auth.specName": way.key, **typed}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.id)
def test_its_form_shows_every_field(signed_in: Client, target, way):
    answer = signed_in.post(f"/connect/{way.source}/", {"intent": "switch", "auth.specName": way.key})

    html = answer.content.decode()
    assert answer.status_code == 200
    assert way.connection_spec_id in html
    for field in way.fields:
        assert f'name="{PREFIX}{field}"' in html


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.id)
def test_what_is_missing_is_refused_at_its_field(signed_in: Client, target, way):
    for missing in way.required:
        answer = signed_in.post(f"/connect/{way.source}/", {**filled_way(way, target), PREFIX + missing: ""})

        html = answer.content.decode()
        assert answer.status_code == 422, missing
        assert f'id="id_{PREFIX}{missing}_error"' in html
        assert html.count('class="errorlist"') == 1, missing
    assert not BaseConnection.objects.asked_for().exists()


def test_every_way_connects_with_exactly_what_is_documented(signed_in, target, flow_service, capsys):
    for way in WAYS:
        name = f"Documented {way.id}"
        answer = signed_in.post(f"/connect/{way.source}/", filled_way(way, target, name))
        assert answer.status_code == 302, (way.id, answer.content.decode())
        submitting.submit(BaseConnection.objects.get(name=name).pk)
    signed_in.post("/connect/dataset/", {**filled_way(WAYS[0], target, "Lake")})
    submitting.submit(BaseConnection.objects.get(name="Lake").pk)

    connected = BaseConnection.objects.filter(status=Status.CONNECTED)
    sent = {request["body"]["name"]: request["body"] for request in flow_service.requests("POST", "/connections")}
    for way in WAYS:
        assert sent[f"Documented {way.id}"] == documented_body(way), way.id
    numbers = connected.values("source").distinct().count(), connected.exclude(auth_spec_name="").count()
    with capsys.disabled():
        print(f"\n{numbers[0]} sources and {numbers[1]} ways to authenticate are connected.")  # noqa: T201
    assert numbers == (len(SOURCES), len(WAYS)) == (69, 101)


def documented_body(way: DocumentedWay) -> dict:
    """As the local Flow Service notes it: secrets as their digests."""
    auth = {"specName": way.spec_name, "params": hidden(way.params, way.secrets)}
    return {
        "name": f"Documented {way.id}",
        "auth": {**auth, "type": way.auth_type} if way.auth_type else auth,
        "connectionSpec": {"id": way.connection_spec_id, "version": "1.0"},
        **({"providerId": way.provider_id} if way.provider_id else {}),
    }


def hidden(params: dict, secrets: tuple[str, ...]) -> dict:
    """An object that holds a secret is noted as the digest of all of it."""
    names = {secret.partition(".")[0] for secret in secrets}
    return {name: digest(value) if name in names else value for name, value in params.items()}
