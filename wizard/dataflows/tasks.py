"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from django_q.tasks import async_task


def make_later(pk: int) -> None:
    """Queues the create; inside a transaction it is queued when that commits, and only then."""
    async_task("wizard.work.making.make", pk)


def look_for_later(pk: int) -> None:
    async_task("wizard.work.finding.look_for", pk)
