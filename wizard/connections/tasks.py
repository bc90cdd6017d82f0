"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from django_q.tasks import async_task


def submit_later(pk: int) -> None:
    """Queues the create; inside a transaction it is queued when that commits, and only then."""
    async_task("wizard.work.submitting.submit", pk)


def reconcile_later(pk: int) -> None:
    async_task("wizard.work.reconciling.reconcile", pk)


def follow_later(pk: int) -> None:
    async_task("wizard.work.following.follow", pk)


def test_later(pk: int) -> None:
    async_task("wizard.work.testing.run_test", pk)


def change_later(pk: int) -> None:
    async_task("wizard.work.changing.change", pk)
