"""What is done in the background."""

from wizard.tasks import queue


def measure_later() -> None:
    """Reading what each table holds takes a while where there is much."""
    queue("wizard.retention.measuring.measure")
