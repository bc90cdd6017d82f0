"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from django_q.tasks import async_task


def submit_later(pk: int) -> None:
    """Queues the create; inside a transaction it is queued when that commits, and only then."""
    async_task("wizard.connections.sending.submit", pk)


def reconcile_later(pk: int) -> None:
    async_task("wizard.connections.sending.reconcile", pk)


def test_later(pk: int) -> None:
    async_task("wizard.connections.testing.run_test", pk)
