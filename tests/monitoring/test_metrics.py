"""What Prometheus gets to read, and who else does not."""

import re
import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.addresses import paths
from tests.conftest import CANARY
from tests.monitoring.reading import samples, value
from wizard.monitoring import beating, numbers
from wizard.monitoring.bounded import Bounded
from wizard.telemetry import metrics
from wizard.work import submitting

REFUSED = {"kind": "status", "match": {"method": "POST", "path": "/connections"}, "status": 400, "code": "1308-400"}
TOKEN = "a-token-of-some-length"
DOCS = Path(__file__).parents[2] / "docs" / "monitoring.md"


def read(**headers: str) -> str:
    answer = Client().get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return answer.text


@pytest.fixture
def counted(transactional_db):
    """How much more a sample is than before."""
    before = read()
    return lambda name, **labels: value(read(), name, **labels) - value(before, name, **labels)


def test_requests_are_counted_by_the_name_of_their_route(counted, connected, signed_in):
    connection = connected()
    signed_in.get(connection.get_absolute_url())
    signed_in.get(f"/connections/{uuid.uuid4()}/")
    for path in ("/no/such/page", f"/{CANARY}", "/another"):
        signed_in.get(path)

    labels = {"route": "connection", "method": "GET"}
    assert counted("wizard_http_requests_total", **labels, status="2xx") == 1
    assert counted("wizard_http_requests_total", **labels, status="4xx") == 1
    assert counted("wizard_http_requests_total", route="unknown", method="GET", status="4xx") == 3
    assert counted("wizard_http_request_duration_seconds_count", route="connection") == 2
    assert "c4nary" not in read()


def test_a_client_makes_up_no_labels(counted, client):
    for number in range(3):
        client.generic(f"M{number}", f"/made/up/{number}")
    assert counted("wizard_http_requests_total", route="unknown", method="other", status="4xx") == 3
    routes = {dict(labels)["route"] for name, labels in samples(read()) if name == "wizard_http_requests_total"}
    assert routes - {"unknown", "static"} <= set(paths())


def test_creates_are_counted_by_outcome_and_calls_by_operation(counted, asked_for, flow_service):
    first, second = asked_for("First"), asked_for("Second")
    submitting.submit(first.pk)
    flow_service.set_faults([REFUSED])
    submitting.submit(second.pk)

    assert counted("wizard_attempts_total", of="create", outcome="connected") == 1
    assert counted("wizard_attempts_total", of="create", outcome="failed") == 1
    assert counted("wizard_flow_service_calls_total", operation="POST /connections", status="201") == 1
    assert counted("wizard_flow_service_calls_total", operation="POST /connections", status="400") == 1
    assert counted("wizard_flow_service_calls_total", operation="POST /ims/token/v3", status="200") == 1
    assert counted("wizard_flow_service_call_duration_seconds_count", operation="POST /connections") == 2


def test_a_create_that_is_rolled_back_is_not_counted(db, asked_for):
    before = metrics.ATTEMPTS.labels("create", "connected")._value.get()
    submitting.submit(asked_for().pk)  # in the test's own transaction, which never commits
    assert metrics.ATTEMPTS.labels("create", "connected")._value.get() == before


def test_what_the_database_knows_is_read_from_there(transactional_db, asked_for):
    beating.beat(uuid.uuid4())
    beating.beat(uuid.uuid4())
    connection = asked_for()
    text = read()
    assert value(text, "wizard_database_up") == 1
    assert value(text, "wizard_workers") == 2
    assert value(text, "wizard_queue_length", of="create") == 1
    assert value(text, "wizard_queue_length", of="change") == 0
    assert value(text, "wizard_queue_oldest_seconds", of="create") > 0
    assert value(text, "wizard_access_tokens", state="never_asked_for") == 1
    assert "wizard_access_token_ends_in_seconds" not in text

    submitting.submit(connection.pk)
    text = read()
    assert value(text, "wizard_queue_length", of="create") == 0
    assert value(text, "wizard_access_tokens", state="fresh") == 1
    assert value(text, "wizard_access_token_ends_in_seconds") > 1000


def test_without_a_database_the_other_numbers_are_there(monkeypatch):
    monkeypatch.setattr(numbers, "_asked", Bounded(lambda: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        Client().get("/metrics")

    def silent() -> None:
        raise TimeoutError

    monkeypatch.setattr(numbers, "_asked", Bounded(silent))
    text = read()
    assert value(text, "wizard_database_up") == 0
    assert "wizard_build_info{" in text
    assert "wizard_workers" not in text


def test_it_names_no_organization_and_no_person(transactional_db, connected, signed_in):
    connection = connected("Alices orders")
    signed_in.get(connection.get_absolute_url())
    text = read()
    organization = connection.organization
    for name in ("Alices", "alice@", organization.ims_org_id, organization.client_id, str(connection.uuid), CANARY):
        assert name not in text


# --- Who may read ---


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_without_a_token_only_this_machine_reads_and_no_proxy_of_it(db, header):
    assert Client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 404
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="::1").get("/metrics").status_code == 200


def test_with_a_token_only_who_has_it_reads(db, settings):
    settings.METRICS_TOKEN = TOKEN
    from_afar = Client(REMOTE_ADDR="203.0.113.9")
    for given in (f"Bearer {TOKEN}", f"bearer {TOKEN}"):
        assert from_afar.get("/metrics", headers={"Authorization": given}).status_code == 200
    for given in ("", TOKEN, f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ", "Bearer é"):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_it_is_not_led_to_tls_where_a_proxy_would_be(db, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, [r"^health/", r"^metrics$"]
    assert Client().get(reverse("metrics")).status_code == 200


# --- The documentation ---


def test_the_documentation_has_every_metric_and_no_other(transactional_db, connected):
    connected()
    served = {re.sub(r"_(bucket|sum|count)$", "", name) for name, _ in samples(read())}
    documented = set(re.findall(r"^\| `(wizard_[a-z_]+)`", DOCS.read_text(), re.MULTILINE))
    assert served == documented
