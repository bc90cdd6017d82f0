"""Watched from outside: real web servers, workers and forks, with a collector that takes their traces."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.canaries import canary, spellings
from tests.monitoring.collector import Collector, attributes, running_collector
from tests.monitoring.reading import value
from tests.start.running import House, free_port, process_table, sign_in_first
from tests.story.running import Wizard, connections_of, running, submit, wait_for
from wizard.management.commands.work import SHORT_LIFE

SECRET, TOKEN = canary(7), "a-token-for-prometheus"
PART = "auth.params.connectionString."
TYPED = {"SERVER": "db.example.com", "PORT": "5432", "DATABASE": "shop", "USERNAME": "reader", "PASSWORD": SECRET}


class Watched(Wizard):
    """With all that watches it turned on."""

    def __init__(self, data_dir: Path, collector: Collector) -> None:
        self.metrics_port = free_port()
        watching = {"LOG_FORMAT": "json", "METRICS_TOKEN": TOKEN, "METRICS_PORT": str(self.metrics_port)}
        traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        super().__init__(data_dir, **watching, **traces)

    def metrics(self, port: int | None = None) -> str:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.get(f"http://127.0.0.1:{port or self.port}/metrics", headers=headers, timeout=10)
        assert answer.status_code == 200
        return answer.text

    def lines(self) -> list[dict[str, object]]:
        """The log, but for the local Flow Service and for the line that a person reads."""
        said = (self.data_dir / "output.log").read_text().splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]


@contextmanager
def watched(directory: Path) -> Iterator[tuple[Watched, requests.Session, Collector]]:
    """Somebody has signed in, and has a connection."""
    with running_collector() as collector, running(Watched(directory, collector)) as wizard:
        browser = requests.Session()
        sign_in_first(browser, wizard.link)
        create(wizard, browser, "Orders")
        yield wizard, browser, collector


def create(wizard: Watched, browser: requests.Session, name: str) -> None:
    submit(wizard, browser, "postgres", {"name": name, "description": "", **{PART + k: v for k, v in TYPED.items()}})
    wait_for(lambda: connections_of(wizard).get(name) == "connected", f"{name} to be connected")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Watched, requests.Session, Collector]]:
    with watched(tmp_path_factory.mktemp("watched") / "data") as found:
        wait_for(lambda: found[2].named("follow"), "the trace to come to its end")
        yield found


def created(wizard: Watched) -> dict[str, object]:
    return next(line for line in wizard.lines() if line.get("event") == "create")


def test_a_web_server_shows_what_the_workers_beside_it_have_done(seen):
    wizard, _, _ = seen
    for text in (wizard.metrics(), wizard.metrics(wizard.metrics_port)):
        assert value(text, "wizard_attempts_total", of="create", outcome="connected") >= 1
        assert value(text, "wizard_flow_service_calls_total", operation="POST /connections", status="201") >= 1
        assert value(text, "wizard_http_requests_total", route="connect", method="POST", status="3xx") >= 1
        assert value(text, "wizard_workers") == 1


def test_the_worker_shows_nothing_else_and_that_to_nobody_else(seen):
    url = f"http://127.0.0.1:{seen[0].metrics_port}"
    assert requests.get(f"{url}/metrics", timeout=10).status_code == 404
    assert requests.get(f"{url}/", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10).status_code == 404
    assert requests.post(f"{url}/metrics", timeout=10).status_code == 501


def test_all_is_well(seen):
    answer = requests.get(f"{seen[0].url}/health/ready?all=1", timeout=10)
    assert (answer.status_code, answer.json()["token"]) == (200, {"ok": True, "reason": "fresh"})


def test_the_id_of_the_request_reaches_adobe_and_stands_in_every_line(seen):
    wizard, _, _ = seen
    line = created(wizard)
    calls = [entry for entry in wizard.emulator().requests() if entry["path"].endswith("/connections")]
    sent = next(entry["request_id"] for entry in calls if entry["method"] == "POST")
    assert re.fullmatch(rf"{line['request_id']}-[0-9a-f]{{4}}", sent)
    assert line["flow_service_request_id"] == sent
    (post,) = [line for line in wizard.lines() if line.get("route") == "connect" and line.get("method") == "POST"][:1]
    assert post["request_id"] == line["request_id"]


def test_one_trace_goes_from_the_request_through_the_worker_to_each_call(seen):
    wizard, _, collector = seen
    line = created(wizard)
    trace = [span for span in collector.spans if span.trace_id.hex() == line["request_id"]]
    by_name = {span.name: span for span in trace}
    assert set(by_name) == {"POST connect", "queued", "create", "follow", "POST /connections", "GET /connections/{id}"}

    request = by_name["POST connect"]
    assert not request.parent_span_id
    assert request.kind == Span.SPAN_KIND_SERVER
    for name in ("queued", "create", "follow"):
        assert by_name[name].parent_span_id == request.span_id
    assert by_name["POST /connections"].parent_span_id == by_name["create"].span_id
    assert by_name["GET /connections/{id}"].parent_span_id == by_name["follow"].span_id
    assert attributes(by_name["create"]) == {"wizard.connection": line["connection"]}
    assert attributes(by_name["POST /connections"]) == {
        "http.request.method": "POST",
        "http.response.status_code": 201,
        "wizard.call_id": line["flow_service_request_id"],
    }


def test_no_secret_stands_in_log_numbers_or_traces(seen):
    wizard, browser, collector = seen
    browser.get(f"{wizard.url}/connections/", params={"q": SECRET}, timeout=10)
    browser.get(f"{wizard.url}/join/{'invitation' * 3}/", timeout=10)
    found = {
        "log": (wizard.data_dir / "output.log").read_text().partition("is ready")[2].partition("\n")[2],
        "numbers": wizard.metrics() + wizard.metrics(wizard.metrics_port),
        "traces": b"".join(collector.raw).decode(errors="replace"),
        "health": requests.get(f"{wizard.url}/health/ready?all=1", timeout=10).text,
    }
    secrets = {*spellings(SECRET), TOKEN, "invitation" * 3, wizard.link.split("/")[-2]}
    secrets |= {(wizard.data_dir / name).read_text().strip() for name in ("secret_key", "credential_keys")}
    assert all(len(text) > 100 for text in found.values())
    assert {name for name, text in found.items() if any(secret in text for secret in secrets)} == set()


def test_what_dies_is_added_up_and_shown_no_more(tmp_path):
    with watched(tmp_path / "data") as (wizard, browser, collector):
        before = wizard.metrics()
        wait_for(lambda: time.monotonic() - wizard.started_at > SHORT_LIFE + 1, "a cluster that is worth another one")
        former = forks_of(wizard)
        for pid in former:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len(forks_of(wizard) - former) > 3, "another cluster")
        create(wizard, browser, "After the kill")
        wait_for(lambda: len(collector.named("create")) == 2, "a trace of the new cluster")
        text = wizard.metrics()
        assert value(text, "wizard_attempts_total", of="create", outcome="connected") == 2
        alive = {str(pid) for pid in process_table()}
        files = {path.stem.rpartition("_")[2] for path in wizard.data_dir.glob("metrics/*/*.db")}
        assert files <= {*alive, "0"}
        assert value(text, "wizard_http_requests_total", route="connect", method="POST", status="3xx") == 2
        assert value(before, "wizard_attempts_total", of="create", outcome="connected") == 1


def forks_of(wizard: Watched) -> set[int]:
    """Of the worker: its cluster, which guards the processes that do the tasks, and those."""
    table = process_table()
    works = {pid: parent for pid, (parent, line) in table.items() if "manage.py work" in line and pid in wizard.family}
    # The eldest: others may have lost their parents a moment ago.
    main = min(pid for pid, parent in works.items() if parent not in works)
    of_main = {pid for pid, (parent, _) in table.items() if parent == main}
    of_cluster = {pid: parent for pid, (parent, _) in table.items() if parent in of_main}
    return {*of_cluster, *of_cluster.values()}


def test_a_worker_that_stops_on_purpose_is_not_missed(tmp_path):
    house = House(tmp_path / "data")
    assert house.run("prepare")[0] == 0
    with working(house) as worker:
        url = f"http://127.0.0.1:{house.port}/metrics"
        wait_for(lambda: value(asked(url), "wizard_workers") == 1, "its sign of life")
        taken = house.run("work", METRICS_PORT=str(house.port))
        assert taken[0] == 1
        assert f"METRICS_PORT: cannot listen on 127.0.0.1, port {house.port}: Address already in use." in taken[1]
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
    with working(house):
        wait_for(lambda: value(asked(url), "wizard_workers") == 1, "the next one, which is the only one")


@contextmanager
def working(house: House) -> Iterator[subprocess.Popen[str]]:
    with house.popen("work", METRICS_PORT=str(house.port)) as worker:
        try:
            yield worker
        finally:
            worker.terminate()


def asked(url: str) -> str:
    try:
        return requests.get(url, timeout=10).text
    except requests.ConnectionError:
        return ""


def test_traces_without_their_packages_are_refused_in_a_sentence(tmp_path):
    """Where a module of that name does not open, it is as if it were not there."""
    without = tmp_path / "sitecustomize.py"
    without.write_text("import sys\nsys.modules['opentelemetry.exporter'] = None\n")
    house = House(tmp_path / "data", PYTHONPATH=str(tmp_path))
    code, said = house.run("check", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318")
    assert code == 1
    assert "asks for traces, and their packages are not installed" in said
    assert "Traceback" not in said
    assert house.run("check")[0] == 0


def test_without_an_endpoint_nothing_of_opentelemetry_is_loaded(tmp_path):
    code = "import sys, wizard.wsgi; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    house = House(tmp_path / "data")
    assert house.run("prepare")[0] == 0
    assert house.run("shell", "--no-imports", "-c", code) == (0, "[]\n")
