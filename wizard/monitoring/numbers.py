"""The numbers that /metrics shows: what the processes of this machine have counted, and what the database says."""

import platform
import tomllib
from collections.abc import Iterable, Iterator

import django
from django.conf import settings
from django.db import DatabaseError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from wizard.monitoring import condition
from wizard.monitoring.bounded import Bounded
from wizard.telemetry import files

PATIENCE = 2.5  # seconds
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition() -> bytes:
    """In the text format of Prometheus. Without a database what comes from there is missing, and it says so."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Given([*_counted(), _build(), *_from_database()]))
    return generate_latest(registry)


class _Given(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _counted() -> list[Metric]:
    try:
        return files.collected()
    except OSError:
        return []


def _build() -> Metric:
    words = {"version": _version(), "python": platform.python_version(), "django": django.get_version()}
    return InfoMetricFamily("wizard_build", "What runs here.", value=words)


def _version() -> str:
    try:
        with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "unknown"


def _from_database() -> list[Metric]:
    try:
        found = _asked.answer(PATIENCE)
    except (DatabaseError, TimeoutError):
        found = []
    answers = GaugeMetricFamily("wizard_database_up", "1 where the database answers in time.", value=bool(found))
    return [answers, *found]


def _ask() -> list[Metric]:
    workers = GaugeMetricFamily("wizard_workers", "Workers alive, on all machines.", value=condition.workers())
    length = GaugeMetricFamily("wizard_queue_length", "What waits for a worker now, by what it is.", labels=["of"])
    age = GaugeMetricFamily("wizard_queue_oldest_seconds", "How long the oldest of them has waited.", labels=["of"])
    for of, waiting in condition.waiting().items():
        length.add_metric([of], waiting.number)
        age.add_metric([of], waiting.seconds)
    return [workers, length, age, *_tokens()]


def _tokens() -> Iterator[Metric]:
    tokens = condition.tokens()
    states = GaugeMetricFamily(
        "wizard_access_tokens", "Organizations, by the state of their access token.", labels=["state"]
    )
    for state, number in tokens.numbers.items():
        states.add_metric([state], number)
    yield states
    if tokens.ends_in is not None:
        words = "Seconds to the end of the access token that ends first; it is renewed by whoever needs it."
        yield GaugeMetricFamily("wizard_access_token_ends_in_seconds", words, value=tokens.ends_in)


_asked = Bounded(_ask)
