"""What stands on /metrics, as Prometheus reads it."""

from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, frozenset[tuple[str, str]]]


def samples(text: str) -> dict[Sample, float]:
    """(name, labels) -> value."""
    families = text_string_to_metric_families(text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def value(text: str, name: str, **labels: str) -> float:
    """Of one sample; 0 where it is not there yet."""
    return samples(text).get((name, frozenset(labels.items())), 0.0)
