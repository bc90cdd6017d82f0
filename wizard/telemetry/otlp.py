"""Spans by OpenTelemetry's SDK, sent by OTLP over HTTP. Imported only where an endpoint is set."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from multiprocessing.util import Finalize

from opentelemetry.context import Context, attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

Attributes = Mapping[str, str | int]

_lock = threading.Lock()
_made: tuple[int, TracerProvider] | None = None
# The ids of the span that is about to begin; None for random ones.
_wanted: ContextVar[tuple[int, int] | None] = ContextVar("wanted", default=None)
if "service.name" not in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", ""):
    os.environ.setdefault("OTEL_SERVICE_NAME", "connection-wizard")


class _Ids(RandomIdGenerator):
    def generate_trace_id(self) -> int:
        wanted = _wanted.get()
        return wanted[0] if wanted else super().generate_trace_id()

    def generate_span_id(self) -> int:
        wanted = _wanted.get()
        return wanted[1] if wanted else super().generate_span_id()


@contextmanager
def root(name: str, request_id: str) -> Iterator[Callable[[str, Attributes], None]]:
    """The span of a request: its ids are made of the request's, so that a worker can name them, too."""
    token = _wanted.set(_ids_of(request_id))
    try:
        span = _provider().get_tracer("wizard").start_span(name, Context(), SpanKind.SERVER)
    finally:
        _wanted.reset(token)
    with _current(span):
        yield lambda name, attributes: _describe(span, name, attributes)


@contextmanager
def continued(name: str, request_id: str, asked_at: datetime | None, attributes: Attributes) -> Iterator[None]:
    """The span of what a worker does, beneath that of the request, and beside one for the time in the queue."""
    tracer, context = _provider().get_tracer("wizard"), _beneath(request_id)
    if asked_at is not None and request_id:
        tracer.start_span("queued", context, start_time=int(asked_at.timestamp() * 1e9)).end()
    with _current(tracer.start_span(name, context, SpanKind.CONSUMER, dict(attributes))):
        yield


def ended(name: str, milliseconds: int, attributes: Attributes, *, is_bad: bool) -> None:
    """A span of something that has just ended, beneath the one in which it happened."""
    end = time.time_ns()
    tracer = _provider().get_tracer("wizard")
    span = tracer.start_span(name, None, SpanKind.CLIENT, dict(attributes), start_time=end - milliseconds * 1_000_000)
    if is_bad:
        span.set_status(StatusCode.ERROR)
    span.end(end)


@contextmanager
def _current(span: Span) -> Iterator[None]:
    """Of what breaks inside the class alone is told: its words may quote anything."""
    token = attach(set_span_in_context(span))
    try:
        yield
    except BaseException as error:
        span.set_status(StatusCode.ERROR)
        span.set_attribute("error.type", type(error).__name__)
        raise
    finally:
        detach(token)
        span.end()


def _describe(span: Span, name: str, attributes: Attributes) -> None:
    span.update_name(name)
    span.set_attributes(dict(attributes))
    if int(attributes.get("http.response.status_code", 0)) >= 500:
        span.set_status(StatusCode.ERROR)


def _ids_of(request_id: str) -> tuple[int, int] | None:
    """32 hexadecimal digits are as long as the id of a trace; the latter half of them, as that of a span."""
    return (int(request_id, 16), int(request_id[16:], 16)) if len(request_id) == 32 else None


def _beneath(request_id: str) -> Context:
    ids = _ids_of(request_id)
    if ids is None:
        return Context()
    found = _provider().sampler.should_sample(None, ids[0], "request")
    flags = TraceFlags(TraceFlags.SAMPLED if found.decision == Decision.RECORD_AND_SAMPLE else TraceFlags.DEFAULT)
    return set_span_in_context(NonRecordingSpan(SpanContext(*ids, is_remote=True, trace_flags=flags)), Context())


def _provider() -> TracerProvider:
    """Of this process: what sends the spans is a thread, and no fork has its parent's."""
    global _made
    with _lock:
        if _made is None or _made[0] != os.getpid():
            provider = TracerProvider(id_generator=_Ids(), resource=Resource.create(), shutdown_on_exit=False)
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
            # Forks of multiprocessing know nothing of atexit.
            Finalize(None, provider.shutdown, exitpriority=10)
            _made = (os.getpid(), provider)
        return _made[1]


os.register_at_fork(after_in_child=_lock._at_fork_reinit)  # type: ignore[attr-defined]
