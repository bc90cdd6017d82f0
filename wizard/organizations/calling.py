"""What is told of every call to Adobe, whoever makes it: it is counted, and stands in the trace."""

from wizard.flow_service.http import Exchange
from wizard.telemetry import metrics, spans


def note_call(exchange: Exchange) -> None:
    """Never raises."""
    call = exchange.method, exchange.path, exchange.status, exchange.outcome
    metrics.count_call(*call, exchange.milliseconds / 1000)
    spans.call(*call, exchange.milliseconds, exchange.request_id)
