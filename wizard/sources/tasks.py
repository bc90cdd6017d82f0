"""What is done in the background. Tasks take ids only, and are safe to run twice."""

from django_q.tasks import async_task


def sync_later(organization_pk: int) -> None:
    """Queues the reading; inside a transaction it is queued when that commits, and only then."""
    async_task("wizard.sources.sync.sync_organization", organization_pk)
