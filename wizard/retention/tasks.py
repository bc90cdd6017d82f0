"""What is done in the background."""

from django_q.tasks import async_task


def measure_later() -> None:
    """Reading what each table holds takes a while where there is much."""
    async_task("wizard.retention.measuring.measure")
